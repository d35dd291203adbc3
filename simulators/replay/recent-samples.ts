import type { Sample } from '../../contract/sample.ts';

/** Duplicates stand near each other, also where a clock is set back: an hour of 500 series, each 10 s, is within it. */
const MAX_REMEMBERED = 200_000;

export interface Place {
  readonly file: string;
  readonly line: number;
}

interface Seen extends Place {
  readonly fields: string;
}

/** The last 200,000 samples of a replay, of all its files, by series and time. */
export class RecentSamples {
  readonly #seen = new Map<string, Seen>();

  /** The one of the same series and time; undefined: there was none, and this one is remembered. */
  earlier(
    { measurement, tags, fields, timeMs }: Sample,
    { file, line }: Place,
  ): (Place & { readonly differs: boolean }) | undefined {
    const key = `${timeMs} ${measurement} ${JSON.stringify(tags)}`;
    const text = JSON.stringify(fields);
    const known = this.#seen.get(key);
    if (known !== undefined) return { file: known.file, line: known.line, differs: known.fields !== text };
    this.#seen.set(key, { file, line, fields: text });
    if (this.#seen.size > MAX_REMEMBERED) {
      const [oldest = ''] = this.#seen.keys();
      this.#seen.delete(oldest);
    }
    return undefined;
  }
}

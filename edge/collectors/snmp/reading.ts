import type { FieldValue } from '../../../contract/sample.ts';

/** A sample without its time, the agent's common tags and the tag `device`. */
export interface Reading {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Readings of one table, and the error if some are missing. */
export interface TableResult {
  readonly readings: readonly Reading[];
  readonly error?: Error | undefined;
}

type Optional = Readonly<Record<string, FieldValue | undefined>>;

/** Only the fields that have a value. */
export function presentFields(fields: Optional): Record<string, FieldValue> {
  const present: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
    present[name] = value;
  }
  return present;
}

/** Rows with the same text must not share a series: the second and later ones get their row index. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  /** `beside`: what else tells series apart. */
  name(text: string, index: string, beside = ''): string {
    const name = this.#taken.has(text + beside) ? `${text} #${index}` : text;
    this.#taken.add(name + beside);
    return name;
  }
}

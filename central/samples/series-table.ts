import type { KnownSeries } from './known-series.ts';

type Tags = readonly (string | undefined)[];

/** More series of one number than chance ever makes: whoever sends them chose their texts. */
const MOST_ALIKE = 8;

/**
 * Series by measurement and tags. What tells them apart is in the series already: a text of it as the key of a map would be a tenth of all
 * that is kept of a series, so that the key is a number made from it, and series with the same number are linked: a few; any more have a text as their key.
 */
export class SeriesTable {
  readonly #first = new Map<number, KnownSeries>();
  readonly #crowded = new Map<string, KnownSeries>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(measurement: string, tags: Tags): KnownSeries | undefined {
    let known = this.#first.get(hashOf(measurement, tags));
    while (known !== undefined && !isOf(known, measurement, tags)) known = known.alike;
    return known ?? (this.#crowded.size === 0 ? undefined : this.#crowded.get(textOf(measurement, tags)));
  }

  /** It must not be in a table. */
  add(series: KnownSeries): void {
    const hash = hashOf(series.measurement, series.tags);
    const first = this.#first.get(hash);
    if (isCrowded(first)) {
      this.#crowded.set(textOf(series.measurement, series.tags), series);
    } else {
      series.alike = first;
      this.#first.set(hash, series);
    }
    this.#size++;
  }

  /** False: it is not in this one. */
  delete(series: KnownSeries): boolean {
    const hash = hashOf(series.measurement, series.tags);
    const first = this.#first.get(hash);
    if (first === series) {
      if (series.alike === undefined) this.#first.delete(hash);
      else this.#first.set(hash, series.alike);
    } else {
      let before = first;
      while (before !== undefined && before.alike !== series) before = before.alike;
      if (before === undefined) return this.#deleteCrowded(series);
      before.alike = series.alike;
    }
    series.alike = undefined;
    this.#size--;
    return true;
  }

  /** None may be added or deleted meanwhile. */
  *values(): Iterable<KnownSeries> {
    for (const first of this.#first.values())
      for (let known: KnownSeries | undefined = first; known !== undefined; known = known.alike) yield known;
    yield* this.#crowded.values();
  }

  #deleteCrowded(series: KnownSeries): boolean {
    const text = textOf(series.measurement, series.tags);
    if (this.#crowded.get(text) !== series) return false;
    this.#crowded.delete(text);
    this.#size--;
    return true;
  }
}

function isCrowded(first: KnownSeries | undefined): boolean {
  let alike = 0;
  for (let known = first; known !== undefined; known = known.alike) alike++;
  return alike >= MOST_ALIKE;
}

function textOf(measurement: string, tags: Tags): string {
  return JSON.stringify([measurement, ...tags]);
}

function isOf(series: KnownSeries, measurement: string, tags: Tags): boolean {
  if (series.measurement !== measurement || series.tags.length !== tags.length) return false;
  for (let at = 0; at < tags.length; at++) if (series.tags[at] !== tags[at]) return false;
  return true;
}

/** FNV-1a over the UTF-16 units, 32 bits. */
function hashOf(measurement: string, tags: Tags): number {
  let hash = mixed(-2_128_831_035, measurement);
  for (let at = 0; at < tags.length; at++) hash = mixed(Math.imul(hash ^ 0xffff, 16_777_619), tags[at] ?? '');
  return hash;
}

function mixed(start: number, text: string): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash;
}

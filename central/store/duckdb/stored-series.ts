import type { Series } from '../../samples/series.ts';

/** What the store remembers of a series. */
export interface StoredSeries {
  readonly series: Series;
  /** Why none of its rows can be stored. */
  readonly problem: string | undefined;
  newest: NewestTime | undefined;
}

export interface NewestTime {
  readonly of: object;
  timeMs: number;
}

/**
 * Remembers the newest stored time of each series of one measurement. A newer row cannot be stored already, so it needs no lookup
 * in the table. Bounded: when full it forgets the series and assumes that all of them are stored up to the newest time of all.
 */
export class NewestTimes {
  readonly #maxSeries: number;
  /** Two `Series` objects may be the same series: the registry forgets, and rows come again. */
  readonly #byTags = new Map<string, NewestTime>();
  /** What was remembered for another one counts no more. */
  #generation = {};
  #floorMs: number;
  #newestMs: number;

  /** `storedUpToMs`: newest time in the table when it was opened. */
  constructor(storedUpToMs: number, maxSeries: number) {
    this.#floorMs = storedUpToMs;
    this.#newestMs = storedUpToMs;
    this.#maxSeries = maxSeries;
  }

  /**
   * True when nothing of this series was stored at this time or later; the time then counts as stored. `tagsOf` tells the series
   * from the others of the measurement.
   */
  advance(stored: StoredSeries, timeMs: number, tagsOf: (series: Series) => string): boolean {
    let newest = stored.newest;
    if (newest?.of !== this.#generation) {
      newest = this.#find(tagsOf(stored.series));
      stored.newest = newest;
    }
    if (timeMs <= newest.timeMs) return false;
    newest.timeMs = timeMs;
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    return true;
  }

  #find(tags: string): NewestTime {
    const known = this.#byTags.get(tags);
    if (known !== undefined) return known;
    if (this.#byTags.size >= this.#maxSeries) {
      this.#byTags.clear();
      this.#floorMs = this.#newestMs;
      this.#generation = {};
    }
    const newest = { of: this.#generation, timeMs: this.#floorMs };
    this.#byTags.set(tags, newest);
    return newest;
  }
}

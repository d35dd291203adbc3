/**
 * Remembers the newest stored time of each series. A row newer than that cannot be stored already, so it needs no look
 * into the table. Bounded: when full it forgets the series and treats all of them as known up to the newest time of all.
 */
export class NewestTimes {
  readonly #maxSeries: number;
  readonly #bySeries = new Map<string, number>();
  #floorMs: number;
  #newestMs: number;

  /** `storedUpToMs`: newest time in the table when it was opened. */
  constructor(storedUpToMs: number, maxSeries: number) {
    this.#floorMs = storedUpToMs;
    this.#newestMs = storedUpToMs;
    this.#maxSeries = maxSeries;
  }

  /** True when nothing of this series was stored at this time or later; from then on the time counts as stored. */
  advance(series: string, timeMs: number): boolean {
    if (timeMs <= (this.#bySeries.get(series) ?? this.#floorMs)) return false;
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    if (this.#bySeries.size >= this.#maxSeries && !this.#bySeries.has(series)) {
      this.#bySeries.clear();
      this.#floorMs = this.#newestMs;
      return true;
    }
    this.#bySeries.set(series, timeMs);
    return true;
  }
}

/**
 * What identifies a stream of rows: a measurement and its tags. There is one object of it for as long as the registry
 * remembers it, so that what a part of central finds out about a series is found out once: see `SeriesNote`.
 */
export class Series {
  readonly measurement: string;
  /** In the order of the tables' `tags`; undefined: the row has no such tag. */
  readonly tags: readonly (string | undefined)[];

  constructor(measurement: string, tags: readonly (string | undefined)[]) {
    this.measurement = measurement;
    this.tags = tags;
  }
}

/** What one part of central keeps with each series. It is forgotten with the series. */
export class SeriesNote<T> {
  readonly #key: symbol;

  constructor(name: string) {
    this.#key = Symbol(name);
  }

  /** undefined: nothing was kept yet. */
  of(series: Series): T | undefined {
    return (series as unknown as Record<symbol, T | undefined>)[this.#key];
  }

  set(series: Series, note: T): void {
    (series as unknown as Record<symbol, T | undefined>)[this.#key] = note;
  }
}

/**
 * What identifies a stream of rows: a measurement and its tags. There is one object of it for as long as the registry
 * remembers it, so that what a part of central finds out about a series is found out once: see `seriesNote`.
 */
export class Series {
  readonly measurement: string;
  /** In the order of the tables' `tags`; undefined: the row has no such tag. */
  readonly tags: readonly (string | undefined)[];
  /** False: it is of a device that the inventory lacks. It is stored and shown, and raises no alert. Changes with the inventory. */
  isExpected: boolean;

  constructor(measurement: string, tags: readonly (string | undefined)[], isExpected = true) {
    this.measurement = measurement;
    this.tags = tags;
    this.isExpected = isExpected;
  }
}

/** What one part of central keeps with each series. It is forgotten with the series. */
export interface SeriesNote<T> {
  /** undefined: nothing was kept yet. */
  of(series: Series): T | undefined;
  set(series: Series, note: T): void;
}

/** A function of its own for each note, not methods of a class: V8 then knows where in the object each of them looks. */
export function seriesNote<T>(name: string): SeriesNote<T> {
  const key = Symbol(name);
  type Noted = Record<symbol, T | undefined>;
  return {
    of: (series) => (series as unknown as Noted)[key],
    set: (series, note) => {
      (series as unknown as Noted)[key] = note;
    },
  };
}

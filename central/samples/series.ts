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
  /**
   * What nearly every series has, by the name of its note. Fields from the start: as long as all series look alike, V8 reads them where they
   * lie, and a field that comes later would be one of another object.
   */
  latestRows: unknown = undefined;
  latestRow: unknown = undefined;
  evidence: unknown = undefined;
  sighting: unknown = undefined;
  stored: unknown = undefined;
  /** What few series have; apart, so that these look like all others. */
  rare: Record<symbol, unknown> | undefined = undefined;

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

/** Functions of its own for each: V8 then knows where in the object each of them looks. */
const USUAL = {
  latestRows: {
    of: (series: Series) => series.latestRows,
    set: (series: Series, note: unknown) => (series.latestRows = note),
  },
  latestRow: {
    of: (series: Series) => series.latestRow,
    set: (series: Series, note: unknown) => (series.latestRow = note),
  },
  evidence: {
    of: (series: Series) => series.evidence,
    set: (series: Series, note: unknown) => (series.evidence = note),
  },
  sighting: {
    of: (series: Series) => series.sighting,
    set: (series: Series, note: unknown) => (series.sighting = note),
  },
  stored: {
    of: (series: Series) => series.stored,
    set: (series: Series, note: unknown) => (series.stored = note),
  },
} as const;

/** A note that nearly every series has. One part of central keeps each of them, and there is one such part for a registry. */
export function usualNote<T>(name: keyof typeof USUAL): SeriesNote<T> {
  return USUAL[name] as SeriesNote<T>;
}

/** A note that few series have. Whoever makes one has it alone, whatever its name. */
export function seriesNote<T>(name: string): SeriesNote<T> {
  const key = Symbol(name);
  return {
    of: (series) => series.rare?.[key] as T | undefined,
    set: (series, note) => {
      (series.rare ??= {})[key] = note;
    },
  };
}

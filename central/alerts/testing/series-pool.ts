import { Series } from '../../samples/series.ts';

/** One object for each series, as the registry gives them: for what remembers something of a series. */
export class SeriesPool {
  readonly #series = new Map<string, Series>();

  of(measurement: string, tags: readonly (string | undefined)[], isExpected = true): Series {
    const key = JSON.stringify([measurement, ...tags]);
    let series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, (series = new Series(measurement, tags, isExpected)));
    series.isExpected = isExpected;
    return series;
  }
}

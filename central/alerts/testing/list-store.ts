import type { SampleStore, SeriesQuery, SeriesResult } from '../../store/sample-store.ts';

type Value = number | boolean | string | undefined;

/** A store of what `put` gave it, that answers as the real ones do. */
export class ListStore implements Pick<SampleStore, 'query'> {
  readonly queries: SeriesQuery[] = [];
  availableFromMs: number | undefined;
  readonly #points: {
    measurement: string | undefined;
    tags: Readonly<Record<string, string>>;
    field: string;
    timeMs: number;
    value: Value;
  }[] = [];

  put(
    tags: Readonly<Record<string, string>>,
    timeMs: number,
    fields: Readonly<Record<string, Value>>,
    measurement?: string,
  ): void {
    for (const [field, value] of Object.entries(fields))
      if (value !== undefined) this.#points.push({ measurement, tags, field, timeMs, value });
  }

  query(query: SeriesQuery): Promise<SeriesResult> {
    this.queries.push(query);
    const found = this.#points.filter(
      ({ measurement = query.measurement, tags, field, timeMs }) =>
        measurement === query.measurement &&
        field === query.field &&
        timeMs >= query.fromMs &&
        timeMs < query.toMs &&
        Object.entries(query.tags).every(([tag, values]) => values.includes(tags[tag] ?? '')),
    );
    const series = new Map<
      string,
      { tags: Readonly<Record<string, string>>; points: [number, number | boolean | string][] }
    >();
    for (const { tags, timeMs, value } of found.slice(-query.maxPoints)) {
      const key = JSON.stringify(tags);
      const one = series.get(key) ?? { tags, points: [] };
      series.set(key, one);
      if (value !== undefined) one.points.push([timeMs, value]);
    }
    return Promise.resolve({
      series: [...series.values()],
      truncated: found.length > query.maxPoints,
      ...(this.availableFromMs !== undefined &&
        this.availableFromMs > query.fromMs && { availableFromMs: this.availableFromMs }),
    });
  }
}

import type { BatchObserver } from '../samples/batch-observer.ts';
import type { SampleRow, SampleTable } from '../samples/sample-table.ts';
import { namedTags } from '../samples/named-tags.ts';
import { seriesNote, type Series } from '../samples/series.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import type { LatestRow } from '../store/sample-store.ts';
import { LatestShape, LatestValues } from './latest-values.ts';

export interface LatestCache extends BatchObserver {
  /** Newest row of each series of a measurement, also if it is not stored yet. */
  rows(
    measurement: string,
    tags: Readonly<Record<string, readonly string[]>>,
    maxRows: number,
  ): readonly LatestRow[];
  measurements(): readonly { readonly name: string; readonly series: number }[];
  seriesCount(): number;
}

/** The series of one measurement that have a latest row. */
interface Listed {
  readonly tagNames: readonly string[];
  readonly series: Set<Series>;
}

/** A row is kept as long as the registry remembers its series. Bounded as that is. */
export function createLatestCache(registry: SeriesRegistry): LatestCache {
  const latest = seriesNote<LatestValues>('latest');
  const byMeasurement = new Map<string, Listed>();
  const shapes = new WeakMap<readonly string[], LatestShape>();
  let count = 0;

  registry.onForgotten((series) => {
    if (byMeasurement.get(series.measurement)?.series.delete(series) === true) count--;
  });

  const list = ({ measurement, tags: tagNames }: SampleTable, series: Series): void => {
    let listed = byMeasurement.get(measurement);
    if (listed === undefined) {
      listed = { tagNames, series: new Set() };
      byMeasurement.set(measurement, listed);
    }
    listed.series.add(series);
    count++;
  };

  const shapeOf = (fields: readonly string[]): LatestShape => {
    let shape = shapes.get(fields);
    if (shape === undefined) {
      shape = new LatestShape(fields);
      shapes.set(fields, shape);
    }
    return shape;
  };

  const observeRow = (table: SampleTable, row: SampleRow, receivedAtMs: number): void => {
    const { series, timeMs, values } = row;
    const known = latest.of(series);
    // A row from the future is no reason to ignore what comes after it.
    if (known !== undefined && timeMs < known.timeMs && known.timeMs <= receivedAtMs) return;
    if (known === undefined) list(table, series);
    if (known?.shape.fields === table.fields) known.update(timeMs, values);
    else latest.set(series, new LatestValues(shapeOf(table.fields), timeMs, values));
  };

  return {
    observe: ({ tables }, { receivedAtMs }) => {
      for (const table of tables) for (const row of table.rows) observeRow(table, row, receivedAtMs);
    },
    rows: (measurement, tags, maxRows) => {
      const found: LatestRow[] = [];
      const listed = byMeasurement.get(measurement);
      if (listed === undefined) return found;
      const wanted = Object.entries(tags).map(
        ([tag, allowed]) => [listed.tagNames.indexOf(tag), allowed] as const,
      );
      for (const series of listed.series) {
        const values = latest.of(series);
        if (values === undefined || !wanted.every(([at, allowed]) => isOneOf(series.tags[at], allowed)))
          continue;
        found.push({
          tags: namedTags(listed.tagNames, series),
          timeMs: values.timeMs,
          fields: values.present(),
        });
        if (found.length >= maxRows) break;
      }
      return found;
    },
    measurements: () =>
      [...byMeasurement]
        .filter(([, { series }]) => series.size > 0)
        .map(([name, { series }]) => ({ name, series: series.size })),
    seriesCount: () => count,
  };
}

function isOneOf(value: string | undefined, allowed: readonly string[]): boolean {
  return value !== undefined && allowed.includes(value);
}

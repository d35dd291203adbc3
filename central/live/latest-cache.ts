import type { BatchObserver } from '../samples/batch-observer.ts';
import type { LatestRow } from '../store/sample-store.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../samples/sample-table.ts';
import type { FieldValue } from '../../contract/sample.ts';

interface CachedRow {
  readonly tagNames: readonly string[];
  readonly fieldNames: readonly string[];
  readonly tags: readonly (string | undefined)[];
  values: SampleRow['values'];
  timeMs: number;
}

export interface LatestCache extends BatchObserver {
  /** Newest row of each series of a measurement, also if it is not stored yet. */
  rows(
    measurement: string,
    tags: Readonly<Record<string, readonly string[]>>,
    maxRows: number,
  ): readonly LatestRow[];
  measurements(): readonly { readonly name: string; readonly series: number }[];
  seriesCount(): number;
  /** Forgets series without a row since `beforeMs`. */
  forgetBefore(beforeMs: number): void;
}

/** Bounded: series above `maxSeries` are not cached (but stored like the others). */
export function createLatestCache(maxSeries: number): LatestCache {
  const byMeasurement = new Map<string, Map<string, CachedRow>>();
  let count = 0;

  const observeTable = (table: SampleTable): void => {
    let series = byMeasurement.get(table.measurement);
    if (series === undefined) {
      series = new Map();
      byMeasurement.set(table.measurement, series);
    }
    const prefix = table.tags.join();
    for (const row of table.rows) {
      const key = `${prefix}\n${row.tags.join('\n')}`;
      const cached = series.get(key);
      if (cached === undefined) {
        if (count >= maxSeries) continue;
        count++;
        series.set(key, {
          tagNames: table.tags,
          fieldNames: table.fields,
          tags: row.tags,
          values: row.values,
          timeMs: row.timeMs,
        });
      } else if (row.timeMs >= cached.timeMs) {
        if (cached.fieldNames === table.fields) {
          cached.values = row.values;
          cached.timeMs = row.timeMs;
        } else {
          series.set(key, { ...cached, fieldNames: table.fields, values: row.values, timeMs: row.timeMs });
        }
      }
    }
  };

  return {
    observe: (batch: SampleBatch) => batch.tables.forEach(observeTable),
    rows: (measurement, tags, maxRows) => {
      const found: LatestRow[] = [];
      for (const row of byMeasurement.get(measurement)?.values() ?? []) {
        if (!matches(row, tags)) continue;
        found.push(toLatestRow(row));
        if (found.length >= maxRows) break;
      }
      return found;
    },
    measurements: () => [...byMeasurement].map(([name, series]) => ({ name, series: series.size })),
    seriesCount: () => count,
    forgetBefore: (beforeMs) => {
      for (const series of byMeasurement.values()) {
        for (const [key, row] of series) {
          if (row.timeMs < beforeMs && series.delete(key)) count--;
        }
      }
    },
  };
}

function matches(row: CachedRow, wanted: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(wanted).every(([tag, allowed]) => {
    const value = row.tags[row.tagNames.indexOf(tag)];
    return value !== undefined && allowed.includes(value);
  });
}

function toLatestRow(row: CachedRow): LatestRow {
  const tags: Record<string, string> = {};
  row.tagNames.forEach((name, at) => {
    const value = row.tags[at];
    if (value !== undefined) tags[name] = value;
  });
  const fields: Record<string, FieldValue> = {};
  row.fieldNames.forEach((name, at) => {
    const value = row.values[at];
    if (value !== undefined) fields[name] = value;
  });
  return { tags, timeMs: row.timeMs, fields };
}

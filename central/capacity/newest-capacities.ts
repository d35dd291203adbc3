import type { FieldValue } from '../../contract/sample.ts';
import type { Series } from '../samples/series.ts';
import type { CapacityMeasure } from './capacity-kinds.ts';

/** As `LatestCache` has them. */
export interface NewestRows {
  visit(
    measurement: string,
    look: (
      series: Series,
      row: { readonly timeMs: number; valueOf(field: string): FieldValue | undefined },
      tagNames: readonly string[],
    ) => void,
  ): void;
}

/** How much fits into one thing, as it was measured last. */
export interface NewestCapacity {
  readonly timeMs: number;
  readonly capacity: number;
  readonly agent: string;
  readonly unit: string | undefined;
  readonly site: string | undefined;
}

/** Older rows are of what is no longer there. */
const MAX_AGE_MS = 86_400_000;
/** Between the values of a key; does not occur in tag values. */
const SEPARATOR = '\u001f';

export function keyOf(
  tagNames: readonly string[],
  tags: Readonly<Record<string, string | undefined>>,
): string {
  return tagNames.map((tag) => tags[tag] ?? '').join(SEPARATOR);
}

/** By `keyOf`. What the inventory does not expect is left out; of several series of one thing the newest row counts. */
export function newestCapacities(
  latest: NewestRows,
  { measurement, tags, where, capacityOf }: CapacityMeasure,
  nowMs: number,
): Map<string, NewestCapacity> {
  const found = new Map<string, NewestCapacity>();
  latest.visit(measurement, (series, row, tagNames) => {
    const { timeMs } = row;
    if (!series.isExpected || nowMs - timeMs > MAX_AGE_MS) return;
    const tag = (name: string): string | undefined => series.tags[tagNames.indexOf(name)];
    if (!Object.entries(where).every(([name, values]) => values.includes(tag(name) ?? ''))) return;
    const key = tags.map((name) => tag(name) ?? '').join(SEPARATOR);
    if ((found.get(key)?.timeMs ?? -Infinity) > timeMs) return;
    const capacity = capacityOf((field) => row.valueOf(field));
    if (capacity === undefined || capacity <= 0) return;
    found.set(key, { timeMs, capacity, agent: tag('agent') ?? '', unit: tag('unit'), site: tag('site') });
  });
  return found;
}

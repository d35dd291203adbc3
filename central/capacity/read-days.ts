import type { SampleStore, SeriesQuery, SeriesResult } from '../store/sample-store.ts';
import type { CapacityMeasure } from './capacity-kinds.ts';

export const DAY_MS = 86_400_000;

/** Mean values of one day of one thing. */
export interface DayValue {
  readonly tags: Readonly<Record<string, string>>;
  /** When the day begins, Unix time, ms. */
  readonly startMs: number;
  readonly value: number;
}

export interface ReadDays {
  readonly values: readonly DayValue[];
  /** There is more of this time than may be read at once. */
  readonly isTooMuch: boolean;
}

/** Made into objects at once, in which nothing else happens. */
const MAX_VALUES = 20_000;

/**
 * How much was in use on each day from `fromMs` to `toMs`, which lie whole days apart: the mean, since what a day looks like at one moment depends on when
 * its backup runs. Throws what the store throws.
 */
export async function readDays(
  store: Pick<SampleStore, 'query'>,
  { measurement, field, tags, where }: CapacityMeasure,
  { fromMs, toMs }: Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  signal: AbortSignal,
): Promise<ReadDays> {
  const query: SeriesQuery = {
    measurement,
    field,
    ...{ fromMs, toMs },
    everyMs: DAY_MS,
    offsetMs: modulo(-fromMs, DAY_MS),
    aggregate: 'mean',
    across: 'mean',
    groupBy: tags,
    tags: where,
    maxPoints: MAX_VALUES,
  };
  const { series, truncated } = await store.query(query, signal);
  return { values: truncated ? [] : valuesOf(series), isTooMuch: truncated };
}

function valuesOf(series: SeriesResult['series']): DayValue[] {
  return series.flatMap(({ tags, points }) =>
    points.map(([startMs, value]) => ({ tags, startMs, value: Number(value) })),
  );
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

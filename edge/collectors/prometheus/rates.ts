import type { Metric } from './exposition.ts';

/** Growth per second by key of the series. A new series, or one whose counter went back, has none. */
export type Rates = ReadonlyMap<string, number>;

/** Counters at one monotonic time. */
export interface CounterReading {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

export function readCounters(
  metrics: readonly Metric[],
  names: ReadonlySet<string>,
  atMs: number,
): CounterReading {
  const counters = metrics.filter(({ name }) => names.has(name));
  return { atMs, values: new Map(counters.map(({ key, value }) => [key, value])) };
}

/** Pure. */
export function ratesBetween(before: CounterReading | undefined, now: CounterReading): Rates {
  const rates = new Map<string, number>();
  if (before === undefined || now.atMs <= before.atMs) return rates;
  const seconds = (now.atMs - before.atMs) / 1_000;
  for (const [key, value] of now.values) {
    const earlier = before.values.get(key);
    if (earlier !== undefined && value >= earlier) rates.set(key, (value - earlier) / seconds);
  }
  return rates;
}

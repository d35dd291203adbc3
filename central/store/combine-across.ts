import type { Across } from './sample-store.ts';

const PERCENTILES: Readonly<Partial<Record<Across, number>>> = { p50: 50, p95: 95, p99: 99 };

/** As the stores put the aggregates of several series together. Pure. Sorted first: the order in which they come must not change the last digit of a sum. */
export function combineAcross(across: Across, values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const sum = (): number => sorted.reduce((total, value) => total + value, 0);
  switch (across) {
    case 'count':
      return sorted.length;
    case 'sum':
      return sum();
    case 'mean':
      return sum() / sorted.length;
    case 'min':
      return sorted[0] ?? 0;
    case 'max':
      return sorted.at(-1) ?? 0;
    default:
      return sorted[Math.floor((sorted.length * (PERCENTILES[across] ?? 0)) / 100 + 0.5) - 1] ?? 0;
  }
}

/** The median absolute deviation of a normal distribution is its standard deviation divided by this (Rousseeuw & Croux, 1993). */
const NORMAL = 1.4826;

export interface Peers {
  readonly median: number;
  /** As a standard deviation; never less than the floor, so that equal values do not make the least difference a large one. */
  readonly spread: number;
}

/** Pure. Half of the values may be wrong. */
export function peersOf(values: readonly number[], minSpread: number): Peers {
  const median = medianOf(values);
  const mad = medianOf(values.map((value) => Math.abs(value - median)));
  return { median, spread: Math.max(NORMAL * mad, minSpread) };
}

/** Pure. Of at least one value. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

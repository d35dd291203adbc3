/** Bytes of one test, made or reserved. */
export interface Spent {
  /** Unix time, ms. */
  readonly atMs: number;
  readonly bytes: number;
}

export interface BudgetLimits {
  readonly testsPerDay: number;
  /** Both directions together. */
  readonly bytesPerTest: number;
  readonly bytesPerDay: number;
  readonly bytesPerMonth: number;
}

export type Allowance =
  | { readonly kind: 'due' }
  /** The last test is too recent. */
  | { readonly kind: 'later' }
  | { readonly kind: 'exhausted'; readonly reason: string };

const DAY_MS = 86_400_000;
/** 30 days. */
const MONTH_MS = 30 * DAY_MS;
/** Share of an even spacing: runs are never exactly an interval apart. */
const LEAST_SPACING = 0.9;

/** Whether a test may be made now. Days and months are the last 24 hours and 30 days. Pure. */
export function allowance(spent: readonly Spent[], limits: BudgetLimits, nowMs: number): Allowance {
  const { testsPerDay, bytesPerTest, bytesPerDay, bytesPerMonth } = limits;
  const today = spent.filter(({ atMs }) => nowMs - atMs < DAY_MS);
  const lastMs = Math.max(-Infinity, ...today.map(({ atMs }) => atMs));
  if (today.length >= testsPerDay || nowMs - lastMs < (LEAST_SPACING * DAY_MS) / testsPerDay) {
    return { kind: 'later' };
  }
  const dayBytes = sum(today) + bytesPerTest;
  if (dayBytes > bytesPerDay) return exhausted('a day', dayBytes, bytesPerDay);
  const monthBytes = sum(spent) + bytesPerTest;
  if (monthBytes > bytesPerMonth) return exhausted('30 days', monthBytes, bytesPerMonth);
  return { kind: 'due' };
}

/** Entries of the last 30 days. An entry from the future (the clock was ahead) counts from now on. Pure. */
export function stillCounted(spent: readonly Spent[], nowMs: number): readonly Spent[] {
  return spent
    .map(({ atMs, bytes }) => ({ atMs: Math.min(atMs, nowMs), bytes }))
    .filter(({ atMs }) => nowMs - atMs < MONTH_MS);
}

function exhausted(period: string, bytes: number, limit: number): Allowance {
  const reason = `one more test would make ${megabytes(bytes)} MB in ${period}, allowed are ${megabytes(limit)}`;
  return { kind: 'exhausted', reason };
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 1e5) / 10);
}

function sum(spent: readonly Spent[]): number {
  return spent.reduce((total, { bytes }) => total + bytes, 0);
}

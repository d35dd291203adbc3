/** What an agent sent before, points in a second. */
export interface Baseline {
  readonly storedPerS: number;
  readonly refusedPerS: number;
}

/** What the ledger has of an agent; late: more than a minute after the measurement. */
export interface SentTotals {
  readonly storedBatches: number;
  readonly lateBatches: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
}

/** Of fewer batches nothing is said. */
const LEAST_BATCHES = 10;
const SECOND_MS = 1_000;

/**
 * From what the ledger has of the last `spanMs`. A backlog that was delivered in that time is of another: batches that came late are left
 * out, with as many points as the others have. An agent that was silent for some of it is judged by the rest: it was heard for as many
 * intervals as it sent batches on time. undefined: too little is known to compare with. Pure.
 */
export function baselineOf(
  totals: SentTotals | undefined,
  { spanMs, intervalMs }: { readonly spanMs: number; readonly intervalMs: number },
): Baseline | undefined {
  if (totals === undefined) return undefined;
  const { storedBatches, lateBatches, storedPoints, refusedPoints } = totals;
  const onTime = storedBatches - lateBatches;
  if (onTime < LEAST_BATCHES || spanMs <= 0) return undefined;
  const share = onTime / storedBatches;
  const heardS = Math.min(spanMs, onTime * intervalMs) / SECOND_MS;
  return { storedPerS: (storedPoints * share) / heardS, refusedPerS: (refusedPoints * share) / heardS };
}

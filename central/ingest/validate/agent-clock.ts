import type { Batch } from '../../../contract/batch.ts';

/**
 * Pure. The time that a batch's rows count from, by central's clock. Where the agent's clock is so wrong that nothing it
 * measures now could be stored (no battery: it starts in 1970), its times are moved by what it is off. Where only the
 * samples are impossible and the clock is not, nothing is moved. A batch that is sent again after a failure is moved anew, so that
 * InfluxDB, which knows rows by their time, may then have its rows twice.
 */
export function plausibleBaseMs(
  { baseMs, sentAtMs }: Pick<Batch, 'baseMs' | 'sentAtMs'>,
  receivedAtMs: number,
  { latestMs, earliestMs }: { readonly latestMs: number; readonly earliestMs: number },
): number {
  const isAhead = baseMs > latestMs && sentAtMs > latestMs;
  const isBehind = baseMs < earliestMs && sentAtMs < earliestMs;
  return isAhead || isBehind ? baseMs + (receivedAtMs - sentAtMs) : baseMs;
}

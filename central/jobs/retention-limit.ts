export interface RetentionInputs {
  readonly nowMs: number;
  /** Newest sample of any agent that was stored since the start, by the agent's clock; undefined: none was. */
  readonly newestMeasuredAtMs: number | undefined;
  /** False: the clocks of machine and agents disagree. */
  readonly areClocksAgreed: boolean;
  readonly retentionMs: number;
}

/**
 * Pure. Before when samples may be deleted: never beyond the newest stored sample minus the retention, so that a clock
 * that is ahead empties no store. Undefined: nothing may be deleted now.
 */
export function retentionLimitMs(inputs: RetentionInputs): number | undefined {
  const { nowMs, newestMeasuredAtMs, areClocksAgreed, retentionMs } = inputs;
  if (!areClocksAgreed || newestMeasuredAtMs === undefined) return undefined;
  return Math.min(nowMs, newestMeasuredAtMs) - retentionMs;
}

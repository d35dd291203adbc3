import type { Sample } from '../../../contract/sample.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Hop, HopResult, HopView } from './hops.ts';

/** Pure. Measurement `canary_hop`, of each hop that the run says something of. */
export function hopSamples(
  results: readonly HopResult[],
  hops: ReadonlyMap<Hop, HopView>,
  nowMs: number,
): readonly Sample[] {
  return results.map(({ hop, latencyMs }) => {
    const sinceMs = hops.get(hop)?.brokenSinceMs;
    // Also where the clock was set back meanwhile it is broken.
    const brokenS = sinceMs === undefined ? 0 : Math.max(nowMs - sinceMs, LEAST_MS) / 1_000;
    const fields = { broken_s: brokenS, ...(latencyMs !== undefined && { latency_ms: latencyMs }) };
    return { measurement: 'canary_hop', tags: { hop }, fields, timeMs: nowMs };
  });
}

/** What raises the rule. */
const LEAST_MS = 2_000;

/** Once for each change. */
export function reportChanges(
  before: ReadonlyMap<Hop, HopView>,
  after: ReadonlyMap<Hop, HopView>,
  log: Logger,
): void {
  for (const { hop, brokenSinceMs, reason } of after.values()) {
    const wasBroken = before.get(hop)?.brokenSinceMs !== undefined;
    if (brokenSinceMs !== undefined && !wasBroken)
      log.error({ hop, reason }, 'alerts do not get through: a hop did not pass on the canary');
    if (brokenSinceMs === undefined && wasBroken) log.info({ hop }, 'the canary gets through again');
  }
}

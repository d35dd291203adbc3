import type { Clock } from '../../../runtime/clock.ts';
import type { Burst } from './burst.ts';
import { PROBE_SPACING_MS } from './icmp-probe.ts';

/**
 * Starts `count` probes one spacing apart without waiting for answers, so that a silent target takes no longer than one
 * that answers. `probe` resolves with the round trip in ms, undefined: no answer; a rejection is passed on.
 */
export async function spacedBurst(
  count: number,
  probe: () => Promise<number | undefined>,
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Burst> {
  const probes: Promise<PromiseSettledResult<number | undefined>[]>[] = [];
  for (let index = 0; index < count; index++) {
    if (index > 0) await deps.clock.sleep(PROBE_SPACING_MS, deps.signal);
    probes.push(Promise.allSettled([probe()]));
  }
  const results = (await Promise.all(probes)).flat();
  const rttsMs = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return { transmitted: count, received: rttsMs.filter((rtt) => rtt !== undefined).length, rttsMs };
}

import type { Sample } from '../../../contract/sample.ts';
import type { PresentState } from '../../health/present-states.ts';
import { definedFields } from '../defined-fields.ts';
import { stateFields } from '../state-fields.ts';
import type { PlannedLink } from './link-plan.ts';
import type { TrafficNow } from './live-traffic.ts';
import { median } from './median.ts';
import type { Moment } from '../minute-turns.ts';

/** Pure. One link that is in service, as it is now. */
export function linkStateSample(
  link: PlannedLink,
  state: PresentState,
  { links, bySite }: TrafficNow,
  { atMs, minuteMs }: Moment,
): Sample {
  const { id, source, target, unit, capacityBps } = link;
  const now = links.get(link);
  return {
    measurement: 'link_state',
    tags: { id, source, target, ...(unit !== undefined && { unit }) },
    fields: {
      ...stateFields(state, atMs),
      ...definedFields({
        in_bps: now?.inBps,
        out_bps: now?.outBps,
        utilization_pct: now?.utilizationPct,
        latency_ms: median(bySite.get(target)?.rttMs ?? []),
        capacity_bps: capacityBps,
      }),
    },
    timeMs: minuteMs,
  };
}

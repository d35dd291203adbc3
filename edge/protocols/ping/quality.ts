import { ipdvP95Ms, summarise, type Burst } from './burst.ts';
import { mosEstimate } from './mos.ts';

/** Fields of the measurement `path` from one burst; times and MOS only with an answer. Needs transmitted > 0. */
export function qualityFields(burst: Burst): Record<string, number> {
  const { transmitted, received, rttsMs } = burst;
  const lossPct = (100 * (transmitted - received)) / transmitted;
  const fields: Record<string, number> = { loss_pct: lossPct };
  const times = burst.summary ?? summarise(rttsMs.filter((rtt) => rtt !== undefined));
  if (received === 0 || times === undefined) return fields;
  fields['latency_ms'] = times.averageMs;
  fields['latency_min_ms'] = times.minMs;
  fields['latency_max_ms'] = times.maxMs;
  const jitterMs = jitterOf(rttsMs);
  const ipdvMs = ipdvP95Ms(rttsMs);
  if (jitterMs === undefined || ipdvMs === undefined) return fields;
  fields['jitter_ms'] = jitterMs;
  fields['ipdv_p95_ms'] = ipdvMs;
  fields['mos_est'] = mosEstimate(times.averageMs, jitterMs, lossPct);
  return fields;
}

/** Mean |difference| between consecutive probes that were both answered; undefined when no two were. */
export function jitterOf(rttsMs: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let pairs = 0;
  for (const [index, rtt] of rttsMs.entries()) {
    const before = rttsMs[index - 1];
    if (index === 0 || rtt === undefined || before === undefined) continue;
    sum += Math.abs(rtt - before);
    pairs++;
  }
  return pairs === 0 ? undefined : sum / pairs;
}

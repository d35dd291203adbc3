import type { Sample } from '../../contract/sample.ts';

/** Series that each agent measures at each step. */
export const SERIES_PER_AGENT = 5;
/** Steps per alert episode; the last BREACH_STEPS of them breach rule `chaos_loss`. */
export const EPISODE_STEPS = 50;
export const BREACH_STEPS = 15;

export const CHAOS_RULE = 'chaos_loss';

export function chaosAgent(index: number): string {
  return `chaos-${String(index).padStart(3, '0')}`;
}

/** The samples of one step. Their value is the number of the step, so that a missing or repeated one can be named. */
export function samplesOfStep(agent: string, count: number, timeMs: number): Sample[] {
  return Array.from({ length: SERIES_PER_AGENT }, (_, series) => ({
    measurement: 'ping',
    tags: { device: `${agent}-n${series}` },
    fields: { average_response_ms: count, percent_packet_loss: breaches(series, count) ? 100 : 0 },
    timeMs,
  }));
}

export function breaches(series: number, count: number): boolean {
  return series === 0 && count % EPISODE_STEPS >= EPISODE_STEPS - BREACH_STEPS;
}

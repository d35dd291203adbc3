import type { Sample } from '../../contract/sample.ts';

/** Each agent of the chaos run measures these many series at each step. */
export const SERIES_PER_AGENT = 5;
/** Steps per alert episode: the first tenth of each is a breach of rule `chaos_loss`. */
export const EPISODE_STEPS = 50;
export const BREACH_STEPS = 15;

export const CHAOS_RULE = 'chaos_loss';

export function chaosAgent(index: number): string {
  return `chaos-${String(index).padStart(3, '0')}`;
}

/** The samples of one step: the value is the step itself, so a missing or a double one shows by name. */
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

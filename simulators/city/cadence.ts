import { hash01 } from './noise.ts';

/** Offset of an agent's measurements within the interval, so that agents do not all measure at once. */
export function phaseMs(agent: string, intervalMs: number): number {
  return Math.floor(hash01(agent) * intervalMs);
}

/** True at the measurements that are due, `periodMs` apart. */
export type Due = (timeMs: number) => boolean;

/**
 * For measurements less frequent than the agent's interval. Pure: based on the agent's own time grid; tolerates timers that
 * are up to half an interval off. `key` spreads the measurements over the period.
 */
export function every(
  periodMs: number,
  key: string,
  grid: { readonly agent: string; readonly intervalMs: number },
): Due {
  const { agent, intervalMs } = grid;
  const phase = phaseMs(agent, intervalMs);
  const slots = Math.max(1, Math.round(periodMs / intervalMs));
  const own = Math.floor(hash01(key) * slots);
  return (timeMs) => Math.round((timeMs - phase) / intervalMs) % slots === own;
}

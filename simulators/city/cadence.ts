import { hash01 } from './noise.ts';

/** When within the interval an agent measures, so that a city does not measure all at once. */
export function phaseMs(agent: string, intervalMs: number): number {
  return Math.floor(hash01(agent) * intervalMs);
}

/** True at one measurement in so many that `periodMs` lies between two of them. */
export type Due = (timeMs: number) => boolean;

/**
 * What is measured more rarely than the agent's interval. Pure: it goes by the agent's own grid of times and allows for
 * timers that are up to half an interval off. `key` spreads the measurements over the period.
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

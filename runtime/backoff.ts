import type { Random } from './clock.ts';

/** Full jitter: a random delay in [0, min(capMs, baseMs · 2^attempt)), so that many clients do not return together. */
export function fullJitterMs(
  attempt: number,
  options: { baseMs: number; capMs: number },
  random: Random,
): number {
  const ceilingMs = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return Math.floor(random() * ceilingMs);
}

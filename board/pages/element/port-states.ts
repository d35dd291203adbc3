import type { Points } from '../../chart/curves.ts';
import { numberOf } from '../../chart/curves.ts';
import type { StateInterval } from '../../chart/strip.ts';

/** ifOperStatus (RFC 2863): what is no longer there, or has lost what it stands on, carries nothing either. */
const UP = 1;
const NOT_TOLD: readonly number[] = [3, 4, 5];

/** By the highest ifOperStatus of each step; a step without a value is in none: nobody knows. Pure. */
export function portStates(points: Points, stepMs: number): StateInterval[] {
  const intervals: { state: string; fromMs: number; toMs: number }[] = [];
  for (const [fromMs, value] of points) {
    const status = numberOf(value);
    if (status === null) continue;
    const state = portState(status);
    const last = intervals.at(-1);
    if (last?.state === state && last.toMs === fromMs) last.toMs = fromMs + stepMs;
    else intervals.push({ state, fromMs, toMs: fromMs + stepMs });
  }
  return intervals;
}

/** Pure; undefined: not measured. */
export function portState(status: number | undefined): 'up' | 'down' | 'unknown' {
  if (status === undefined || NOT_TOLD.includes(status)) return 'unknown';
  return status === UP ? 'up' : 'down';
}

import type { Method } from './measure.ts';

/** What one burst shows of the route. */
export interface Condition {
  readonly method: Method;
  readonly isLossy: boolean;
  /** Hops left in the answer; ICMP only. */
  readonly ttl?: number;
  readonly latencyMinMs?: number;
}

/** The condition in which a target was last traced. */
export interface Traced extends Condition {
  readonly atMs: number;
}

export type TraceReason = 'first' | 'loss' | 'recovered' | 'method' | 'ttl' | 'latency';

/** A flapping line is traced at most this often… */
const LOSS_PAUSE_MS = 60_000;
const CHANGE_PAUSE_MS = 300_000;
/** …and one that stays lossy is traced again after this. */
const STILL_LOSSY_MS = 600_000;
const LATENCY_STEP_MS = 5;
const LATENCY_STEP_SHARE = 0.5;

/** Why the route should be traced now; undefined: nothing has changed. Times are monotonic. Pure. */
export function traceReason(
  now: Condition,
  traced: Traced | undefined,
  nowMs: number,
): TraceReason | undefined {
  if (traced === undefined) return now.isLossy ? 'loss' : 'first';
  const ageMs = nowMs - traced.atMs;
  if (now.isLossy) return ageMs >= (traced.isLossy ? STILL_LOSSY_MS : LOSS_PAUSE_MS) ? 'loss' : undefined;
  if (traced.isLossy) return ageMs >= LOSS_PAUSE_MS ? 'recovered' : undefined;
  if (ageMs < CHANGE_PAUSE_MS) return undefined;
  if (now.method !== traced.method) return 'method';
  if (now.ttl !== undefined && traced.ttl !== undefined && now.ttl !== traced.ttl) return 'ttl';
  return isStep(traced.latencyMinMs, now.latencyMinMs) ? 'latency' : undefined;
}

/** The minimum round trip changes with the route, hardly with the load. */
function isStep(beforeMs: number | undefined, nowMs: number | undefined): boolean {
  if (beforeMs === undefined || nowMs === undefined) return false;
  const least = Math.max(LATENCY_STEP_MS, LATENCY_STEP_SHARE * Math.min(beforeMs, nowMs));
  return Math.abs(nowMs - beforeMs) > least;
}

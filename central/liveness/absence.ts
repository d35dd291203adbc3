import type { Location } from '../samples/location.ts';

/** How long an agent was not heard, by central's clock. */
export interface Absence {
  readonly agent: string;
  readonly location: Location;
  /** Time without news in the agent's own intervals; 0 after a clean stop. */
  readonly missedIntervals: number;
  /** Last news, or when central last began to listen if that is later. */
  readonly sinceMs: number;
  /** False: nothing was heard since central listens, so what was known before still holds. */
  readonly isNews: boolean;
  /** How long central has been able to hear anybody. */
  readonly listeningForMs: number;
}

/** What is known of an agent's signs of life. */
export interface Heartbeats {
  readonly intervalMs: number;
  /** 0: never. */
  readonly lastSeenAtMs: number;
  /** It could not be heard until then, for no fault of its own. */
  readonly excusedUntilMs: number;
  /** After a clean stop it is not expected to be heard. */
  readonly stopped: boolean;
}

/** Pure. Time before `listeningSinceMs` counts as nobody's absence. */
export function absenceOf(
  heartbeats: Heartbeats,
  listeningSinceMs: number,
  nowMs: number,
): Omit<Absence, 'agent' | 'location'> {
  const { intervalMs, lastSeenAtMs, excusedUntilMs, stopped } = heartbeats;
  const audibleSinceMs = Math.max(listeningSinceMs, excusedUntilMs);
  const sinceMs = Math.max(lastSeenAtMs, audibleSinceMs);
  return {
    missedIntervals: stopped ? 0 : Math.max(0, nowMs - sinceMs) / intervalMs,
    sinceMs,
    isNews: stopped || lastSeenAtMs > audibleSinceMs,
    listeningForMs: nowMs - listeningSinceMs,
  };
}

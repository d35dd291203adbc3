/** How long nothing came from an agent, by central's clock. */
export interface Absence {
  readonly agent: string;
  /** Time without a sign of life, in the agent's own intervals; 0 after a clean stop. */
  readonly missedIntervals: number;
  /** Since its clean stop; undefined: it did not stop cleanly, or is back. */
  readonly stopped?: { readonly atMs: number; readonly intervals: number };
  /** Its last sign of life, or when central last began to listen if that is later. */
  readonly sinceMs: number;
  /** False: nothing was received since central listens, so what was known before still holds. */
  readonly isNews: boolean;
  /** How long central has been listening. */
  readonly listeningForMs: number;
}

/** What is known of an agent's signs of life. */
export interface Heartbeats {
  readonly intervalMs: number;
  /** 0: never. */
  readonly lastSeenAtMs: number;
  /** It could not send until then, for no fault of its own. */
  readonly excusedUntilMs: number;
  /** After a clean stop nothing is expected of it. */
  readonly stopped: boolean;
}

/** Pure. Time before `listeningSinceMs` does not count as absence; 0 after a clean stop. */
export function missedIntervalsOf(
  { intervalMs, lastSeenAtMs, excusedUntilMs, stopped }: Heartbeats,
  listeningSinceMs: number,
  nowMs: number,
): number {
  if (stopped) return 0;
  return Math.max(0, nowMs - Math.max(lastSeenAtMs, listeningSinceMs, excusedUntilMs)) / intervalMs;
}

/** Pure. Time before `listeningSinceMs` does not count as absence. */
export function absenceOf(
  agent: string,
  heartbeats: Heartbeats,
  listeningSinceMs: number,
  nowMs: number,
): Absence {
  const { intervalMs, lastSeenAtMs, excusedUntilMs, stopped } = heartbeats;
  const possibleSinceMs = Math.max(listeningSinceMs, excusedUntilMs);
  const sinceMs = Math.max(lastSeenAtMs, possibleSinceMs);
  const listeningForMs = nowMs - listeningSinceMs;
  if (!stopped) {
    const missedIntervals = missedIntervalsOf(heartbeats, listeningSinceMs, nowMs);
    return { agent, missedIntervals, sinceMs, isNews: lastSeenAtMs > possibleSinceMs, listeningForMs };
  }
  return {
    agent,
    missedIntervals: 0,
    stopped: { atMs: lastSeenAtMs, intervals: Math.max(0, nowMs - lastSeenAtMs) / intervalMs },
    sinceMs,
    isNews: true,
    listeningForMs,
  };
}

/** How an agent's times are read when its batch is judged. */
export interface AgentTime {
  readonly receivedAtMs: number;
  /** What turns the agent's time into central's, ms. */
  readonly correctionMs: number;
}

/** Agents call a batch live for 30 s; what seems older than this on arrival has its time from a wrong clock. */
const LIVE_AGE_MS = 120_000;

/**
 * Pure. The time of a sample of a live batch by central's clock: that of its arrival where its own cannot be true. A device
 * behind the agent may have a clock of its own, and neither a sample from the future nor a clock that is set back may
 * make the ones that follow seem late.
 */
export function judgedTimeMs(timeMs: number, time: AgentTime): number {
  const measuredMs = measuredTimeMs(timeMs, time);
  return measuredMs < time.receivedAtMs - LIVE_AGE_MS ? time.receivedAtMs : measuredMs;
}

/** Pure. The same for a batch that was overtaken on the way: it is old, whatever its age. */
export function measuredTimeMs(timeMs: number, { receivedAtMs, correctionMs }: AgentTime): number {
  return Math.min(timeMs + correctionMs, receivedAtMs);
}

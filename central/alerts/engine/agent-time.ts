/** How an agent's times are read when its batch is judged. */
export interface AgentTime {
  readonly receivedAtMs: number;
  /** What turns the agent's time into central's, ms. */
  readonly correctionMs: number;
}

/**
 * Pure. The time of a sample by central's clock. Nothing is measured after it has arrived: a sample from the future must
 * not make the ones that follow seem late.
 */
export function judgedTimeMs(timeMs: number, { receivedAtMs, correctionMs }: AgentTime): number {
  return Math.min(timeMs + correctionMs, receivedAtMs);
}

import type { Logger } from '../../runtime/logger.ts';

/** Times of a monotonic clock, ms. */
export interface Delivery {
  readonly nowMs: number;
  /** undefined: not connected. */
  readonly connectedAtMs: number | undefined;
  /** Of any answer of central; undefined: never. */
  readonly lastAckMs: number | undefined;
  /** undefined: nothing waits. */
  readonly oldestPendingAgeMs: number | undefined;
}

/**
 * How long the agent has been connected with batches waiting, and central has acknowledged nothing, ms; undefined: not
 * connected. A broker may take a login and every subscription, and still drop what the agent publishes. Pure.
 */
export function silenceMs({
  nowMs,
  connectedAtMs,
  lastAckMs,
  oldestPendingAgeMs,
}: Delivery): number | undefined {
  if (connectedAtMs === undefined) return undefined;
  if (oldestPendingAgeMs === undefined) return 0;
  const sinceMs = Math.max(connectedAtMs, lastAckMs ?? -Infinity);
  return Math.max(0, Math.min(nowMs - sinceMs, oldestPendingAgeMs));
}

/** Tells of a silence once, and once of its end. */
export class SilenceReport {
  readonly #agent: string;
  readonly #log: Logger;
  readonly #limitMs: number;
  #reportedMs: number | undefined;

  constructor(agent: string, log: Logger, limitMs: number) {
    this.#agent = agent;
    this.#log = log;
    this.#limitMs = limitMs;
  }

  /** Until the report is due, ms; undefined: it was made, or there is nothing to report. */
  dueInMs(silence: number | undefined): number | undefined {
    if (silence === undefined || silence === 0 || this.#reportedMs !== undefined) return undefined;
    return Math.max(0, this.#limitMs - silence);
  }

  update(silence: number | undefined, flowMode: string): void {
    const agent = this.#agent;
    if (silence !== undefined && silence >= this.#limitMs) {
      if (this.#reportedMs === undefined) {
        const forS = Math.round(silence / 1_000);
        this.#log.warn(
          { agent, flowMode },
          `connected, nothing acknowledged for ${forS} s: the broker may drop what this agent publishes, or central does not run`,
        );
      }
      this.#reportedMs = silence;
    } else if (this.#reportedMs !== undefined) {
      if (silence !== undefined) {
        const forS = Math.round(this.#reportedMs / 1_000);
        this.#log.info({ agent, forS }, 'central acknowledges again');
      }
      this.#reportedMs = undefined;
    }
  }
}

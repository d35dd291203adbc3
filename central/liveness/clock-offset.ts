const HALF_WINDOW_MS = 150_000;
/** An agent stamps its messages in the order of sending: an earlier stamp means that its clock was set back. */
const SET_BACK_MS = 1_000;
/** Below this an agent that seems behind may as well be slow. */
const BEHIND_MS = 5_000;

/**
 * Smallest arrival − sending time of the last 2.5 to 5 minutes: transit plus how far the agent's clock is behind
 * central's, ms. Two half windows, so that not every value has to be stored.
 */
export class ClockOffset {
  #newHalfEndsMs = 0;
  #newHalfMs = Infinity;
  #oldHalfMs = Infinity;
  #lastSentAtMs = -Infinity;

  record(sentAtMs: number, receivedAtMs: number): void {
    const isSetBack = sentAtMs < this.#lastSentAtMs - SET_BACK_MS;
    this.#lastSentAtMs = sentAtMs;
    if (isSetBack || receivedAtMs >= this.#newHalfEndsMs) {
      const isStale = isSetBack || receivedAtMs >= this.#newHalfEndsMs + HALF_WINDOW_MS;
      this.#oldHalfMs = isStale ? Infinity : this.#newHalfMs;
      this.#newHalfMs = Infinity;
      this.#newHalfEndsMs = receivedAtMs + HALF_WINDOW_MS;
    }
    this.#newHalfMs = Math.min(this.#newHalfMs, receivedAtMs - sentAtMs);
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
    this.#newHalfEndsMs += stepMs;
    this.#newHalfMs += stepMs;
    this.#oldHalfMs += stepMs;
  }

  /** undefined: nothing was recorded. */
  get valueMs(): number | undefined {
    const offsetMs = Math.min(this.#newHalfMs, this.#oldHalfMs);
    return Number.isFinite(offsetMs) ? offsetMs : undefined;
  }

  /** What turns the agent's time into central's, ms; 0 where only the transit shows. */
  get correctionMs(): number {
    const { valueMs = 0 } = this;
    return valueMs < 0 || valueMs > BEHIND_MS ? valueMs : 0;
  }
}

const HALF_WINDOW_MS = 150_000;

/**
 * Smallest arrival − sending time of the last 2.5 to 5 minutes: transit plus how far the agent's clock is behind
 * central's, ms. Two half windows, so that not every value has to be stored.
 */
export class ClockOffset {
  #newHalfEndsMs = 0;
  #newHalfMs = Infinity;
  #oldHalfMs = Infinity;

  record(sentAtMs: number, receivedAtMs: number): void {
    if (receivedAtMs >= this.#newHalfEndsMs) {
      const isStale = receivedAtMs >= this.#newHalfEndsMs + HALF_WINDOW_MS;
      this.#oldHalfMs = isStale ? Infinity : this.#newHalfMs;
      this.#newHalfMs = Infinity;
      this.#newHalfEndsMs = receivedAtMs + HALF_WINDOW_MS;
    }
    this.#newHalfMs = Math.min(this.#newHalfMs, receivedAtMs - sentAtMs);
  }

  /** undefined: nothing was recorded. */
  get valueMs(): number | undefined {
    const offsetMs = Math.min(this.#newHalfMs, this.#oldHalfMs);
    return Number.isFinite(offsetMs) ? offsetMs : undefined;
  }
}

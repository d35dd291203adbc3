const KEPT = 32;

/** How long acks took lately, from a batch's last send, ms. */
export class AckLatency {
  readonly #values: number[] = [];
  #next = 0;
  #last: number | undefined;

  add(latencyMs: number): void {
    this.#last = latencyMs;
    this.#values[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % KEPT;
  }

  get lastMs(): number | undefined {
    return this.#last;
  }

  /** Median of the last 32. */
  get p50Ms(): number | undefined {
    return [...this.#values].sort((a, b) => a - b)[Math.floor((this.#values.length - 1) / 2)];
  }
}

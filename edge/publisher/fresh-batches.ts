export interface FreshBatch {
  readonly seq: number;
  /** Monotonic; after that it is backlog. */
  readonly freshUntilMs: number;
}

/** While disconnected, new batches wait here until they expire; beyond this number the oldest are backlog. */
const MAX_FRESH = 256;

/** Unsent live batches, in order of seq. */
export class FreshBatches {
  #batches: FreshBatch[] = [];

  get size(): number {
    return this.#batches.length;
  }

  get lowestSeq(): number | undefined {
    return this.#batches[0]?.seq;
  }

  add(batch: FreshBatch): void {
    let index = this.#batches.length;
    while (index > 0 && (this.#batches[index - 1]?.seq ?? 0) > batch.seq) index--;
    if (this.#batches[index - 1]?.seq === batch.seq) return;
    this.#batches.splice(index, 0, batch);
    if (this.#batches.length > MAX_FRESH) this.#batches.shift();
  }

  /** Oldest first: data that may raise an alert arrives in the order it was measured. */
  take(): FreshBatch | undefined {
    return this.#batches.shift();
  }

  expire(nowMs: number): void {
    const stillFresh = this.#batches.findIndex((batch) => batch.freshUntilMs > nowMs);
    if (stillFresh !== 0) this.#batches.splice(0, stillFresh === -1 ? this.#batches.length : stillFresh);
  }

  removeIf(isAnswered: (seq: number) => boolean): void {
    if (this.#batches.length > 0) this.#batches = this.#batches.filter(({ seq }) => !isAnswered(seq));
  }
}

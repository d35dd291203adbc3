import type { PendingBatch } from './pending-batch.ts';

/** Validated batches that are not stored yet: bounded, live batches first. None of them is acknowledged yet. */
export class WriteBuffer {
  readonly #maxBytes: number;
  readonly #held = new Map<string, PendingBatch>();
  #live: PendingBatch[] = [];
  #backfill: PendingBatch[] = [];
  #bytes = 0;
  #waitingPoints = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of all batches, waiting or being written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Waiting or being written. */
  held(): readonly PendingBatch[] {
    return [...this.#held.values()];
  }

  get heldBatches(): number {
    return this.#held.size;
  }

  get fillRatio(): number {
    return this.#bytes / this.#maxBytes;
  }

  get waitingBatches(): number {
    return this.#live.length + this.#backfill.length;
  }

  get waitingPoints(): number {
    return this.#waitingPoints;
  }

  /** Arrival of the batch that has been held longest. */
  get oldestReceivedAtMs(): number | undefined {
    return this.#held.values().next().value?.receivedAtMs;
  }

  isFull(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  add(batch: PendingBatch): void {
    this.#held.set(batch.key, batch);
    this.#bytes += batch.bytes;
    this.#waitingPoints += batch.points;
    this.#laneOf(batch).push(batch);
  }

  /** The next group to write: at least one batch, and more while they fit into `maxPoints`. They still count as held. */
  take(maxPoints: number): PendingBatch[] {
    const group: PendingBatch[] = [];
    let points = 0;
    for (const lane of [this.#live, this.#backfill]) {
      let count = 0;
      for (const batch of lane) {
        if (group.length > 0 && points + batch.points > maxPoints) break;
        group.push(batch);
        points += batch.points;
        count++;
      }
      const isCutShort = count < lane.length;
      lane.splice(0, count);
      if (isCutShort) break;
    }
    this.#waitingPoints -= points;
    return group;
  }

  /** Puts batches that were not written back at the front. */
  requeue(group: readonly PendingBatch[]): void {
    this.#live = [...group.filter((batch) => !batch.backfill), ...this.#live];
    this.#backfill = [...group.filter((batch) => batch.backfill), ...this.#backfill];
    for (const batch of group) this.#waitingPoints += batch.points;
  }

  /** Removes batches that are durable. */
  release(group: readonly PendingBatch[]): void {
    for (const batch of group) if (this.#held.delete(batch.key)) this.#bytes -= batch.bytes;
  }

  #laneOf(batch: PendingBatch): PendingBatch[] {
    return batch.backfill ? this.#backfill : this.#live;
  }
}

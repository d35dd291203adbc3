import type { PendingBatch } from './pending-batch.ts';

/** Of the buffer, so that those that wait for a person leave space for the others. */
const PARKED_SHARE = 0.25;

/** Validated batches that are not stored yet: bounded, live batches first. None of them is acknowledged yet. */
export class WriteBuffer {
  readonly #maxBytes: number;
  readonly #held = new Map<string, PendingBatch>();
  #parked: PendingBatch[] = [];
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

  /** Batches that are held but wait for no write until `unpark`. */
  get parkedBatches(): number {
    return this.#parked.length;
  }

  /** Returns the batches for which there is no space among the parked ones, the oldest; they are not held any more. */
  park(group: readonly PendingBatch[]): readonly PendingBatch[] {
    this.#parked.push(...group);
    let bytes = this.#parked.reduce((sum, batch) => sum + batch.bytes, 0);
    const kept = this.#parked.findIndex((batch) => {
      if (bytes <= this.#maxBytes * PARKED_SHARE) return true;
      bytes -= batch.bytes;
      return false;
    });
    const surplus = this.#parked.splice(0, kept === -1 ? this.#parked.length : kept);
    this.release(surplus);
    return surplus;
  }

  unpark(): void {
    const group = this.#parked;
    this.#parked = [];
    this.requeue(group);
  }

  /** Removes batches that are durable. */
  release(group: readonly PendingBatch[]): void {
    for (const batch of group) if (this.#held.delete(batch.key)) this.#bytes -= batch.bytes;
  }

  #laneOf(batch: PendingBatch): PendingBatch[] {
    return batch.backfill ? this.#backfill : this.#live;
  }
}

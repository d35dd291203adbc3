import { FairLane } from './fair-lane.ts';
import type { PendingBatch } from './pending-batch.ts';

/** Of the buffer, so that those that wait for a person leave space for the others. */
const PARKED_SHARE = 0.25;
/** Of a write, and above half of the buffer of that: what an agent that is not the only one may have. */
const AGENT_SHARE = 1 / 8;

/**
 * Validated batches that are not stored yet: bounded, live batches first, and agents take turns. None of them is
 * acknowledged yet.
 */
export class WriteBuffer {
  readonly #maxBytes: number;
  readonly #held = new Map<string, PendingBatch>();
  #parked: PendingBatch[] = [];
  readonly #live = new FairLane<PendingBatch>();
  readonly #backfill = new FairLane<PendingBatch>();
  readonly #bytesByAgent = new Map<string, number>();
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
    return this.#live.count + this.#backfill.count;
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

  /** Whether there is no room for another batch of this agent. */
  isFullFor(agent: string): boolean {
    if (this.isFull()) return true;
    const isAboveShare = (this.#bytesByAgent.get(agent) ?? 0) >= this.#maxBytes * AGENT_SHARE;
    const isAlone = this.#bytesByAgent.size === 1;
    return isAboveShare && !isAlone && this.#bytes >= this.#maxBytes / 2;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  add(batch: PendingBatch): void {
    this.#held.set(batch.key, batch);
    this.#charge(batch.agent, batch.bytes);
    this.#waitingPoints += batch.points;
    this.#laneOf(batch).add(batch);
  }

  /**
   * The next group to write: at least one batch, and more while they fit into `maxPoints`; of one agent only a part of it while
   * others have something here, or they would wait for large writes. They still count as held.
   */
  take(maxPoints: number): PendingBatch[] {
    const group: PendingBatch[] = [];
    const pointsOf = new Map<string, number>();
    const maxOfAgent = this.#bytesByAgent.size > 1 ? maxPoints * AGENT_SHARE : Infinity;
    let points = 0;
    let isCutShort = false;
    for (const lane of [this.#live, this.#backfill]) {
      let skipped = 0;
      while (!isCutShort && skipped < lane.agents) {
        const batch = lane.peek();
        if (batch === undefined) break;
        const ofAgent = pointsOf.get(batch.agent) ?? 0;
        if (ofAgent > 0 && ofAgent + batch.points > maxOfAgent) {
          lane.skip();
          skipped++;
        } else if (group.length > 0 && points + batch.points > maxPoints) {
          isCutShort = true;
        } else {
          lane.take();
          group.push(batch);
          points += batch.points;
          pointsOf.set(batch.agent, ofAgent + batch.points);
          skipped = 0;
        }
      }
      // Not only a part of them: then none of the other lane comes before them.
      if (isCutShort) break;
    }
    this.#waitingPoints -= points;
    return group;
  }

  /** Puts batches that were not written back at the front. */
  requeue(group: readonly PendingBatch[]): void {
    this.#live.putBack(group.filter((batch) => !batch.backfill));
    this.#backfill.putBack(group.filter((batch) => batch.backfill));
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
    for (const { agent, bytes, key } of group) if (this.#held.delete(key)) this.#charge(agent, -bytes);
  }

  #charge(agent: string, bytes: number): void {
    this.#bytes += bytes;
    const ofAgent = (this.#bytesByAgent.get(agent) ?? 0) + bytes;
    if (ofAgent > 0) this.#bytesByAgent.set(agent, ofAgent);
    else this.#bytesByAgent.delete(agent);
  }

  #laneOf(batch: PendingBatch): FairLane<PendingBatch> {
    return batch.backfill ? this.#backfill : this.#live;
  }
}

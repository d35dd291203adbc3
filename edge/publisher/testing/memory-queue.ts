import type { Queue, QueueEntry, QueueItem, QueueStats } from '../../queue/queue.ts';

/** A queue in memory, for tests of the publisher. */
export class MemoryQueue implements Queue {
  readonly epoch = 'testepoch1';
  readonly setAsideSeqs: number[] = [];
  readonly #held = new Map<number, { entry: QueueEntry; body: Buffer }>();
  readonly #listeners = new Set<(highestSeq: number) => void>();
  readonly #now: () => number;
  #highest = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** As append(), with a given age. */
  add(body: Buffer, ageMs = 0): number {
    const seq = ++this.#highest;
    const appendedAtMs = this.#now() - ageMs;
    const entry = { seq, points: 1, firstMs: appendedAtMs, lastMs: appendedAtMs, appendedAtMs };
    this.#held.set(seq, { entry: { ...entry, bytes: body.length }, body });
    for (const listener of this.#listeners) listener(seq);
    return seq;
  }

  append(item: QueueItem): Promise<number> {
    return Promise.resolve(this.add(item.body));
  }

  pending(afterSeq: number, limit: number): readonly QueueEntry[] {
    const above = [...this.#held.values()].filter(({ entry }) => entry.seq > afterSeq);
    return above.slice(0, limit).map(({ entry }) => entry);
  }

  read(seq: number): Promise<Buffer | undefined> {
    return Promise.resolve(this.#held.get(seq)?.body);
  }

  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void {
    if (epoch !== this.epoch) return;
    for (const seq of this.#held.keys()) {
      if (ranges.some(([from, to]) => from <= seq && seq <= to)) this.#held.delete(seq);
    }
  }

  setAside(seq: number): Promise<void> {
    this.#held.delete(seq);
    this.setAsideSeqs.push(seq);
    return Promise.resolve();
  }

  lowest(): number {
    for (const seq of this.#held.keys()) return seq;
    return this.#highest + 1;
  }

  highest(): number {
    return this.#highest;
  }

  stats(): QueueStats {
    return {
      bytes: 0,
      pendingBytes: 0,
      pendingBatches: this.#held.size,
      pendingPoints: this.#held.size,
      oldestPendingAtMs: this.#held.get(this.lowest())?.entry.appendedAtMs,
      lostBatches: this.setAsideSeqs.length,
      lostPoints: 0,
      damagedSegments: 0,
    };
  }

  onDurable(listener: (highestSeq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { encodeLossBody } from '../../contract/codec.ts';
import type { Queue, QueueEntry, QueueItem, QueueStats } from '../../edge/queue/queue.ts';
import { LossDeclarations, type LossReason } from '../../edge/queue/loss-declarations.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { BodyCache } from './body-cache.ts';

/** A durable batch of one agent, and its place in the journal. */
export interface HeldBatch extends QueueEntry {
  readonly place: number;
}

export interface AgentQueueDeps {
  readonly agent: string;
  readonly epoch: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly cache: BodyCache;
  /** Resolves with the place once it is durable; undefined: it was refused or could not be written. */
  readonly append: (seq: number, item: QueueItem) => Promise<number | undefined>;
  /** The body; undefined when it is gone. */
  readonly read: (place: number) => Promise<Buffer | undefined>;
}

/** One agent's part of the journal, as its publisher knows a queue. */
export class AgentQueue implements Queue {
  readonly epoch: string;
  readonly #deps: AgentQueueDeps;
  /** In order of seq. */
  #pending: HeldBatch[];
  /** Held, pending or not, because it tells the next seq after a restart. */
  #newest: HeldBatch | undefined;
  #nextSeq: number;
  readonly #losses = new LossDeclarations({ lostBatches: 0, lostPoints: 0 });
  readonly #listeners = new Set<(highestSeq: number) => void>();
  #pendingBytes: number;
  #isDeclaring = false;
  /** Batches that central answered. */
  acked = 0;

  constructor(deps: AgentQueueDeps, held: readonly HeldBatch[]) {
    this.epoch = deps.epoch;
    this.#deps = deps;
    this.#pending = [...held];
    this.#newest = held.at(-1);
    this.#nextSeq = (this.#newest?.seq ?? 0) + 1;
    this.#pendingBytes = held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async append(item: QueueItem): Promise<number | undefined> {
    const seq = this.#nextSeq++;
    const place = await this.#deps.append(seq, item);
    if (place === undefined) {
      const { points, firstMs, lastMs } = item;
      this.#recordLoss({ seq, points, firstMs, lastMs }, 'disk-full');
      return undefined;
    }
    const { points, firstMs, lastMs, body } = item;
    const appendedAtMs = this.#deps.clock.now();
    const batch = { seq, place, points, firstMs, lastMs, appendedAtMs, bytes: body.length };
    this.#pending.push(batch);
    this.#pendingBytes += batch.bytes;
    this.#newest = batch;
    this.#deps.cache.put(place, body);
    for (const listener of this.#listeners) listener(seq);
    void this.#declare();
    return seq;
  }

  pending(afterSeq: number, limit: number): readonly QueueEntry[] {
    const from = this.#pending.findIndex(({ seq }) => seq > afterSeq);
    return from === -1 ? [] : this.#pending.slice(from, from + limit);
  }

  async read(seq: number): Promise<Buffer | undefined> {
    const batch = this.#pending.find((each) => each.seq === seq);
    if (batch === undefined) return undefined;
    const body = this.#deps.cache.get(batch.place) ?? (await this.#deps.read(batch.place));
    if (body === undefined && this.#remove((each) => each === batch)) this.#recordLoss(batch, 'damaged');
    return body;
  }

  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void {
    if (epoch !== this.epoch) return;
    this.acked += this.#remove(({ seq }) => {
      const isDone = ranges.some(([from, to]) => from <= seq && seq <= to);
      if (isDone) this.#losses.markAcknowledged(seq);
      return isDone;
    });
  }

  async setAside(seq: number): Promise<void> {
    const batch = this.#pending.find((each) => each.seq === seq);
    if (batch === undefined) return;
    this.#remove((each) => each === batch);
    this.#recordLoss(batch, 'stuck');
    await this.#declare();
  }

  /** Batches at these places of the journal are gone. */
  lose(isGone: (place: number) => boolean): void {
    for (const batch of this.#pending.filter(({ place }) => isGone(place))) {
      this.#remove((each) => each === batch);
      this.#recordLoss(batch, 'queue-full');
    }
    void this.#declare();
  }

  lowest(): number {
    return this.#pending[0]?.seq ?? this.highest() + 1;
  }

  highest(): number {
    return this.#newest?.seq ?? 0;
  }

  /** Places in the journal that are still needed. */
  heldPlaces(): readonly number[] {
    const places = this.#pending.map(({ place }) => place);
    if (this.#newest !== undefined && this.#pending.at(-1) !== this.#newest) places.push(this.#newest.place);
    return places;
  }

  get pendingBatches(): number {
    return this.#pending.length;
  }

  get lostBatches(): number {
    return this.#losses.lostBatches;
  }

  stats(): QueueStats {
    return {
      bytes: this.#pendingBytes,
      pendingBytes: this.#pendingBytes,
      pendingBatches: this.#pending.length,
      pendingPoints: this.#pending.reduce((sum, { points }) => sum + points, 0),
      oldestPendingAtMs: this.#pending[0]?.appendedAtMs,
      lostBatches: this.#losses.lostBatches,
      lostPoints: this.#losses.lostPoints,
      damagedSegments: 0,
    };
  }

  onDurable(listener: (highestSeq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The journal is closed as a whole. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One at a time; what the disk refuses is declared with the next batch that it takes. */
  async #declare(): Promise<void> {
    if (this.#isDeclaring || !this.#losses.hasUndeclared) return;
    this.#isDeclaring = true;
    const nowMs = this.#deps.clock.now();
    const body = encodeLossBody(this.#losses.takeUndeclared(), nowMs);
    const seq = await this.append({ body, points: 0, firstMs: nowMs, lastMs: nowMs });
    this.#isDeclaring = false;
    if (seq === undefined) this.#losses.returnTaken();
    else this.#losses.markDeclared(seq);
  }

  #recordLoss(
    { seq, points, firstMs, lastMs }: Pick<QueueEntry, 'seq' | 'points' | 'firstMs' | 'lastMs'>,
    reason: LossReason,
  ): void {
    this.#deps.log.warn({ agent: this.#deps.agent, seq, reason }, 'simulated batch lost');
    this.#losses.redeclare(seq);
    this.#losses.record({ from: seq, to: seq, points, fromMs: firstMs, toMs: lastMs, reason });
  }

  /** How many. */
  #remove(isDone: (batch: HeldBatch) => boolean): number {
    const before = this.#pending.length;
    this.#pending = this.#pending.filter((batch) => {
      if (!isDone(batch)) return true;
      this.#pendingBytes -= batch.bytes;
      this.#deps.cache.delete(batch.place);
      return false;
    });
    return before - this.#pending.length;
  }
}

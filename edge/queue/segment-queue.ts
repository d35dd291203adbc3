import type { Clock } from '../../runtime/clock.ts';
import { codeOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { CursorKeeper } from './cursor-keeper.ts';
import type { Cursor } from './cursor.ts';
import type { Disk } from './disk.ts';
import { GroupCommit } from './group-commit.ts';
import type { HeldRecords } from './held-records.ts';
import { LossDeclarations, type LossReason, type QueueLoss } from './loss-declarations.ts';
import { PayloadReader } from './payload-reader.ts';
import type { SetAsideFiles } from './set-aside-files.ts';
import type { Queue, QueueEntry, QueueItem, QueueStats } from './queue.ts';
import { toWholeNumbers } from './numbering.ts';
import { epochSeed, MAX_PAYLOAD_BYTES, recordBytes, type RecordRow } from './record.ts';
import type { Recovered } from './recovery.ts';
import { SegmentLog } from './segment-log.ts';
import { SegmentStore } from './segment-store.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Segment } from './segment.ts';
import { Serial } from './serial.ts';

/** Limit for batches that wait for a slow disk. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_COMMIT_BYTES = 1024 * 1024;

export interface SegmentQueueDeps {
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly segmentBytes: number;
  readonly commitDelayMs: number;
  readonly commitMaxRecords: number;
  readonly disk: Disk;
  readonly setAsideFiles: SetAsideFiles;
  readonly clock: Clock;
  readonly log: Logger;
  readonly encodeLoss: (losses: readonly QueueLoss[], nowMs: number) => Buffer;
}

interface Waiting {
  readonly item: QueueItem;
  readonly resolve: (seq: number | undefined) => void;
}

/** The queue over recovered segments, made by openQueue(). The index is in memory, the bodies are on disk. */
export class SegmentQueue implements Queue {
  readonly epoch: string;
  readonly #deps: SegmentQueueDeps;
  readonly #held: HeldRecords;
  readonly #damagedSegments: number;
  readonly #losses: LossDeclarations;
  readonly #writer: SegmentWriter;
  readonly #store: SegmentStore;
  readonly #log: SegmentLog;
  readonly #reader: PayloadReader;
  readonly #keeper: CursorKeeper;
  readonly #group: GroupCommit<Waiting>;
  /** Commits, cursor saves and deletions, one at a time. */
  readonly #serial = new Serial();
  readonly #listeners = new Set<(highestSeq: number) => void>();
  #closed: Promise<void> | undefined;

  constructor(deps: SegmentQueueDeps, recovered: Recovered) {
    const { epoch, held } = recovered;
    const seed = epochSeed(epoch);
    this.epoch = epoch;
    this.#deps = deps;
    this.#held = held;
    this.#damagedSegments = recovered.damagedSegments;
    this.#losses = new LossDeclarations(recovered);
    this.#reader = new PayloadReader(deps.disk, seed);
    this.#writer = new SegmentWriter({ ...deps, epoch, carrier: held.newest?.file });
    this.#keeper = new CursorKeeper({ ...deps, serial: this.#serial, snapshot: () => this.#snapshot() });
    this.#store = new SegmentStore({
      ...deps,
      seed,
      held,
      writer: this.#writer,
      onDropped: (segment, reason) => this.#declareDropped(segment, reason),
      onDelivered: () => this.#keeper.saveNow({ sync: true }),
    });
    this.#log = new SegmentLog(
      { ...deps, store: this.#store, losses: this.#losses },
      { nextSeq: recovered.nextSeq, highest: held.newest?.last?.seq ?? (held.newest?.base ?? 1) - 1 },
    );
    this.#group = new GroupCommit({
      clock: deps.clock,
      delayMs: deps.commitDelayMs,
      maxItems: deps.commitMaxRecords,
      maxBytes: Math.min(MAX_COMMIT_BYTES, deps.segmentBytes),
      commit: (waiting) => this.#commit(waiting),
      idle: () => this.#serial.run(() => this.#writer.release()),
    });
  }

  /** Declares the losses that recovery found. Called once, by openQueue(). */
  start({ openLosses, newLosses }: Recovered): void {
    this.#losses.restore(openLosses, (seq) => this.#find(seq) !== undefined);
    for (const loss of newLosses) this.#recordLoss(loss);
    if (this.#losses.hasUndeclared) this.#group.request();
    this.#removeDelivered();
  }

  append(given: QueueItem): Promise<number | undefined> {
    if (this.#closed !== undefined) return Promise.resolve(undefined);
    const item = toWholeNumbers(given);
    const bytes = recordBytes(item.body.length);
    const isOversize = bytes > Math.min(MAX_PAYLOAD_BYTES, this.#deps.maxBytes / 4);
    if (isOversize || this.#group.waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#log.refuse(item);
      this.#group.request();
      return Promise.resolve(undefined);
    }
    return new Promise((resolve) => this.#group.add({ item, resolve }, bytes));
  }

  pending(afterSeq: number, limit: number): readonly QueueEntry[] {
    return this.#held.pending(afterSeq, limit);
  }

  async read(seq: number): Promise<Buffer | undefined> {
    const found = this.#find(seq);
    if (found === undefined) return undefined;
    const file = found.segment.file;
    try {
      const body = await this.#reader.read(found.segment, found.row);
      // It may have been acknowledged or dropped while the file was read.
      if (body !== undefined || this.#find(seq) === undefined) return body;
      this.#deps.log.error({ file, seq }, 'queue record is damaged');
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' && code !== 'EIO') throw error;
      if (this.#find(seq) === undefined) return undefined;
      this.#deps.log.error({ file, seq, err: error }, 'queue record cannot be read');
    }
    this.#declareLost(seq, 'damaged');
    return undefined;
  }

  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void {
    if (epoch !== this.epoch) return;
    // Only durable records are indexed: seqs above them have no effect.
    const settled = ranges.flatMap(([from, to]) => this.#held.markSettled(from, to));
    if (settled.length === 0) return;
    for (const row of settled) if (row.isLoss) this.#losses.markAcknowledged(row.seq);
    this.#keeper.saveSoon();
    this.#removeDelivered();
  }

  async setAside(seq: number): Promise<void> {
    const body = await this.read(seq);
    if (body === undefined) return;
    await this.#deps.setAsideFiles.write(`batch-${this.epoch}-${seq}`, body);
    this.#declareLost(seq, 'stuck');
  }

  lowest(): number {
    return this.#held.firstPending()?.seq ?? this.#log.nextSeq;
  }

  highest(): number {
    return this.#log.highest;
  }

  stats(): QueueStats {
    return {
      bytes: this.#held.bytes,
      pendingBytes: this.#held.pendingBytes,
      pendingBatches: this.#held.pendingBatches,
      pendingPoints: this.#held.pendingPoints,
      oldestPendingAtMs: this.#held.firstPending()?.appendedAtMs,
      lostBatches: this.#losses.lostBatches,
      lostPoints: this.#losses.lostPoints,
      damagedSegments: this.#damagedSegments,
    };
  }

  onDurable(listener: (highestSeq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#group.close();
    await this.#keeper.close();
    await this.#serial.run(async () => {
      await this.#writer.release();
      if (this.#held.newest !== undefined) await this.#keeper.saveNow({ sync: true });
    });
  }

  async #commit(waiting: readonly Waiting[]): Promise<void> {
    const lostBefore = this.#losses.lostBatches;
    const items = waiting.map(({ item }) => item);
    const { firstSeq, isDurable } = await this.#serial.run(() => this.#log.commit(items));
    for (const [index, { resolve }] of waiting.entries()) resolve(isDurable ? firstSeq + index : undefined);
    const hasLost = this.#losses.lostBatches > lostBefore;
    if (hasLost || (isDurable && this.#keeper.isFailing)) this.#keeper.saveSoon();
    if (!isDurable) return;
    // Losses of this commit are declared in the next one. A commit of a declaration alone that caused losses does not
    // request another, or a tiny queue would drop everything for declarations.
    if (this.#losses.hasUndeclared && (waiting.length > 0 || !hasLost)) this.#group.request();
    if (this.#log.highest >= firstSeq) this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.#log.highest);
      } catch (error) {
        this.#deps.log.error({ err: error }, 'queue listener failed');
      }
    }
  }

  #find(seq: number): { readonly segment: Segment; readonly row: RecordRow } | undefined {
    const segment = this.#held.segmentOf(seq);
    const row = segment?.find(seq);
    return segment === undefined || row === undefined ? undefined : { segment, row };
  }

  #declareLost(seq: number, reason: LossReason): void {
    for (const row of this.#held.markSettled(seq, seq)) {
      if (row.isLoss) this.#losses.redeclare(seq);
      this.#recordLoss({
        from: seq,
        to: seq,
        points: row.points,
        fromMs: row.firstMs,
        toMs: row.lastMs,
        reason,
      });
    }
    if (this.#closed === undefined && this.#losses.hasUndeclared) this.#group.request();
    this.#removeDelivered();
  }

  #recordLoss(loss: QueueLoss): void {
    this.#losses.record(loss);
    this.#keeper.saveSoon();
  }

  async #declareDropped(segment: Segment, reason: LossReason): Promise<void> {
    const runs = segment.pendingRuns();
    for (const row of segment.markSettled(segment.base, Infinity))
      if (row.isLoss) this.#losses.redeclare(row.seq);
    for (const { from, to, points, firstMs, lastMs } of runs) {
      this.#losses.record({ from, to, points, fromMs: firstMs, toMs: lastMs, reason });
    }
    // Saved before the file is deleted: after a crash in between the losses are still known.
    await this.#keeper.saveNow({ sync: false });
  }

  #removeDelivered(): void {
    if (!this.#store.hasDelivered || this.#closed !== undefined) return;
    void this.#serial.run(() => this.#store.removeDelivered());
  }

  #snapshot(): Cursor {
    return {
      v: 1,
      epoch: this.epoch,
      nextSeq: this.#log.nextSeq,
      pending: this.#held.pendingRanges().map(([from, to]): [number, number] => [from, to]),
      losses: this.#losses.unacknowledged().map((loss) => ({ ...loss })),
      lostBatches: this.#losses.lostBatches,
      lostPoints: this.#losses.lostPoints,
      damagedSegments: this.#damagedSegments,
    };
  }
}

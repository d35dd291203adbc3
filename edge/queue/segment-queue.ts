import type { Clock } from '../../runtime/clock.ts';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { CursorKeeper } from './cursor-keeper.ts';
import type { Cursor } from './cursor.ts';
import type { Disk } from './disk.ts';
import { GroupCommit } from './group-commit.ts';
import type { HeldRecords } from './held-records.ts';
import { LossBook, type LossReason, type QueueLoss } from './loss-declarations.ts';
import { PayloadReader } from './payload-reader.ts';
import type { Quarantine } from './set-aside-files.ts';
import type { Queue, QueueEntry, QueueItem, QueueStats } from './queue.ts';
import { toWholeNumbers } from './numbering.ts';
import { epochSeed, MAX_PAYLOAD_BYTES, recordBytes, type RecordRow } from './record.ts';
import type { Recovered } from './recovery.ts';
import { SegmentLog } from './segment-log.ts';
import { SegmentStore } from './segment-store.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Segment } from './segment.ts';
import { Serial } from './serial.ts';

/** What may wait for a slow disk. */
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
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly encodeLoss: (losses: readonly QueueLoss[], nowMs: number) => Buffer;
}

interface Waiting {
  readonly item: QueueItem;
  readonly resolve: (seq: number | undefined) => void;
}

/** The queue over recovered segments; openQueue() makes it. Memory knows what is pending, the disk has the bodies. */
export class SegmentQueue implements Queue {
  readonly epoch: string;
  readonly #deps: SegmentQueueDeps;
  readonly #held: HeldRecords;
  readonly #damagedSegments: number;
  readonly #book: LossBook;
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
    this.#book = new LossBook(recovered);
    this.#reader = new PayloadReader(deps.disk, seed);
    this.#writer = new SegmentWriter({ ...deps, epoch, carrier: held.newest?.file });
    this.#keeper = new CursorKeeper({ ...deps, serial: this.#serial, snapshot: () => this.#snapshot() });
    this.#store = new SegmentStore({
      ...deps,
      seed,
      held,
      writer: this.#writer,
      dropped: (segment, reason) => this.#declareDropped(segment, reason),
      delivered: () => this.#keeper.saveNow({ sync: true }),
    });
    this.#log = new SegmentLog(
      { ...deps, store: this.#store, book: this.#book },
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

  /** Declares what recovery found missing. Called once, by openQueue(). */
  start({ openLosses, newLosses }: Recovered): void {
    this.#book.restore(openLosses, (seq) => this.#find(seq) !== undefined);
    for (const loss of newLosses) this.#lose(loss);
    if (this.#book.hasUndeclared) this.#group.request();
    this.#removeDelivered();
  }

  append(given: QueueItem): Promise<number | undefined> {
    if (this.#closed !== undefined) return Promise.resolve(undefined);
    const item = toWholeNumbers(given);
    const bytes = recordBytes(item.body.length);
    const isOversize = bytes > Math.min(MAX_PAYLOAD_BYTES, this.#deps.maxBytes / 4);
    if (isOversize || this.#group.waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#log.overflow(item);
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
      // Delivered or dropped while the file was being read.
      if (body !== undefined || this.#find(seq) === undefined) return body;
      this.#deps.log.error({ file, seq }, 'queue record is damaged');
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' && code !== 'EIO') throw error;
      if (this.#find(seq) === undefined) return undefined;
      this.#deps.log.error({ file, seq, error: messageOf(error) }, 'queue record cannot be read');
    }
    this.#loseHeld(seq, 'damaged');
    return undefined;
  }

  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void {
    if (epoch !== this.epoch) return;
    // Only durable records are held: what of a range is above them is no matter.
    const settled = ranges.flatMap(([from, to]) => this.#held.settle(from, to));
    if (settled.length === 0) return;
    for (const row of settled) if (row.isLoss) this.#book.confirm(row.seq);
    this.#keeper.saveSoon();
    this.#removeDelivered();
  }

  async setAside(seq: number): Promise<void> {
    const body = await this.read(seq);
    if (body === undefined) return;
    await this.#deps.quarantine.keep(`batch-${this.epoch}-${seq}`, body);
    this.#loseHeld(seq, 'stuck');
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
      pendingBatches: this.#held.pendingBatches,
      pendingPoints: this.#held.pendingPoints,
      oldestPendingAtMs: this.#held.firstPending()?.appendedAtMs,
      lostBatches: this.#book.lostBatches,
      lostPoints: this.#book.lostPoints,
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
    const lostBefore = this.#book.lostBatches;
    const items = waiting.map(({ item }) => item);
    const { firstSeq, isDurable } = await this.#serial.run(() => this.#log.commit(items));
    for (const [index, { resolve }] of waiting.entries()) resolve(isDurable ? firstSeq + index : undefined);
    const hasLost = this.#book.lostBatches > lostBefore;
    if (hasLost || (isDurable && this.#keeper.isFailing)) this.#keeper.saveSoon();
    if (!isDurable) return;
    // Losses on the way to this commit are declared in the next one; but a declaration that cost batches itself must
    // not start another by itself, or a tiny queue would eat itself up.
    if (this.#book.hasUndeclared && (waiting.length > 0 || !hasLost)) this.#group.request();
    if (this.#log.highest >= firstSeq) this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.#log.highest);
      } catch (error) {
        this.#deps.log.error({ error: messageOf(error) }, 'listener to the queue failed');
      }
    }
  }

  #find(seq: number): { readonly segment: Segment; readonly row: RecordRow } | undefined {
    const segment = this.#held.segmentOf(seq);
    const row = segment?.find(seq);
    return segment === undefined || row === undefined ? undefined : { segment, row };
  }

  #loseHeld(seq: number, reason: LossReason): void {
    for (const row of this.#held.settle(seq, seq)) {
      if (row.isLoss) this.#book.reopen(seq);
      this.#lose({ from: seq, to: seq, points: row.points, fromMs: row.firstMs, toMs: row.lastMs, reason });
    }
    if (this.#closed === undefined && this.#book.hasUndeclared) this.#group.request();
    this.#removeDelivered();
  }

  #lose(loss: QueueLoss): void {
    this.#book.lose(loss);
    this.#keeper.saveSoon();
  }

  async #declareDropped(segment: Segment, reason: LossReason): Promise<void> {
    const runs = segment.pendingRuns();
    for (const row of segment.settle(segment.base, Infinity)) if (row.isLoss) this.#book.reopen(row.seq);
    for (const { from, to, points, firstMs, lastMs } of runs) {
      this.#book.lose({ from, to, points, fromMs: firstMs, toMs: lastMs, reason });
    }
    // Before the file goes: a crash in between must still know what was in it.
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
      losses: this.#book.open().map((loss) => ({ ...loss })),
      lostBatches: this.#book.lostBatches,
      lostPoints: this.#book.lostPoints,
      damagedSegments: this.#damagedSegments,
    };
  }
}

import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { isDiskFull } from './disk.ts';
import type { LossBook, QueueLoss } from './loss-declarations.ts';
import { addToOverflow, groupLoss, numberRecords, overflowLoss, type Overflow } from './numbering.ts';
import type { QueueItem } from './queue.ts';
import { recordBytes, type NewRecord } from './record.ts';
import type { SegmentStore } from './segment-store.ts';

/** Room for a declaration beside a group. */
const DECLARATION_BYTES = 4 * 1024;

export interface SegmentLogDeps {
  readonly store: SegmentStore;
  readonly book: LossBook;
  readonly clock: Clock;
  readonly log: Logger;
  readonly encodeLoss: (losses: readonly QueueLoss[], nowMs: number) => Buffer;
}

/** Gives out seqs and writes groups; what the disk does not take is lost under the seqs it was given. */
export class SegmentLog {
  readonly #deps: SegmentLogDeps;
  #nextSeq: number;
  #highest: number;
  #overflow: Overflow | undefined;

  constructor(deps: SegmentLogDeps, start: { readonly nextSeq: number; readonly highest: number }) {
    this.#deps = deps;
    this.#nextSeq = start.nextSeq;
    this.#highest = start.highest;
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** Durable. */
  get highest(): number {
    return this.#highest;
  }

  /** Lost without a try; gets its seq at the next commit. */
  overflow(item: QueueItem): void {
    this.#overflow = addToOverflow(this.#overflow, item);
  }

  /** One call at a time. Never rejects; true when all of `items` are durable, from `firstSeq` on. */
  async commit(
    items: readonly QueueItem[],
  ): Promise<{ readonly firstSeq: number; readonly isDurable: boolean }> {
    const nowMs = this.#deps.clock.now();
    const bytes = items.reduce((sum, item) => sum + recordBytes(item.body.length), DECLARATION_BYTES);
    await this.#deps.store.keepWithinBounds(bytes, nowMs);
    this.#numberOverflow();
    const firstSeq = this.#nextSeq;
    const records = numberRecords(items, this.#declaration(nowMs), firstSeq, nowMs);
    try {
      await this.#deps.store.write(records);
      this.#accept(records);
      return { firstSeq, isDurable: true };
    } catch (error) {
      this.#refuse(records, error);
      return { firstSeq, isDurable: false };
    }
  }

  #declaration(nowMs: number): Buffer | undefined {
    const { book, encodeLoss, log } = this.#deps;
    const losses = book.take();
    if (losses.length === 0) return undefined;
    try {
      return encodeLoss(losses, nowMs);
    } catch (error) {
      // The samples of this group must not suffer for it.
      log.error({ error: messageOf(error) }, 'losses cannot be encoded, they are declared later');
      book.giveBack();
      return undefined;
    }
  }

  #accept(records: readonly NewRecord[]): void {
    const last = records.at(-1);
    if (last === undefined) return;
    this.#nextSeq = last.seq + 1;
    this.#highest = last.seq;
    if (last.isLoss) this.#deps.book.declare(last.seq);
  }

  #refuse(records: readonly NewRecord[], error: unknown): void {
    const { book, log } = this.#deps;
    book.giveBack();
    const loss = groupLoss(records, isDiskFull(error) ? 'disk-full' : 'damaged');
    if (loss === undefined) return;
    log.warn({ ...loss, error: messageOf(error) }, 'batches lost: the disk does not take them');
    this.#nextSeq = loss.to + 1;
    book.lose(loss);
  }

  #numberOverflow(): void {
    if (this.#overflow === undefined) return;
    const loss = overflowLoss(this.#overflow, this.#nextSeq);
    this.#overflow = undefined;
    this.#deps.log.warn({ ...loss }, 'batches lost: too large, or too many wait for the disk');
    this.#nextSeq = loss.to + 1;
    this.#deps.book.lose(loss);
  }
}

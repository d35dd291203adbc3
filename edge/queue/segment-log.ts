import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { isDiskFull } from './disk.ts';
import type { LossDeclarations, QueueLoss } from './loss-declarations.ts';
import { addToOverflow, groupLoss, numberRecords, overflowLoss, type Overflow } from './numbering.ts';
import type { QueueItem } from './queue.ts';
import { recordBytes, type NewRecord } from './record.ts';
import type { SegmentStore } from './segment-store.ts';

/** Space for a declaration in addition to a group. */
const DECLARATION_BYTES = 4 * 1024;

export interface SegmentLogDeps {
  readonly store: SegmentStore;
  readonly losses: LossDeclarations;
  readonly clock: Clock;
  readonly log: Logger;
  readonly encodeLoss: (losses: readonly QueueLoss[], nowMs: number) => Buffer;
}

/** Assigns seqs and writes groups; a group that cannot be written is recorded as lost under its seqs. */
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

  /** Records a batch as lost without writing it; its seq is assigned at the next commit. */
  refuse(item: QueueItem): void {
    this.#overflow = addToOverflow(this.#overflow, item);
  }

  /** One call at a time. Never rejects; `isDurable`: all of `items` are, from `firstSeq` on. */
  async commit(
    items: readonly QueueItem[],
  ): Promise<{ readonly firstSeq: number; readonly isDurable: boolean }> {
    const nowMs = this.#deps.clock.now();
    const bytes = items.reduce((sum, item) => sum + recordBytes(item.body.length), DECLARATION_BYTES);
    await this.#deps.store.keepWithinBounds(bytes, nowMs);
    this.#numberOverflow();
    const firstSeq = this.#nextSeq;
    const records = numberRecords(items, this.#encodeDeclaration(nowMs), firstSeq, nowMs);
    try {
      await this.#deps.store.write(records);
      this.#recordDurable(records);
      return { firstSeq, isDurable: true };
    } catch (error) {
      this.#recordFailed(records, error);
      return { firstSeq, isDurable: false };
    }
  }

  #encodeDeclaration(nowMs: number): Buffer | undefined {
    const { losses, encodeLoss, log } = this.#deps;
    const taken = losses.takeUndeclared();
    if (taken.length === 0) return undefined;
    try {
      return encodeLoss(taken, nowMs);
    } catch (error) {
      // The samples of this group are written without the declaration.
      log.error({ err: error }, 'losses cannot be encoded and are declared later');
      losses.returnTaken();
      return undefined;
    }
  }

  #recordDurable(records: readonly NewRecord[]): void {
    const last = records.at(-1);
    if (last === undefined) return;
    this.#nextSeq = last.seq + 1;
    this.#highest = last.seq;
    if (last.isLoss) this.#deps.losses.markDeclared(last.seq);
  }

  #recordFailed(records: readonly NewRecord[], error: unknown): void {
    const { losses, log } = this.#deps;
    losses.returnTaken();
    const loss = groupLoss(records, isDiskFull(error) ? 'disk-full' : 'damaged');
    if (loss === undefined) return;
    log.warn({ ...loss, err: error }, 'batches lost: they cannot be written to disk');
    this.#nextSeq = loss.to + 1;
    losses.record(loss);
  }

  #numberOverflow(): void {
    if (this.#overflow === undefined) return;
    const loss = overflowLoss(this.#overflow, this.#nextSeq);
    this.#overflow = undefined;
    this.#deps.log.warn({ ...loss }, 'batches lost: too large, or too many wait for the disk');
    this.#nextSeq = loss.to + 1;
    this.#deps.losses.record(loss);
  }
}

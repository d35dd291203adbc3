import type { QueueItem } from './queue.ts';
import type { LossReason, QueueLoss } from './loss-declarations.ts';
import { MAX_U32, MAX_U48, type NewRecord } from './record.ts';

/** A clock before 1970 or a fraction must neither lose a batch nor make the cursor unreadable. */
export function toWholeNumbers(item: QueueItem): QueueItem {
  return {
    body: item.body,
    points: whole(item.points, MAX_U32),
    firstMs: whole(item.firstMs, MAX_U48),
    lastMs: whole(item.lastMs, MAX_U48),
  };
}

/** Batches that were refused before they had a seq: too much was waiting for the disk. */
export interface Overflow {
  readonly batches: number;
  readonly points: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export function addToOverflow(overflow: Overflow | undefined, item: QueueItem): Overflow {
  return {
    batches: (overflow?.batches ?? 0) + 1,
    points: (overflow?.points ?? 0) + item.points,
    fromMs: Math.min(overflow?.fromMs ?? Infinity, item.firstMs),
    toMs: Math.max(overflow?.toMs ?? -Infinity, item.lastMs),
  };
}

export function overflowLoss(overflow: Overflow, firstSeq: number): QueueLoss {
  const { batches, points, fromMs, toMs } = overflow;
  return { from: firstSeq, to: firstSeq + batches - 1, points, fromMs, toMs, reason: 'queue-full' };
}

/** One group as it will be written. The declaration is last, so that a failed write uses up no seq beyond those of the batches. */
export function numberRecords(
  items: readonly QueueItem[],
  declaration: Buffer | undefined,
  firstSeq: number,
  nowMs: number,
): readonly NewRecord[] {
  const bodies = items.map((item) => ({ ...item, isLoss: false }));
  const all =
    declaration === undefined
      ? bodies
      : [
          ...bodies,
          {
            body: declaration,
            points: 0,
            firstMs: whole(nowMs, MAX_U48),
            lastMs: whole(nowMs, MAX_U48),
            isLoss: true,
          },
        ];
  return all.map(({ body, points, firstMs, lastMs, isLoss }, index) => ({
    seq: firstSeq + index,
    isLoss,
    points,
    firstMs,
    lastMs,
    appendedAtMs: whole(nowMs, MAX_U48),
    payload: body,
  }));
}

/** The loss of a group that could not be written; undefined when it held only a declaration. */
export function groupLoss(records: readonly NewRecord[], reason: LossReason): QueueLoss | undefined {
  const batches = records.filter((record) => !record.isLoss);
  const [first, last] = [batches[0], batches.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    from: first.seq,
    to: last.seq,
    points: batches.reduce((sum, record) => sum + record.points, 0),
    fromMs: batches.reduce((least, record) => Math.min(least, record.firstMs), Infinity),
    toMs: batches.reduce((most, record) => Math.max(most, record.lastMs), -Infinity),
    reason,
  };
}

function whole(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, Math.trunc(value))) : 0;
}

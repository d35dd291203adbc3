import type { Loss } from '../../../contract/batch.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Ledger, LostBatches, StoredBatch } from '../../ledger/ledger.ts';
import type { StoreRejection } from '../../store/sample-store.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { Counters } from '../counters.ts';
import type { MissingWatch } from './missing-watch.ts';
import { batchKey, describeRow, sentRowOf, type PendingBatch, type RefusedRow } from './pending-batch.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';

export interface Books {
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly acks: Acknowledger;
  readonly missing: MissingWatch;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly onLoss: (agent: string, epoch: string, loss: Loss, receivedAtMs: number) => void;
}

interface Outcome {
  readonly batch: PendingBatch;
  readonly storedPoints: number;
  readonly storedValues: number;
  readonly refusedRows: readonly RefusedRow[];
  readonly refusedPoints: number;
  readonly refusedByStore: number;
}

/** The store has the group: what it refused goes to quarantine, then the ledger commits, and only then agents hear of it. */
export async function bookGroup(
  books: Books,
  group: readonly PendingBatch[],
  rejections: readonly StoreRejection[],
): Promise<void> {
  const byBatch = new Map<string, StoreRejection[]>();
  for (const rejection of rejections) {
    const key = batchKey(rejection.agent, rejection.epoch, rejection.seq);
    byBatch.set(key, [...(byBatch.get(key) ?? []), rejection]);
  }
  const outcomes = group.map((batch) => toOutcome(books, batch, byBatch.get(batch.key) ?? []));
  await book(books, outcomes);
}

/** The store breaks on this batch alone: it is refused whole, so that it cannot hold up the rest. */
export async function bookPoison(books: Books, batch: PendingBatch, reason: string): Promise<void> {
  const { agent, epoch, seq, points } = batch;
  const text = `the store failed on this batch: ${reason}`;
  for (let row = 0; row < points; row++) {
    const { measurement, raw } = describeRow(batch, row);
    const entry = { agent, epoch, seq, row: sentRowOf(batch, row), measurement, raw };
    books.quarantine.add({ ...entry, code: 'store', reason: text });
  }
  const refusedRows = [...batch.refusedRows, { row: undefined, reason: text }];
  const refusedPoints = batch.refusedPoints + points;
  await book(books, [
    { batch, storedPoints: 0, storedValues: 0, refusedRows, refusedPoints, refusedByStore: points },
  ]);
}

/** Central stops: batches that nobody keeps to send again are lost with it, and so said. */
export function bookLost(
  books: Pick<Books, 'ledger' | 'counters' | 'clock'>,
  unbooked: readonly PendingBatch[],
  pending: readonly LostBatches[],
): void {
  const declarations = [
    ...unbooked.map(({ agent, epoch, seq, points, measuredAtMs, losses }) => {
      const own = {
        from: seq,
        to: seq,
        points,
        fromMs: measuredAtMs,
        toMs: measuredAtMs,
        reason: 'stuck',
      } as const;
      return { agent, epoch, losses: [...losses, own] };
    }),
    ...pending,
  ];
  if (declarations.length === 0) return;
  books.ledger.recordLost(declarations, books.clock.now());
  for (const { losses } of declarations)
    for (const { from, to } of losses) books.counters.counts.declaredLostBatches += to - from + 1;
}

async function book(books: Books, outcomes: readonly Outcome[]): Promise<void> {
  const { ledger, quarantine, acks, missing, counters, clock } = books;
  await quarantine.flush();
  const nowMs = clock.now();
  missing.add(ledger.recordStored(outcomes.map(toLedger), nowMs), nowMs);
  const { counts } = counters;
  for (const { batch, storedPoints, storedValues, refusedRows, refusedByStore } of outcomes) {
    const { agent, epoch, seq } = batch;
    if (batch.wantsAck) acks.add(agent, epoch, seq, refusedRows);
    counts.storedBatches++;
    counts.storedPoints += storedPoints;
    counts.storedValues += storedValues;
    if (refusedByStore > 0) counters.refuseRows('store', refusedByStore);
    for (const loss of batch.losses) {
      counts.declaredLostBatches += Math.max(0, loss.to - loss.from + 1);
      books.onLoss(agent, epoch, loss, batch.receivedAtMs);
    }
  }
  acks.flush();
}

function toOutcome(books: Books, batch: PendingBatch, rejections: readonly StoreRejection[]): Outcome {
  const refusedRows = [...batch.refusedRows];
  let storedValues = batch.values;
  let refused = 0;
  for (const { row, reason } of rejections) {
    const { agent, epoch, seq } = batch;
    const { measurement, raw, values } = describeRow(batch, row);
    const sentRow = sentRowOf(batch, row);
    books.quarantine.add({ agent, epoch, seq, row: sentRow, measurement, code: 'store', reason, raw });
    // Past the agent's own rows stands central's `ingest_batch`.
    if (row >= batch.points) continue;
    refusedRows.push({ row: sentRow, reason });
    storedValues -= values;
    refused++;
  }
  return {
    batch,
    storedPoints: batch.points - refused,
    storedValues,
    refusedRows,
    refusedPoints: batch.refusedPoints + refused,
    refusedByStore: refused,
  };
}

function toLedger({ batch, storedPoints, refusedPoints }: Outcome): StoredBatch {
  const { agent, epoch, seq, lowest, measuredAtMs, losses } = batch;
  return { agent, epoch, seq, lowest, measuredAtMs, storedPoints, refusedPoints, losses };
}

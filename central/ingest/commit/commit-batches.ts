import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Ledger, LostBatches, StoredBatch } from '../../ledger/ledger.ts';
import type { StoreRejection } from '../../store/sample-store.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { Counters } from '../stats/counters.ts';
import type { MissingWatch } from './missing-watch.ts';
import { batchKey, sentRowOf, type PendingBatch, type RefusedRow } from './pending-batch.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';
import type { RefusedByStore, RefusedListener } from '../quarantine/replay-intake.ts';

export interface CommitDeps {
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly acks: Acknowledger;
  readonly missing: MissingWatch;
  readonly counters: Counters;
  readonly clock: Clock;
  /** Its entries are in the quarantine still: rows of it that the store refuses are given back and not quarantined again. */
  readonly onReplayRefused: RefusedListener;
}

const NONE: readonly never[] = [];

interface Outcome {
  readonly batch: PendingBatch;
  readonly storedPoints: number;
  readonly storedValues: number;
  readonly refusedRows: readonly RefusedRow[];
  readonly refusedPoints: number;
  readonly refusedByStore: number;
}

/** After the store's write: quarantines the rows it refused, commits the group to the ledger, then acknowledges it. */
export async function commitGroup(
  deps: CommitDeps,
  group: readonly PendingBatch[],
  rejections: readonly StoreRejection[],
): Promise<void> {
  const byBatch = new Map<string, StoreRejection[]>();
  for (const rejection of rejections) {
    const key = batchKey(rejection.agent, rejection.epoch, rejection.seq);
    byBatch.set(key, [...(byBatch.get(key) ?? []), rejection]);
  }
  const rejectionsOf = ({ key }: PendingBatch): readonly StoreRejection[] =>
    byBatch.size === 0 ? NONE : (byBatch.get(key) ?? NONE);
  const outcomes = group.map((batch) => toOutcome(deps, batch, rejectionsOf(batch)));
  await commit(deps, outcomes);
}

/** For a batch on which the store always fails: refuses all of it, so that it does not block the others. */
export async function commitUnstorable(deps: CommitDeps, batch: PendingBatch, reason: string): Promise<void> {
  const { agent, epoch, seq, points } = batch;
  const text = `the store failed on this batch: ${reason}`;
  for (let row = 0; batch.keptBy !== 'quarantine' && row < points; row++) {
    const { measurement, raw } = batch.prepared.describe(row);
    const entry = { agent, epoch, seq, row: sentRowOf(batch, row), measurement, raw };
    deps.quarantine.add({ ...entry, code: 'store', reason: text });
  }
  const refusedRows = [...batch.refusedRows, { row: undefined, reason: text }];
  const refusedPoints = batch.refusedPoints + points;
  await commit(deps, [
    { batch, storedPoints: 0, storedValues: 0, refusedRows, refusedPoints, refusedByStore: points },
  ]);
}

/** When central stops: declares lost what is not stored and what no sender can send again. */
export function recordLosses(
  deps: Pick<CommitDeps, 'ledger' | 'counters' | 'clock'>,
  unstored: readonly PendingBatch[],
  pending: readonly LostBatches[],
): void {
  const declarations = [
    ...unstored.map(({ agent, epoch, seq, points, measuredAtMs, losses }) => {
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
  deps.counters.countDeclaredLost(deps.ledger.recordLost(declarations, deps.clock.now()).newlyLost);
}

async function commit(deps: CommitDeps, outcomes: readonly Outcome[]): Promise<void> {
  const { ledger, quarantine, acks, missing, counters, clock, onReplayRefused } = deps;
  await quarantine.flush();
  const replaysRefused = outcomes.flatMap(refusedReplay);
  // Before the ledger has them: what is in it counts as stored, whatever ends in between.
  if (replaysRefused.length > 0) onReplayRefused(replaysRefused);
  const nowMs = clock.now();
  const recorded = ledger.recordStored(outcomes.map(toLedger), nowMs);
  missing.add(recorded.missing, nowMs);
  counters.countDeclaredLost(recorded.newlyLost);
  const { counts } = counters;
  for (const { batch, storedPoints, storedValues, refusedRows, refusedByStore } of outcomes) {
    const { agent, epoch, seq } = batch;
    if (batch.keptBy === 'sender') acks.add(agent, epoch, seq, refusedRows);
    // Where times were moved they say nothing about central's clock.
    if (agent !== CENTRAL_AGENT && storedPoints > 0 && !batch.timesMoved) {
      counters.newestMeasuredAtMs = Math.max(counters.newestMeasuredAtMs ?? 0, batch.measuredAtMs);
    }
    counts.storedBatches++;
    counts.storedPoints += storedPoints;
    counts.storedValues += storedValues;
    if (refusedByStore > 0) counters.refuseRows('store', refusedByStore);
  }
  acks.flush();
}

function toOutcome(deps: CommitDeps, batch: PendingBatch, rejections: readonly StoreRejection[]): Outcome {
  if (rejections.length === 0) {
    const { points: storedPoints, values, refusedRows, refusedPoints } = batch;
    return { batch, storedPoints, storedValues: values, refusedRows, refusedPoints, refusedByStore: 0 };
  }
  const refusedRows = [...batch.refusedRows];
  let storedValues = batch.values;
  let refused = 0;
  for (const { row, reason } of rejections) {
    const { agent, epoch, seq } = batch;
    const { measurement, raw, values } = batch.prepared.describe(row);
    const sentRow = sentRowOf(batch, row);
    // The row after the agent's own is central's `ingest_batch`.
    const isOwn = row >= batch.points;
    if (isOwn || batch.keptBy !== 'quarantine')
      deps.quarantine.add({ agent, epoch, seq, row: sentRow, measurement, code: 'store', reason, raw });
    if (isOwn) continue;
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

/** A batch of the quarantine is one row. */
function refusedReplay({ batch, storedPoints, refusedRows }: Outcome): readonly RefusedByStore[] {
  if (batch.keptBy !== 'quarantine' || storedPoints > 0) return NONE;
  const { agent, epoch, seq } = batch;
  return [{ agent, epoch, seq, code: 'store', reason: refusedRows.at(-1)?.reason ?? 'refused' }];
}

function toLedger({ batch, storedPoints, refusedPoints }: Outcome): StoredBatch {
  const { agent, epoch, seq, lowest, measuredAtMs, losses } = batch;
  return { agent, epoch, seq, lowest, measuredAtMs, storedPoints, refusedPoints, losses };
}

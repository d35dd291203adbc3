import type { Batch, Loss } from '../../../contract/batch.ts';
import type { SampleTable } from '../../samples/sample-table.ts';
import { Series } from '../../samples/series.ts';
import type { PreparedBatch, SampleStore } from '../../store/sample-store.ts';
import type { CheckedBatch } from '../validate/checked-batch.ts';

export interface RefusedRow {
  /** Row number in the batch as sent, through all tables; undefined: more than one row. */
  readonly row: number | undefined;
  readonly reason: string;
}

/**
 * Who has the batch until it is stored. `sender`: an edge agent, which waits for an acknowledgement and sends it again. `nobody`: it came
 * through a `SampleIntake`. `quarantine`: it is taken in again, and will be once more if it is not stored.
 */
export type Keeper = 'sender' | 'nobody' | 'quarantine';

/** A batch between its arrival and its acknowledgement. */
export interface PendingBatch {
  /** Identity: agent, epoch and seq. */
  readonly key: string;
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly lowest: number;
  readonly backfill: boolean;
  readonly receivedAtMs: number;
  readonly sentAtMs: number;
  /** Newest sample in it, by the agent's clock. */
  readonly measuredAtMs: number;
  /** What is written: the agent's rows, then a row of `ingest_batch` by central. */
  readonly prepared: PreparedBatch;
  /** By central's clock, not by the agent's: see CheckedBatch. */
  readonly timesMoved: boolean;
  readonly points: number;
  readonly values: number;
  /** Estimated size in memory. */
  readonly bytes: number;
  readonly refusedRows: readonly RefusedRow[];
  readonly refusedPoints: number;
  readonly losses: readonly Loss[];
  readonly keptBy: Keeper;
}

export function batchKey(agent: string, epoch: string, seq: number): string {
  return `${agent} ${epoch} ${seq}`;
}

export interface Arrival {
  readonly agent: string;
  readonly batch: Batch;
  readonly checked: CheckedBatch;
  readonly receivedAtMs: number;
  /** Time of the `ingest_batch` row: unique per agent, so that no two rows merge. */
  readonly rowTimeMs: number;
  /** Of that row. */
  readonly series: Series;
  readonly keptBy: Keeper;
  readonly prepare: SampleStore['prepare'];
}

const OVERHEAD_BYTES = 1_024;
const BYTES_A_REFUSAL = 128;
const BYTES_A_CHAR = 2;
const NONE: readonly never[] = [];

export function toPendingBatch(arrival: Arrival): PendingBatch {
  const { agent, batch, checked, receivedAtMs, rowTimeMs, series, keptBy, prepare } = arrival;
  const { epoch, seq, lowest, backfill, sentAtMs, baseMs, losses = NONE } = batch;
  const sentRows = batch.tables.reduce((sum, table) => sum + table.rows.length, 0);
  const own = ingestBatchTable(series, batch, checked.points, receivedAtMs, rowTimeMs);
  const prepared = prepare({ agent, epoch, seq, tables: [...checked.tables, own] });
  return {
    key: batchKey(agent, epoch, seq),
    agent,
    epoch,
    seq,
    lowest,
    backfill,
    receivedAtMs,
    sentAtMs,
    // The newest sample is not known where its time was moved; it is not later than its arrival.
    measuredAtMs: checked.timesMoved === true ? receivedAtMs : baseMs,
    timesMoved: checked.timesMoved === true,
    prepared,
    points: checked.points,
    values: checked.tables.reduce((sum, table) => sum + valuesIn(table), 0),
    bytes: prepared.bytes + OVERHEAD_BYTES + bytesOf(checked.refusals),
    refusedRows:
      checked.refusals.length === 0 ? NONE : checked.refusals.map(({ row, reason }) => ({ row, reason })),
    refusedPoints: Math.max(0, sentRows - checked.points),
    losses,
    keptBy,
  };
}

/** Converts a row number of the store to the agent's: the store never got the rows that validation refused. */
export function sentRowOf(batch: PendingBatch, storedRow: number): number {
  const refused = batch.refusedRows.flatMap(({ row }) => row ?? []).sort((a, b) => a - b);
  return refused.reduce((row, refusedRow) => (refusedRow <= row ? row + 1 : row), storedRow);
}

const OWN_TAGS = ['agent'];
const OWN_FIELDS = ['epoch', 'seq', 'points', 'sent_at_ms', 'received_at_ms', 'lateness_ms', 'backfill'];

/** The series of an agent's rows of `ingest_batch`. */
export function ingestBatchSeries(agent: string): Series {
  return new Series('ingest_batch', [agent]);
}

function ingestBatchTable(
  series: Series,
  { epoch, seq, sentAtMs, baseMs, backfill }: Batch,
  points: number,
  receivedAtMs: number,
  rowTimeMs: number,
): SampleTable {
  const latenessMs = Math.max(0, receivedAtMs - baseMs);
  const values = [epoch, seq, points, sentAtMs, receivedAtMs, latenessMs, backfill];
  return {
    measurement: 'ingest_batch',
    tags: OWN_TAGS,
    fields: OWN_FIELDS,
    rows: [{ series, timeMs: rowTimeMs, values }],
  };
}

function valuesIn(table: SampleTable): number {
  let count = 0;
  for (const row of table.rows) for (const value of row.values) if (value !== undefined) count++;
  return count;
}

/** Of what is kept for the acknowledgement. */
function bytesOf(refusals: CheckedBatch['refusals']): number {
  return refusals.reduce((sum, { reason }) => sum + BYTES_A_REFUSAL + BYTES_A_CHAR * reason.length, 0);
}

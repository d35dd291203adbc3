import type { Batch, Loss } from '../../../contract/batch.ts';
import type { SampleBatch, SampleTable } from '../../samples/sample-table.ts';
import type { CheckedBatch } from '../validate/checked-batch.ts';

export interface RefusedRow {
  /** Row number in the batch as sent, through all tables; undefined: more than one row. */
  readonly row: number | undefined;
  readonly reason: string;
}

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
  /** What is written: the agent's tables, then a row of `ingest_batch` by central. */
  readonly stored: SampleBatch;
  readonly points: number;
  readonly values: number;
  /** Estimated size in memory. */
  readonly bytes: number;
  readonly refusedRows: readonly RefusedRow[];
  readonly refusedPoints: number;
  readonly losses: readonly Loss[];
  /** False: it came through a `SampleIntake`, and no sender waits for an acknowledgement. */
  readonly wantsAck: boolean;
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
  readonly wantsAck: boolean;
}

export function toPendingBatch(arrival: Arrival): PendingBatch {
  const { agent, batch, checked, receivedAtMs, rowTimeMs, wantsAck } = arrival;
  const { epoch, seq, lowest, backfill, sentAtMs, baseMs, losses = [] } = batch;
  const sentRows = batch.tables.reduce((sum, table) => sum + table.rows.length, 0);
  const own = ingestBatchTable(agent, batch, checked.points, receivedAtMs, rowTimeMs);
  return {
    key: batchKey(agent, epoch, seq),
    agent,
    epoch,
    seq,
    lowest,
    backfill,
    receivedAtMs,
    sentAtMs,
    measuredAtMs: baseMs,
    stored: { agent, epoch, seq, tables: [...checked.tables, own] },
    points: checked.points,
    values: checked.tables.reduce((sum, table) => sum + valuesIn(table), 0),
    bytes: checked.tables.reduce((sum, table) => sum + bytesOf(table), 1_024),
    refusedRows: checked.refusals.map(({ row, reason }) => ({ row, reason })),
    refusedPoints: Math.max(0, sentRows - checked.points),
    losses,
    wantsAck,
  };
}

/** Converts a row number of the store to the agent's: the store never got the rows that validation refused. */
export function sentRowOf(batch: PendingBatch, storedRow: number): number {
  const refused = batch.refusedRows.flatMap(({ row }) => row ?? []).sort((a, b) => a - b);
  return refused.reduce((row, refusedRow) => (refusedRow <= row ? row + 1 : row), storedRow);
}

export interface RowDescription {
  readonly measurement: string;
  readonly raw: unknown;
  readonly values: number;
}

/** A written row as a readable object, for the quarantine. */
export function describeRow(batch: PendingBatch, storedRow: number): RowDescription {
  let index = storedRow;
  for (const table of batch.stored.tables) {
    const row = table.rows[index];
    if (row !== undefined) {
      const tags = Object.fromEntries(table.tags.map((tag, at) => [tag, row.tags[at]]));
      const fields = Object.fromEntries(table.fields.map((field, at) => [field, row.values[at]]));
      const values = row.values.filter((value) => value !== undefined).length;
      return { measurement: table.measurement, raw: { tags, timeMs: row.timeMs, fields }, values };
    }
    index -= table.rows.length;
  }
  return { measurement: '', raw: undefined, values: 0 };
}

function ingestBatchTable(
  agent: string,
  batch: Batch,
  points: number,
  receivedAtMs: number,
  rowTimeMs: number,
): SampleTable {
  const values = {
    epoch: batch.epoch,
    seq: batch.seq,
    points,
    sent_at_ms: batch.sentAtMs,
    received_at_ms: receivedAtMs,
    lateness_ms: Math.max(0, receivedAtMs - batch.baseMs),
    backfill: batch.backfill,
  };
  return {
    measurement: 'ingest_batch',
    tags: ['agent'],
    fields: Object.keys(values),
    rows: [{ tags: [agent], timeMs: rowTimeMs, values: Object.values(values) }],
  };
}

function valuesIn(table: SampleTable): number {
  let count = 0;
  for (const row of table.rows) for (const value of row.values) if (value !== undefined) count++;
  return count;
}

function bytesOf(table: SampleTable): number {
  return 256 + table.rows.length * (120 + 24 * (table.tags.length + table.fields.length));
}

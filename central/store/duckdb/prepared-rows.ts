import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { describeRowOf } from '../describe-row.ts';
import { fieldTypes, NO_VALUE, tagsProblem, timeProblem, valueProblem } from '../row-check.ts';
import type { PreparedBatch, StoreRejection } from '../sample-store.ts';

/** A table whose rows can all be stored. */
export interface CheckedTable extends SampleTable {
  readonly types: readonly FieldType[];
}

export interface PreparedRows extends PreparedBatch {
  readonly tables: readonly CheckedTable[];
  /** Rows that no store can hold. */
  readonly rejections: readonly StoreRejection[];
}

/** Refuses row by row what no store can hold, so that a bad value never affects other rows. */
export function prepareRows(catalogue: Catalogue, batch: SampleBatch): PreparedRows {
  const { agent, epoch, seq } = batch;
  const rejections: StoreRejection[] = [];
  const tables: CheckedTable[] = [];
  let next = 0;
  for (const table of batch.tables) {
    const types = fieldTypes(catalogue, table);
    const rows: SampleRow[] = [];
    for (const row of table.rows) {
      const reason = typeof types === 'string' ? types : refusalOf(table, types, row);
      if (reason === undefined) rows.push(row);
      else rejections.push({ agent, epoch, seq, row: next, reason });
      next++;
    }
    if (typeof types !== 'string' && rows.length > 0) tables.push({ ...table, types, rows });
  }
  return {
    agent,
    epoch,
    seq,
    tables,
    rejections,
    bytes: batch.tables.reduce((sum, table) => sum + bytesOf(table), 0),
    describe: (row) => describeRowOf(batch.tables, row),
  };
}

function refusalOf(table: SampleTable, types: readonly FieldType[], row: SampleRow): string | undefined {
  const { timeMs, values, series } = row;
  const problem = timeProblem(timeMs) ?? tagsProblem(table.tags, series.tags);
  if (problem !== undefined) return problem;
  let present = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const type = types[index];
    if (value === undefined || type === undefined) continue;
    const wrong = valueProblem(type, value);
    if (wrong !== undefined) return `field ${table.fields[index] ?? String(index)}: ${wrong}`;
    present++;
  }
  return present === 0 ? NO_VALUE : undefined;
}

function bytesOf(table: SampleTable): number {
  return 256 + table.rows.length * (120 + 24 * table.fields.length);
}

import type { Batch } from '../../../contract/batch.ts';
import type { SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { Series } from '../../samples/series.ts';
import type { BatchValidator, CheckedBatch, Refusal } from '../validate/checked-batch.ts';

/** Knows one measurement, `ping`, with one tag and one field of 0 or more: enough for good and bad rows. */
export class PingValidator implements BatchValidator {
  validate(_agent: string, batch: Batch): CheckedBatch {
    const refusals: Refusal[] = [];
    const tables: SampleTable[] = [];
    let index = 0;
    for (const { measurement, tags, fields, rows } of batch.tables) {
      const good: SampleRow[] = [];
      for (const row of rows as [string[], number, number[]][]) {
        const [value = -1] = row[2];
        const refuse = (code: string): number =>
          refusals.push({ row: index, measurement, code, reason: `${code}: ${value}`, raw: row });
        if (measurement !== 'ping') refuse('unknown-measurement');
        else if (value < 0) refuse('out-of-range');
        else
          good.push({
            series: new Series(measurement, row[0]),
            timeMs: batch.baseMs + row[1],
            values: row[2],
          });
        index++;
      }
      if (good.length > 0) tables.push({ measurement, tags, fields, rows: good });
    }
    return { tables, points: tables.reduce((sum, table) => sum + table.rows.length, 0), refusals };
  }
}

import { namedTags } from '../samples/named-tags.ts';
import type { SampleRow, SampleTable } from '../samples/sample-table.ts';
import type { RowDescription } from './sample-store.ts';

export function describeRow(table: Omit<SampleTable, 'rows'>, row: SampleRow): RowDescription {
  const tags = namedTags(table.tags, row.series);
  const fields = Object.fromEntries(
    table.fields.flatMap((field, at) => {
      const value = row.values[at];
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const values = Object.keys(fields).length;
  return { measurement: table.measurement, raw: { tags, timeMs: row.timeMs, fields }, values };
}

/** Numbered through all tables. */
export function describeRowOf(tables: readonly SampleTable[], number: number): RowDescription {
  let at = number;
  for (const table of tables) {
    const row = table.rows[at];
    if (row !== undefined) return describeRow(table, row);
    at -= table.rows.length;
  }
  return { measurement: '', raw: undefined, values: 0 };
}

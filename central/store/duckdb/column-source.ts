import type { DuckDBValue } from '@duckdb/node-api';
import type { ColumnWriter } from './column-chunk.ts';
import { cellsPerRow, ELSEWHERE, fieldOf, timeOf, type PackedTable, type TableShape } from './packed-rows.ts';
import type { Column } from './schema.ts';

/** Where a column of the table is found in rows of one shape. */
export interface ColumnSource {
  /** Writes its values of the rows `from` to `to` (exclusive). */
  write(writer: ColumnWriter, table: PackedTable, from: number, to: number): void;
  /** The same value for an appender that takes values one by one. */
  value(table: PackedTable, row: number): DuckDBValue;
}

export function columnSource({ kind, name }: Column, shape: TableShape): ColumnSource {
  if (kind === 'time') return TIME;
  if (kind === 'tag') return tagSource(shape.tags.indexOf(name));
  const field = kind === 'field' ? shape.fields.indexOf(name) : -1;
  return field < 0 ? NULL : fieldSource(shape, field);
}

const NULL: ColumnSource = {
  write: (writer, _, from, to) => {
    for (let row = from; row < to; row++) writer.null();
  },
  value: () => null,
};

const TIME: ColumnSource = {
  write: (writer, table, from, to) => {
    for (let row = from; row < to; row++) writer.int(timeOf(table, row));
  },
  value: (table, row) => BigInt(timeOf(table, row)),
};

/** An absent tag is the empty text. */
function tagSource(tag: number): ColumnSource {
  return {
    write: (writer, { series }, from, to) => {
      for (let row = from; row < to; row++) writer.text(series[row]?.series.tags[tag] ?? '');
    },
    value: ({ series }, row) => series[row]?.series.tags[tag] ?? '',
  };
}

function fieldSource(shape: TableShape, field: number): ColumnSource {
  const type = shape.types[field];
  const step = cellsPerRow(shape);
  return {
    write: (writer, table, from, to) => {
      const { cells, others } = table;
      let at = table.start + from * step + 1 + field;
      for (let row = from; row < to; row++, at += step) {
        const cell = cells[at] ?? NaN;
        if (Number.isNaN(cell)) writer.null();
        else if (cell === ELSEWHERE) putOther(writer, others.get(at));
        else if (type === 'float') writer.double(cell);
        else if (type === 'int') writer.int(cell);
        else writer.bool(cell !== 0);
      }
    },
    value: (table, row) => {
      const value = fieldOf(table, row, field) ?? null;
      return type === 'int' && typeof value === 'number' ? BigInt(value) : value;
    },
  };
}

function putOther(writer: ColumnWriter, value: string | bigint | undefined): void {
  if (typeof value === 'string') writer.text(value);
  else if (typeof value === 'bigint') writer.bigint(value);
  else writer.null();
}

import type { FieldType } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleRow } from '../../samples/sample-table.ts';
import { describeRow } from '../describe-row.ts';
import { refusedBytes } from '../refused-bytes.ts';
import type { PreparedBatch, RowDescription, StoreRejection } from '../sample-store.ts';
import type { StoredSeries } from './stored-series.ts';

/** What the tables of one measurement and one list of fields have in common. */
export interface TableShape {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly types: readonly FieldType[];
}

/**
 * Rows of one shape: in `cells`, from `start` on, the time in ms and the fields of one row after the other. A cell is NaN where the
 * field is absent, 0 or 1 for a flag, and Infinity where the value is in `others`: texts, and whole numbers that a double does not
 * hold exactly.
 */
export interface PackedTable {
  readonly shape: TableShape;
  /** Of each row. */
  readonly series: readonly StoredSeries[];
  readonly cells: Float64Array;
  readonly start: number;
  /** By their place in `cells`. */
  readonly others: ReadonlyMap<number, string | bigint>;
}

export const ELSEWHERE = Infinity;

/** How many cells a row of this shape takes. */
export function cellsPerRow(shape: TableShape): number {
  return 1 + shape.fields.length;
}

export function timeOf(table: PackedTable, row: number): number {
  return table.cells[table.start + row * cellsPerRow(table.shape)] ?? 0;
}

/** `undefined`: the row does not have the field. */
export function fieldOf(table: PackedTable, row: number, field: number): FieldValue | undefined {
  const { cells, others, shape } = table;
  const at = table.start + row * cellsPerRow(shape) + 1 + field;
  const cell = cells[at] ?? NaN;
  if (Number.isNaN(cell)) return undefined;
  if (cell === ELSEWHERE) return others.get(at);
  return shape.types[field] === 'bool' ? cell !== 0 : cell;
}

const OVERHEAD_BYTES = 512;
const BYTES_PER_TABLE = 100;

interface Parts {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly tables: readonly PackedTable[];
  readonly rejections: readonly StoreRejection[];
  readonly refused: ReadonlyMap<number, RowDescription>;
  /** Of the cells and of the values beside them. */
  readonly bytes: number;
}

/** A batch whose values are in one block of memory outside the heap, where they cost the garbage collector nothing. */
export class PackedRows implements PreparedBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly tables: readonly PackedTable[];
  /** Rows that no store can hold. */
  readonly rejections: readonly StoreRejection[];
  readonly bytes: number;
  readonly #refused: ReadonlyMap<number, RowDescription>;

  constructor({ agent, epoch, seq, tables, rejections, refused, bytes }: Parts) {
    this.agent = agent;
    this.epoch = epoch;
    this.seq = seq;
    this.tables = tables;
    this.rejections = rejections;
    this.#refused = refused;
    this.bytes = bytes + OVERHEAD_BYTES + tables.length * BYTES_PER_TABLE + refusedBytes(rejections);
  }

  /** Rows without the one of `ingest_batch`, which central adds. */
  get points(): number {
    return this.#own().reduce((sum, { series }) => sum + series.length, 0);
  }

  /** Newest time of those rows; 0: there are none. */
  get newestMs(): number {
    let newestMs = 0;
    for (const { cells, shape, start, series } of this.#own()) {
      const step = cellsPerRow(shape);
      const end = start + step * series.length;
      for (let at = start; at < end; at += step) newestMs = Math.max(newestMs, cells[at] ?? 0);
    }
    return newestMs;
  }

  #own(): readonly PackedTable[] {
    return this.tables.filter(({ shape }) => shape.measurement !== 'ingest_batch');
  }

  describe(row: number): RowDescription {
    const refused = this.#refused.get(row);
    if (refused !== undefined) return refused;
    let at = row;
    for (const number of this.#refused.keys()) if (number < row) at--;
    for (const table of this.tables) {
      const series = table.series[at];
      if (series !== undefined) return describeRow(table.shape, sampleRow(table, at, series));
      at -= table.series.length;
    }
    return { measurement: '', raw: undefined, values: 0 };
  }
}

function sampleRow(table: PackedTable, row: number, { series }: StoredSeries): SampleRow {
  const values = table.shape.fields.map((_, field) => fieldOf(table, row, field));
  return { series, timeMs: timeOf(table, row), values };
}

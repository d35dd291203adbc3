import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { usualNote, type Series } from '../../samples/series.ts';
import { describeRow } from '../describe-row.ts';
import { fieldTypes, NO_VALUE, tagsProblem, timeProblem, valueProblem } from '../row-check.ts';
import type { RowDescription, StoreRejection } from '../sample-store.ts';
import { cellsPerRow, ELSEWHERE, PackedRows, type PackedTable, type TableShape } from './packed-rows.ts';
import type { StoredSeries } from './stored-series.ts';

/** A shape, or why none of its rows can be stored. */
interface KnownShape extends TableShape {
  readonly problem: string | undefined;
}

const NO_OTHERS: ReadonlyMap<number, string | bigint> = new Map();
const BYTES_PER_OTHER = 64;

/** Packs batches, and refuses row by row what no store can hold, so that a bad value never affects other rows. */
export class RowPacker {
  readonly #catalogue: Catalogue;
  readonly #series = usualNote<StoredSeries>('stored');
  readonly #shapes = new WeakMap<readonly string[], KnownShape>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  pack(batch: SampleBatch): PackedRows {
    const { agent, epoch, seq } = batch;
    const values = new CellWriter(batch.tables.reduce((sum, table) => sum + cellsOf(table), 0));
    const tables: PackedTable[] = [];
    const rejections: StoreRejection[] = [];
    const refused = new Map<number, RowDescription>();
    let number = 0;
    for (const table of batch.tables) {
      const shape = this.#shapeOf(table);
      const series: StoredSeries[] = [];
      const start = values.end;
      for (const row of table.rows) {
        const stored = this.#storedSeries(table, row.series);
        const reason = shape.problem ?? timeProblem(row.timeMs) ?? stored.problem ?? values.add(shape, row);
        if (reason === undefined) {
          series.push(stored);
        } else {
          refused.set(number, describeRow(table, row));
          rejections.push({ agent, epoch, seq, row: number, reason });
        }
        number++;
      }
      if (series.length > 0)
        tables.push({ shape, series, start, cells: values.cells, others: values.others });
    }
    const bytes = values.bytes + 8 * (number - refused.size);
    return new PackedRows({ agent, epoch, seq, tables, rejections, refused, bytes });
  }

  #storedSeries(table: SampleTable, series: Series): StoredSeries {
    let stored = this.#series.of(series);
    if (stored === undefined) {
      stored = { series, problem: tagsProblem(table.tags, series.tags), newest: undefined };
      this.#series.set(series, stored);
    }
    return stored;
  }

  #shapeOf(table: SampleTable): KnownShape {
    const { measurement, tags, fields } = table;
    let shape = this.#shapes.get(fields);
    if (shape?.measurement !== measurement || shape.tags !== tags) {
      const types = fieldTypes(this.#catalogue, table);
      shape =
        typeof types === 'string'
          ? { measurement, tags, fields, types: [], problem: types }
          : { measurement, tags, fields, types, problem: undefined };
      this.#shapes.set(fields, shape);
    }
    return shape;
  }
}

function cellsOf(table: SampleTable): number {
  return table.rows.length * (1 + table.fields.length);
}

/** Writes rows one behind the other. */
class CellWriter {
  readonly cells: Float64Array;
  #others: Map<number, string | bigint> | undefined;
  #end = 0;

  constructor(size: number) {
    this.cells = new Float64Array(size);
  }

  get end(): number {
    return this.#end;
  }

  get others(): ReadonlyMap<number, string | bigint> {
    return this.#others ?? NO_OTHERS;
  }

  get bytes(): number {
    let bytes = this.cells.byteLength;
    for (const other of this.others.values()) {
      bytes += BYTES_PER_OTHER + (typeof other === 'string' ? 2 * other.length : 0);
    }
    return bytes;
  }

  /** Returns why the row cannot be stored; nothing of it is kept then. */
  add(shape: TableShape, { timeMs, values }: SampleRow): string | undefined {
    const { types } = shape;
    let at = this.#end;
    let present = 0;
    this.cells[at++] = timeMs;
    for (let field = 0; field < types.length; field++, at++) {
      const value = values[field];
      const type = types[field];
      if (value === undefined || type === undefined) {
        this.cells[at] = NaN;
        continue;
      }
      if (!this.#put(at, type, value)) {
        return `field ${shape.fields[field] ?? String(field)}: ${valueProblem(type, value) ?? 'cannot be stored'}`;
      }
      present++;
    }
    if (present === 0) return NO_VALUE;
    this.#end += cellsPerRow(shape);
    return undefined;
  }

  #put(at: number, type: FieldType, value: FieldValue): boolean {
    if (typeof value === 'number') {
      if (!(type === 'float' ? Number.isFinite(value) : type === 'int' && Number.isSafeInteger(value)))
        return false;
      this.cells[at] = value;
      return true;
    }
    if (valueProblem(type, value) !== undefined) return false;
    if (typeof value === 'boolean') {
      this.cells[at] = value ? 1 : 0;
    } else {
      this.cells[at] = ELSEWHERE;
      this.#others ??= new Map();
      this.#others.set(at, value);
    }
    return true;
  }
}

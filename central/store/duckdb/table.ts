import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Series } from '../../samples/series.ts';
import { CHUNK_ROWS, ColumnChunk, type ColumnWriter } from './column-chunk.ts';
import { columnSource, type ColumnSource } from './column-source.ts';
import { LateRows } from './late-rows.ts';
import { timeOf, type PackedTable, type TableShape } from './packed-rows.ts';
import { rowsOf, SAMPLES, tableName, TIME_COLUMN, type TableLayout } from './schema.ts';
import { NewestTimes } from './stored-series.ts';

const MAX_SERIES_IN_MEMORY = 200_000;

/** How the columns of the table are found in rows of one shape. */
interface ShapeColumns {
  readonly sources: readonly ColumnSource[];
  readonly tagsOf: (series: Series) => string;
}

/** Rows of a table, `to` exclusive. */
interface Run {
  readonly table: PackedTable;
  readonly sources: readonly ColumnSource[];
  readonly from: number;
  readonly to: number;
}

/**
 * Writes rows of one measurement inside the caller's transaction. A row newer than all of its series is appended
 * directly; the others (backfill, repeats) are merged.
 */
export class MeasurementWriter {
  readonly #connection: DuckDBConnection;
  readonly #layout: TableLayout;
  readonly #newest: NewestTimes;
  readonly #late: LateRows;
  readonly #chunk: ColumnChunk;
  readonly #shapes = new WeakMap<TableShape, ShapeColumns>();
  #appender: DuckDBAppender | undefined;
  #fresh: Run[] = [];

  private constructor(
    connection: DuckDBConnection,
    layout: TableLayout,
    columnWriter: ColumnWriter,
    from: { readonly storedUpToMs: number; readonly isReadable: boolean },
  ) {
    this.#connection = connection;
    this.#layout = layout;
    this.#newest = new NewestTimes(from.storedUpToMs, MAX_SERIES_IN_MEMORY);
    this.#late = new LateRows(connection, layout, from.isReadable);
    this.#chunk = new ColumnChunk(
      layout.columns.map(({ type }) => type),
      columnWriter,
    );
  }

  /** `columnWriter` may be shared by all writers of a connection; `isReadable` false: a part of the table is damaged. */
  static async open(
    connection: DuckDBConnection,
    layout: TableLayout,
    columnWriter: ColumnWriter,
    isReadable: boolean,
  ): Promise<MeasurementWriter> {
    const [row] = await rowsOf(
      connection,
      `SELECT max(${TIME_COLUMN}) FROM ${tableName(layout.measurement)}`,
    );
    const newest = row?.[0];
    const storedUpToMs = typeof newest === 'bigint' ? Number(newest) : -1;
    return new MeasurementWriter(connection, layout, columnWriter, { storedUpToMs, isReadable });
  }

  /** Collects rows; nothing is sent to the database before `flush`. */
  add(table: PackedTable): void {
    const { sources, tagsOf } = this.#columnsOf(table.shape);
    let from = 0;
    for (const [row, stored] of table.series.entries()) {
      const timeMs = timeOf(table, row);
      if (this.#newest.advance(stored, timeMs, tagsOf)) continue;
      this.#addFresh({ table, from, to: row, sources });
      from = row + 1;
      const values = sources.map((source) => source.value(table, row));
      this.#late.add(`${timeMs}\0${tagsOf(stored.series)}`, values);
    }
    this.#addFresh({ table, from, to: table.series.length, sources });
  }

  async flush(): Promise<void> {
    if (this.#fresh.length > 0) {
      this.#appender ??= await this.#connection.createAppender(this.#layout.measurement, SAMPLES);
      for (const runs of chunksOf(this.#fresh)) this.#append(this.#appender, runs);
      this.#appender.flushSync();
      this.#fresh = [];
    }
    await this.#late.flush();
  }

  close(): void {
    this.#appender?.closeSync();
    this.#late.close();
  }

  #addFresh(run: Run): void {
    if (run.to > run.from) this.#fresh.push(run);
  }

  #append(appender: DuckDBAppender, runs: readonly Run[]): void {
    this.#chunk.start(runs.reduce((sum, { from, to }) => sum + to - from, 0));
    for (let column = 0; column < this.#layout.columns.length; column++) {
      this.#chunk.column(column, (writer) => {
        for (const { table, sources, from, to } of runs) sources[column]?.write(writer, table, from, to);
      });
    }
    this.#chunk.appendTo(appender);
  }

  #columnsOf(shape: TableShape): ShapeColumns {
    let known = this.#shapes.get(shape);
    if (known === undefined) {
      const { columns } = this.#layout;
      const tags = columns.flatMap(({ kind, name }) => (kind === 'tag' ? [shape.tags.indexOf(name)] : []));
      known = {
        sources: columns.map((column) => columnSource(column, shape)),
        tagsOf: (series) => tags.map((index) => series.tags[index] ?? '').join('\0'),
      };
      this.#shapes.set(shape, known);
    }
    return known;
  }
}

/** Divides runs so that each group fits into a chunk. */
function* chunksOf(runs: readonly Run[]): Generator<readonly Run[]> {
  let chunk: Run[] = [];
  let free = CHUNK_ROWS;
  for (const run of runs) {
    for (let from = run.from; from < run.to;) {
      const to = Math.min(run.to, from + free);
      chunk.push({ ...run, from, to });
      free -= to - from;
      from = to;
      if (free > 0) continue;
      yield chunk;
      chunk = [];
      free = CHUNK_ROWS;
    }
  }
  if (chunk.length > 0) yield chunk;
}

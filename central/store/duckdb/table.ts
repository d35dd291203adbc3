import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import {
  appendColumns,
  rowsOf,
  SAMPLES,
  sqlName,
  tableName,
  TIME_COLUMN,
  type TableLayout,
} from './schema.ts';
import type { CheckedTable } from './prepared-rows.ts';
import type { SampleRow } from '../../samples/sample-table.ts';

const MAX_SERIES_IN_MEMORY = 200_000;

/** Reads a column's value from a row of a CheckedTable. */
type Source = (row: SampleRow) => DuckDBValue;

/**
 * Writes rows of one measurement inside the caller's transaction. A row newer than all of its series is appended
 * directly; the others (backfill, repeats) go through a staging table and are merged: a stored row of the same series
 * and time gets the new fields, and no row is stored twice.
 */
export class MeasurementWriter {
  readonly #connection: DuckDBConnection;
  readonly #layout: TableLayout;
  readonly #newest: NewestTimes;
  readonly #staging: string;
  #appender: DuckDBAppender | undefined;
  #stagingAppender: DuckDBAppender | undefined;
  #fresh: DuckDBValue[][];
  readonly #late = new Map<string, DuckDBValue[]>();

  private constructor(connection: DuckDBConnection, layout: TableLayout, storedUpToMs: number) {
    this.#connection = connection;
    this.#layout = layout;
    this.#newest = new NewestTimes(storedUpToMs, MAX_SERIES_IN_MEMORY);
    this.#staging = `late_${layout.measurement}`;
    this.#fresh = layout.columns.map(() => []);
  }

  static async open(connection: DuckDBConnection, layout: TableLayout): Promise<MeasurementWriter> {
    const [row] = await rowsOf(
      connection,
      `SELECT max(${TIME_COLUMN}) FROM ${tableName(layout.measurement)}`,
    );
    const newest = row?.[0];
    return new MeasurementWriter(connection, layout, typeof newest === 'bigint' ? Number(newest) : -1);
  }

  /** Collects rows; nothing is sent to the database before `flush`. */
  add(table: CheckedTable): void {
    const { columns } = this.#layout;
    const sources = columns.map((column) => sourceOf(column.kind, column.name, table));
    const tags = columns.flatMap(({ kind, name }) => (kind === 'tag' ? [table.tags.indexOf(name)] : []));
    const fresh: SampleRow[] = [];
    for (const row of table.rows) {
      const series = tags.map((index) => row.series.tags[index] ?? '').join('\0');
      if (this.#newest.advance(series, row.timeMs)) fresh.push(row);
      else
        this.#addLate(
          `${row.timeMs}\0${series}`,
          sources.map((source) => source(row)),
        );
    }
    this.#fresh.forEach((values, index) => {
      const source = sources[index];
      if (source === undefined) return;
      for (const row of fresh) values.push(source(row));
    });
  }

  async flush(): Promise<void> {
    const types = this.#layout.columns.map((column) => column.type);
    if ((this.#fresh[0]?.length ?? 0) > 0) {
      this.#appender ??= await this.#connection.createAppender(this.#layout.measurement, SAMPLES);
      appendColumns(this.#appender, types, this.#fresh);
      this.#appender.flushSync();
      this.#fresh = this.#layout.columns.map(() => []);
    }
    if (this.#late.size === 0) return;
    if (this.#stagingAppender === undefined) {
      const like = `SELECT * FROM ${tableName(this.#layout.measurement)} LIMIT 0`;
      await this.#connection.run(`CREATE OR REPLACE TEMP TABLE ${sqlName(this.#staging)} AS ${like}`);
      this.#stagingAppender = await this.#connection.createAppender(this.#staging, 'main', 'temp');
    }
    const rows = [...this.#late.values()];
    appendColumns(
      this.#stagingAppender,
      types,
      types.map((_, index) => rows.map((row) => row[index] ?? null)),
    );
    this.#stagingAppender.flushSync();
    this.#late.clear();
    await this.#mergeStaging();
  }

  close(): void {
    this.#appender?.closeSync();
    this.#stagingAppender?.closeSync();
  }

  #addLate(key: string, values: DuckDBValue[]): void {
    const earlier = this.#late.get(key);
    this.#late.set(
      key,
      earlier === undefined ? values : values.map((value, index) => value ?? earlier[index] ?? null),
    );
  }

  async #mergeStaging(): Promise<void> {
    const { columns, measurement } = this.#layout;
    const table = tableName(measurement);
    const staging = `temp.main.${sqlName(this.#staging)}`;
    const same = columns
      .filter(({ kind }) => kind === 'time' || kind === 'tag')
      .map(({ name }) => `old.${sqlName(name)} = late.${sqlName(name)}`)
      .join(' AND ');
    const fields = columns.filter(({ kind }) => kind === 'field').map(({ name }) => sqlName(name));
    const names = columns.map(({ name }) => sqlName(name)).join(', ');
    const [row] = await rowsOf(
      this.#connection,
      `SELECT count(*) FROM ${staging} AS late WHERE EXISTS (SELECT 1 FROM ${table} AS old WHERE ${same})`,
    );
    if (row?.[0] !== 0n) {
      const set = fields.map((field) => `${field} = coalesce(late.${field}, old.${field})`).join(', ');
      await this.#connection.run(`UPDATE ${table} AS old SET ${set} FROM ${staging} AS late WHERE ${same}`);
    }
    await this.#connection.run(
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${staging} AS late ` +
        `WHERE NOT EXISTS (SELECT 1 FROM ${table} AS old WHERE ${same})`,
    );
    await this.#connection.run(`DELETE FROM ${staging}`);
  }
}

/**
 * Remembers the newest stored time of each series. A newer row cannot be stored already, so it needs no lookup in the
 * table. Bounded: when full it forgets the series and assumes that all of them are stored up to the newest time of all.
 */
class NewestTimes {
  readonly #maxSeries: number;
  readonly #bySeries = new Map<string, number>();
  #floorMs: number;
  #newestMs: number;

  /** `storedUpToMs`: newest time in the table when it was opened. */
  constructor(storedUpToMs: number, maxSeries: number) {
    this.#floorMs = storedUpToMs;
    this.#newestMs = storedUpToMs;
    this.#maxSeries = maxSeries;
  }

  /** True when nothing of this series was stored at this time or later; the time then counts as stored. */
  advance(series: string, timeMs: number): boolean {
    if (timeMs <= (this.#bySeries.get(series) ?? this.#floorMs)) return false;
    if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    if (this.#bySeries.size >= this.#maxSeries && !this.#bySeries.has(series)) {
      this.#bySeries.clear();
      this.#floorMs = this.#newestMs;
      return true;
    }
    this.#bySeries.set(series, timeMs);
    return true;
  }
}

function sourceOf(kind: string, name: string, table: CheckedTable): Source {
  if (kind === 'time') return (row) => BigInt(row.timeMs);
  if (kind === 'tag') {
    const tag = table.tags.indexOf(name);
    return (row) => row.series.tags[tag] ?? '';
  }
  const field = kind === 'field' ? table.fields.indexOf(name) : -1;
  if (field < 0) return () => null;
  if (table.types[field] !== 'int') return (row) => row.values[field] ?? null;
  return (row) => {
    const value = row.values[field];
    return typeof value === 'number' ? BigInt(value) : (value ?? null);
  };
}

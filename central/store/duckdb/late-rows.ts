import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { appendColumns, rowsOf, sqlName, tableName, type TableLayout } from './schema.ts';

/**
 * Rows that may be in the table already. They go through a staging table and are merged: a stored row of the same series and time
 * gets the new fields, and no row is stored twice.
 */
export class LateRows {
  readonly #connection: DuckDBConnection;
  readonly #layout: TableLayout;
  readonly #staging: string;
  readonly #rows = new Map<string, readonly DuckDBValue[]>();
  readonly #isReadable: boolean;
  #appender: DuckDBAppender | undefined;

  /** `isReadable` false: a part of the table is damaged, so that rows are added without a look at what is there. */
  constructor(connection: DuckDBConnection, layout: TableLayout, isReadable: boolean) {
    this.#connection = connection;
    this.#isReadable = isReadable;
    this.#layout = layout;
    this.#staging = `late_${layout.measurement}`;
  }

  /** `key`: the time and the series. `values`: of the layout's columns. */
  add(key: string, values: readonly DuckDBValue[]): void {
    const earlier = this.#rows.get(key);
    this.#rows.set(
      key,
      earlier === undefined ? values : values.map((value, index) => value ?? earlier[index] ?? null),
    );
  }

  async flush(): Promise<void> {
    if (this.#rows.size === 0) return;
    this.#appender ??= await this.#createStaging();
    const rows = [...this.#rows.values()];
    const types = this.#layout.columns.map((column) => column.type);
    appendColumns(
      this.#appender,
      types,
      types.map((_, index) => rows.map((row) => row[index] ?? null)),
    );
    this.#appender.flushSync();
    this.#rows.clear();
    await this.#mergeStaging();
  }

  close(): void {
    this.#appender?.closeSync();
  }

  async #createStaging(): Promise<DuckDBAppender> {
    const like = `SELECT * FROM ${tableName(this.#layout.measurement)} LIMIT 0`;
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE ${sqlName(this.#staging)} AS ${like}`);
    return await this.#connection.createAppender(this.#staging, 'main', 'temp');
  }

  async #mergeStaging(): Promise<void> {
    const { columns, measurement } = this.#layout;
    const table = tableName(measurement);
    const staging = `temp.main.${sqlName(this.#staging)}`;
    const same = columns
      .filter(({ kind }) => kind === 'time' || kind === 'tag')
      .map(({ name }) => `old.${sqlName(name)} = late.${sqlName(name)}`)
      .join(' AND ');
    const names = columns.map(({ name }) => sqlName(name)).join(', ');
    if (!this.#isReadable) {
      await this.#connection.run(`INSERT INTO ${table} (${names}) SELECT ${names} FROM ${staging}`);
      await this.#connection.run(`DELETE FROM ${staging}`);
      return;
    }
    const fields = columns.filter(({ kind }) => kind === 'field').map(({ name }) => sqlName(name));
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

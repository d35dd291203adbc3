import type { DuckDBConnection } from '@duckdb/node-api';
import { columnNames } from './schema.ts';

/** A connection, and what is known of the file that it reads. */
export interface Source {
  readonly connection: DuckDBConnection;
  readonly columns: KnownColumns;
}

/**
 * Which columns the tables of an open file have. They are only ever added, so that what was there once is not asked for again: that takes
 * 4 ms in a file with all measurements, as long as answering many a question.
 */
export class KnownColumns {
  readonly #known = new Map<string, ReadonlySet<string>>();

  /** Those that are known; columns that others have added since may lack. Empty: there is no such table. */
  async of(connection: DuckDBConnection, schema: string, measurement: string): Promise<ReadonlySet<string>> {
    return this.#known.get(`${schema}.${measurement}`) ?? this.#read(connection, schema, measurement);
  }

  async has(
    connection: DuckDBConnection,
    schema: string,
    measurement: string,
    column: string,
  ): Promise<boolean> {
    if (this.#known.get(`${schema}.${measurement}`)?.has(column) === true) return true;
    return (await this.#read(connection, schema, measurement)).has(column);
  }

  /** Those of the names that the table has. */
  async among(
    connection: DuckDBConnection,
    schema: string,
    measurement: string,
    names: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const known = this.#known.get(`${schema}.${measurement}`);
    const isKnown = known !== undefined && names.every((name) => known.has(name));
    const found = isKnown ? known : await this.#read(connection, schema, measurement);
    return new Set(names.filter((name) => found.has(name)));
  }

  /** Its columns have just been changed. */
  forget(schema: string, measurement: string): void {
    this.#known.delete(`${schema}.${measurement}`);
  }

  /** What was found within a transaction was not kept. */
  forgetAll(): void {
    this.#known.clear();
  }

  async #read(
    connection: DuckDBConnection,
    schema: string,
    measurement: string,
  ): Promise<ReadonlySet<string>> {
    const found = await columnNames(connection, schema, measurement);
    if (found.size > 0) this.#known.set(`${schema}.${measurement}`, found);
    return found;
  }
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { columnNames } from './schema.ts';

/**
 * Which columns the tables of an open file have. They are only ever added, so that what was there once is not asked for again: that takes
 * 4 ms in a file with all measurements, as long as answering many a question.
 */
export class KnownColumns {
  readonly #known = new Map<string, ReadonlySet<string>>();

  async has(
    connection: DuckDBConnection,
    schema: string,
    measurement: string,
    column: string,
  ): Promise<boolean> {
    const table = `${schema}.${measurement}`;
    if (this.#known.get(table)?.has(column) === true) return true;
    const found = await columnNames(connection, schema, measurement);
    this.#known.set(table, found);
    return found.has(column);
  }
}

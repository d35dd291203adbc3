import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { FieldType, MeasurementDefinition } from '../../../contract/catalogue.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { Resolution } from '../history/levels.ts';

/** One table per measurement, in the schema `samples`: `SELECT * FROM samples.cpu`. */
export const SAMPLES: string = 'samples';
export const TIME_COLUMN = 'time_ms';

/** An absent tag is the empty text, as in InfluxDB; an absent field is NULL. `retired`: no longer in the catalogue. */
export interface Column {
  readonly name: string;
  readonly kind: 'time' | 'tag' | 'field' | 'retired';
  readonly type: DuckDBType;
}

/** The columns in the order in which the table has them. */
export interface TableLayout {
  readonly measurement: string;
  readonly columns: readonly Column[];
}

const FIELD_TYPES: Readonly<Record<FieldType, DuckDBType>> = {
  float: DOUBLE,
  int: BIGINT,
  bool: BOOLEAN,
  string: VARCHAR,
};
const KNOWN_TYPES = [BIGINT, BOOLEAN, DOUBLE, VARCHAR];

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function schemaOf(resolution: Resolution): string {
  return resolution === 'raw' ? SAMPLES : resolution;
}

export function tableName(measurement: string, resolution: Resolution = 'raw'): string {
  return `${schemaOf(resolution)}.${sqlName(measurement)}`;
}

/** The measurements that have a table in the schema already. */
export async function storedMeasurements(
  connection: DuckDBConnection,
  schema = SAMPLES,
): Promise<readonly string[]> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const rows = await rowsOf(
    connection,
    // Not those of a copy that is being made.
    `SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = '${schema}'`,
  );
  return rows.map(([name]) => String(name));
}

/**
 * Creates the measurement's table, or adds the columns that are new in the catalogue. Throws a UserError (exit 4) when a
 * field changed its type: stored values cannot be converted, so a field of another type needs another name.
 */
export async function ensureTable(
  connection: DuckDBConnection,
  definition: MeasurementDefinition,
): Promise<TableLayout> {
  const wanted = wantedColumns(definition);
  const table = tableName(definition.name);
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${table} (${wanted.map((column) => columnSql(column)).join(', ')})`,
  );
  const stored = await storedColumns(connection, definition.name);
  for (const column of wanted) {
    const type = stored.get(column.name);
    if (type === undefined) {
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${columnSql(column)}`);
      stored.set(column.name, column.type.toString());
    } else if (type !== column.type.toString()) {
      throw new UserError(EXIT.dataDirectory, [
        `measurement "${definition.name}", column "${column.name}": stored as ${type}, the catalogue now says ` +
          `${column.type.toString()}; a field never changes its type, give it a new name`,
      ]);
    }
  }
  const byName = new Map(wanted.map((column) => [column.name, column]));
  const columns = [...stored].map(([name, type]): Column => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const retired = KNOWN_TYPES.find((candidate) => candidate.toString() === type) ?? VARCHAR;
    return { name, kind: 'retired', type: retired };
  });
  return { measurement: definition.name, columns };
}

export async function deleteBefore(
  connection: DuckDBConnection,
  table: string,
  beforeMs: number,
): Promise<void> {
  await connection.run(`DELETE FROM ${table} WHERE ${TIME_COLUMN} < $1`, [BigInt(beforeMs)]);
}

/** Empty: there is no such table. */
export async function columnNames(
  connection: DuckDBConnection,
  schema: string,
  table: string,
): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    connection,
    `SELECT column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = $1 AND table_name = $2`,
    [schema, table],
  );
  return new Set(rows.map(([name]) => String(name)));
}

export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<DuckDBValue[][]> {
  // A step into a thread and back each, which wait for all that the thread of JavaScript has to do: as few as possible.
  const statement = await connection.prepare(sql);
  try {
    statement.bind(values);
    const result = await statement.run();
    const rows: DuckDBValue[][] = [];
    for (let chunk = 0; chunk < result.chunkCount; chunk++) {
      for (const row of result.getChunk(chunk).getRows()) rows.push(row);
    }
    return rows;
  } finally {
    statement.destroySync();
  }
}

const CHUNK_ROWS = 2_048;

/** Appends whole columns in chunks of DuckDB's vector size: ten times faster than value by value. */
export function appendColumns(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly (readonly DuckDBValue[])[],
): void {
  const count = columns[0]?.length ?? 0;
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(types);
    chunk.setColumns(columns.map((column) => column.slice(start, start + CHUNK_ROWS)));
    appender.appendDataChunk(chunk);
  }
}

function wantedColumns(definition: MeasurementDefinition): Column[] {
  const tags = tagNames(definition).map((name): Column => ({ name, kind: 'tag', type: VARCHAR }));
  const fields = Object.entries(definition.fields).map(([name, field]): Column => ({
    name,
    kind: 'field',
    type: FIELD_TYPES[field.type],
  }));
  const columns: Column[] = [{ name: TIME_COLUMN, kind: 'time', type: BIGINT }, ...tags, ...fields];
  const taken = new Set<string>();
  for (const { name } of columns) {
    // SQL names are case-insensitive.
    if (taken.has(name.toLowerCase())) {
      throw new Error(`measurement "${definition.name}" has two tags or fields named "${name}"`);
    }
    taken.add(name.toLowerCase());
  }
  return columns;
}

function columnSql(column: Column): string {
  const suffix = column.kind === 'tag' ? " DEFAULT ''" : '';
  return `${sqlName(column.name)} ${column.type.toString()}${suffix}`;
}

async function storedColumns(
  connection: DuckDBConnection,
  measurement: string,
): Promise<Map<string, string>> {
  const rows = await rowsOf(
    connection,
    `SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = '${SAMPLES}' AND table_name = $1
     ORDER BY column_index`,
    [measurement],
  );
  return new Map(rows.map(([name, type]) => [String(name), String(type)]));
}

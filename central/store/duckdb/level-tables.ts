import type { FieldType, MeasurementDefinition } from '../../../contract/catalogue.ts';
import { tagNames } from '../../samples/tag-names.ts';
import { LEVELS, type LevelName, type Resolution } from '../history/levels.ts';
import type { Source } from './known-columns.ts';
import { statesSchema } from './state-tables.ts';
import { columnNames, schemaOf, sqlName, tableName, TIME_COLUMN } from './schema.ts';

/**
 * One table per measurement in the schemas `minute` and `hour`: begin of the bucket, tags, and of each field that ever had a value
 * `field#count`, `#sum`, `#min`, `#max`. In blocks as small as those of this file DuckDB does not compress doubles: a double that is a whole
 * number of thousandths stands as `#sum_milli`, `#min_milli`, `#max_milli`, in half the bytes and as exactly, any other as it is.
 */
export interface NumberField {
  readonly name: string;
  readonly type: 'float' | 'int';
}

/** SQL of the four aggregates of a field over rows of one resolution. */
export interface PartsSql {
  readonly count: string;
  readonly sum: string;
  readonly min: string;
  readonly max: string;
  /** Of the rows that have the field. */
  readonly isPresent: string;
}

export const HISTORY_SCHEMAS: readonly string[] = LEVELS.flatMap(({ name }) => [name, statesSchema(name)]);

export function numberFields(definition: MeasurementDefinition): readonly NumberField[] {
  return Object.entries(definition.fields).flatMap(([name, { type }]) =>
    type === 'float' || type === 'int' ? [{ name, type }] : [],
  );
}

export function partsSql(resolution: Resolution, name: string, type: FieldType): PartsSql {
  const field = sqlName(name);
  if (resolution === 'raw') {
    return {
      count: `count(${field})`,
      sum: `sum(${field})`,
      min: `min(${field})`,
      max: `max(${field})`,
      isPresent: `${field} IS NOT NULL`,
    };
  }
  const stored = (part: string): string =>
    type === 'float'
      ? `coalesce(${sqlName(`${name}#${part}_milli`)} / 1e3, ${sqlName(`${name}#${part}`)})`
      : sqlName(`${name}#${part}`);
  const count = sqlName(`${name}#count`);
  return {
    count: `sum(${count})`,
    sum: `sum(${stored('sum')})`,
    min: `min(${stored('min')})`,
    max: `max(${stored('max')})`,
    isPresent: `${count} > 0`,
  };
}

/** The columns of a field and what goes into them. The four values are the results of PartsSql, by name. */
export function storedColumns(
  { name, type }: NumberField,
  from: Omit<PartsSql, 'isPresent'>,
): readonly Stored[] {
  const column = (part: string): string => sqlName(`${name}#${part}`);
  const count = { column: column('count'), type: 'INTEGER', sql: `CAST(${from.count} AS INTEGER)` };
  if (type === 'int') {
    return [
      count,
      { column: column('sum'), type: 'HUGEINT', sql: from.sum },
      { column: column('min'), type: 'BIGINT', sql: from.min },
      { column: column('max'), type: 'BIGINT', sql: from.max },
    ];
  }
  const parts = (['sum', 'min', 'max'] as const).flatMap((part): readonly Stored[] => {
    const value = from[part];
    const isMilli = `(abs(${value}) < 9e12 AND ${part === 'sum' ? isNearlyMilli(value) : isMilliSql(value)})`;
    return [
      {
        column: column(`${part}_milli`),
        type: 'BIGINT',
        sql: `CASE WHEN ${isMilli} THEN TRY_CAST(round(${value} * 1e3) AS BIGINT) END`,
      },
      { column: column(part), type: 'DOUBLE', sql: `CASE WHEN ${isMilli} THEN NULL ELSE ${value} END` },
    ];
  });
  return [count, ...parts];
}

export interface Stored {
  readonly column: string;
  readonly type: string;
  readonly sql: string;
}

function isMilliSql(value: string): string {
  return `round(${value} * 1e3) / 1e3 = ${value}`;
}

/** A sum of such numbers is one, but for what adding doubles leaves. */
function isNearlyMilli(value: string): string {
  return `abs(round(${value} * 1e3) - ${value} * 1e3) <= 1e-12 * abs(${value} * 1e3)`;
}

/** Creates the table or adds the columns of these fields. */
export async function ensureLevelTable(
  { connection, columns: knownColumns }: Source,
  level: LevelName,
  definition: MeasurementDefinition,
  columns: readonly Stored[],
): Promise<void> {
  const table = tableName(definition.name, level);
  const tags = tagNames(definition);
  const schema = schemaOf(level);
  const earlier = await knownColumns.of(connection, schema, definition.name);
  if ([...tags, ...columns.map(({ column }) => unquoted(column))].every((name) => earlier.has(name))) return;
  knownColumns.forget(schema, definition.name);
  const fixed = [`${TIME_COLUMN} BIGINT`, ...tags.map((tag) => `${sqlName(tag)} VARCHAR DEFAULT ''`)];
  await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${fixed.join(', ')})`);
  const known = await columnNames(connection, schema, definition.name);
  for (const name of tags) {
    if (!known.has(name))
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${sqlName(name)} VARCHAR DEFAULT ''`);
  }
  for (const { column, type } of columns) {
    if (!known.has(unquoted(column)))
      await connection.run(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  }
}

/** Whether the table has what a question for the field needs. */
export function hasField(columns: ReadonlySet<string>, resolution: Resolution, field: string): boolean {
  return columns.has(fieldColumn(resolution, field));
}

/** The column that a table has if it has anything of the field. */
export function fieldColumn(resolution: Resolution, field: string): string {
  return resolution === 'raw' ? field : `${field}#count`;
}

function unquoted(column: string): string {
  return column.slice(1, -1).replaceAll('""', '"');
}

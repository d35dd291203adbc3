import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { Window } from '../history/history-keeper.ts';
import type { LevelName } from '../history/levels.ts';
import type { Source } from './known-columns.ts';
import { bucketOf, rowsIn } from './roll-window.ts';
import { SAMPLES, sqlName, tableName, TIME_COLUMN } from './schema.ts';

/**
 * One table per measurement in the schemas `minute_states` and `hour_states`: how many samples of a bucket had which value of a flag or text,
 * `true` and `false` as texts.
 */
export function statesSchema(level: LevelName): string {
  return `${level}_states`;
}

export function statesTable(measurement: string, level: LevelName): string {
  return `${statesSchema(level)}.${sqlName(measurement)}`;
}

/** Names that no tag can have. */
export const STATE = { field: '"#field"', state: '"#state"', count: '"#count"' } as const;

/** As rollUp does for numbers. */
export async function rollUpStates(
  source: Source,
  definition: MeasurementDefinition,
  window: Window,
  agents: readonly string[] | undefined,
): Promise<number> {
  const { level } = window;
  const fields = Object.entries(definition.fields).flatMap(([name, { type }]) =>
    type === 'bool' || type === 'string' ? [name] : [],
  );
  if (fields.length === 0) return 0;
  const { connection, columns } = source;
  await ensureStatesTable(source, level, definition);
  const target = statesTable(definition.name, level);
  const { where, parameters } = rowsIn(definition, window, agents);
  const tags = tagNames(definition).map(sqlName);
  const names = [TIME_COLUMN, ...tags, STATE.field, STATE.state, STATE.count].join(', ');
  const insert = async (select: string): Promise<number> => {
    const inserted = await connection.run(
      `INSERT INTO ${target} (${names}) ${select} ORDER BY ${[...tags, '1'].join(', ')}`,
      [...parameters],
    );
    return inserted.rowsChanged;
  };
  const bucket = bucketOf(level);
  await connection.run(`DELETE FROM ${target} WHERE ${where}`, [...parameters]);
  if (level !== 'minute') {
    if ((await columns.of(connection, statesSchema('minute'), definition.name)).size === 0) return 0;
    const keys = [bucket, ...tags, STATE.field, STATE.state];
    return await insert(
      `SELECT ${keys.join(', ')}, sum(${STATE.count}) FROM ${statesTable(definition.name, 'minute')}
       WHERE ${where} GROUP BY ${keys.map((_, at) => String(at + 1)).join(', ')}`,
    );
  }
  const stored = await columns.of(connection, SAMPLES, definition.name);
  let rows = 0;
  for (const field of fields.filter((name) => stored.has(name))) {
    const keys = [bucket, ...tags, `'${field}'`, `CAST(${sqlName(field)} AS VARCHAR)`];
    rows += await insert(
      `SELECT ${keys.join(', ')}, count(*) FROM ${tableName(definition.name)}
       WHERE ${where} AND ${sqlName(field)} IS NOT NULL GROUP BY ${keys.map((_, at) => String(at + 1)).join(', ')}`,
    );
  }
  return rows;
}

/** With the columns of tags that are new in the catalogue. */
export async function ensureStatesTable(
  { connection, columns: knownColumns }: Source,
  level: LevelName,
  definition: MeasurementDefinition,
): Promise<void> {
  const table = statesTable(definition.name, level);
  const tags = tagNames(definition);
  const schema = statesSchema(level);
  const known = await knownColumns.of(connection, schema, definition.name);
  if (known.size > 0 && tags.every((tag) => known.has(tag))) return;
  knownColumns.forget(schema, definition.name);
  const tagSql = (tag: string): string => `${sqlName(tag)} VARCHAR DEFAULT ''`;
  if (known.size === 0) {
    const columns = [
      `${TIME_COLUMN} BIGINT`,
      ...tags.map(tagSql),
      `${STATE.field} VARCHAR`,
      `${STATE.state} VARCHAR`,
      `${STATE.count} BIGINT`,
    ];
    await connection.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
    return;
  }
  for (const tag of tags) {
    if (!known.has(tag)) await connection.run(`ALTER TABLE ${table} ADD COLUMN ${tagSql(tag)}`);
  }
}

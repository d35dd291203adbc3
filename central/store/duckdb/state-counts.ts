import type { DuckDBValue } from '@duckdb/node-api';
import type { LevelName, Segment } from '../history/levels.ts';
import type { PlannedQuery } from '../series-query.ts';
import { MAX_STATE_COUNTS, type StateCount } from '../state-shares.ts';
import type { Source } from './known-columns.ts';
import { bucketSql, filter, fromDuckDb, sourceOf, tagText } from './query.ts';
import { rowsOf, sqlName, TIME_COLUMN } from './schema.ts';
import { STATE, statesSchema, statesTable } from './state-tables.ts';

/** How often each series has each value in a part of a planned query for states. */
export async function readCounts(
  source: Source,
  plan: PlannedQuery,
  segment: Segment,
): Promise<readonly StateCount[]> {
  const { query, fieldType, allTags } = plan;
  const { resolution } = segment;
  const found =
    resolution === 'raw'
      ? await sourceOf(source, plan, segment)
      : await statesOf(source, plan, { ...segment, resolution });
  if (found === undefined) return [];
  const { state, count } =
    resolution === 'raw'
      ? { state: sqlName(query.field), count: 'count(*)' }
      : { state: STATE.state, count: `CAST(sum(${STATE.count}) AS BIGINT)` };
  const tags = allTags.map(sqlName);
  const rows = await rowsOf(
    source.connection,
    `SELECT ${[bucketSql(query), state, count, ...tags].join(', ')} ${found.from}
     GROUP BY ${['1', '2', ...tags].join(', ')} ORDER BY 1 DESC LIMIT ${MAX_STATE_COUNTS + 1}`,
    found.parameters,
  );
  const isText = resolution !== 'raw' && fieldType === 'bool';
  return rows.map(([bucket, value, number, ...tagValues]): StateCount => [
    Number(bucket),
    isText ? value === 'true' : fromDuckDb(value, fieldType),
    Number(number),
    ...tagValues.map(tagText),
  ]);
}

/** FROM and WHERE of the states of a level; undefined: there are none. */
async function statesOf(
  { connection, columns }: Source,
  { query }: PlannedQuery,
  { resolution, fromMs, toMs }: Segment & { readonly resolution: LevelName },
): Promise<{ readonly from: string; readonly parameters: DuckDBValue[] } | undefined> {
  const isThere = await columns.has(connection, statesSchema(resolution), query.measurement, TIME_COLUMN);
  if (!isThere) return undefined;
  const parameters: DuckDBValue[] = [BigInt(fromMs), BigInt(toMs), query.field];
  const where = [
    `${TIME_COLUMN} >= $1`,
    `${TIME_COLUMN} < $2`,
    `${STATE.field} = $3`,
    ...filter(query.tags, parameters),
  ];
  return {
    from: `FROM ${statesTable(query.measurement, resolution)} WHERE ${where.join(' AND ')}`,
    parameters,
  };
}

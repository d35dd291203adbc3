import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { LevelName, Segment } from '../history/levels.ts';
import type { PlannedQuery } from '../series-query.ts';
import { MAX_STATE_COUNTS, type StateCount } from '../state-shares.ts';
import { bucketSql, filter, fromDuckDb, sourceOf, tagText } from './query.ts';
import { columnNames, rowsOf, sqlName, TIME_COLUMN } from './schema.ts';
import { STATE, statesSchema, statesTable } from './state-tables.ts';

/** How often each series has each value in a part of a planned query for states. */
export async function readCounts(
  connection: DuckDBConnection,
  plan: PlannedQuery,
  segment: Segment,
): Promise<readonly StateCount[]> {
  const { query, fieldType, allTags } = plan;
  const { resolution } = segment;
  const found =
    resolution === 'raw'
      ? await sourceOf(connection, plan, segment)
      : await statesOf(connection, plan, { ...segment, resolution });
  if (found === undefined) return [];
  const { state, count } =
    resolution === 'raw'
      ? { state: sqlName(query.field), count: 'count(*)' }
      : { state: STATE.state, count: `CAST(sum(${STATE.count}) AS BIGINT)` };
  const tags = allTags.map(sqlName);
  const rows = await rowsOf(
    connection,
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
  connection: DuckDBConnection,
  { query }: PlannedQuery,
  { resolution, fromMs, toMs }: Segment & { readonly resolution: LevelName },
): Promise<{ readonly from: string; readonly parameters: DuckDBValue[] } | undefined> {
  const columns = await columnNames(connection, statesSchema(resolution), query.measurement);
  if (columns.size === 0) return undefined;
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

import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { SeriesResult } from '../sample-store.ts';
import { exactInt, type PlannedQuery } from '../series-query.ts';
import { assembleShares, MAX_STATE_COUNTS, type StateCount } from '../state-shares.ts';
import { bucketSql, fromDuckDb, selectedRows } from './query.ts';
import { rowsOf, sqlName } from './schema.ts';

/** Runs a planned query for states. */
export async function readShares(connection: DuckDBConnection, plan: PlannedQuery): Promise<SeriesResult> {
  const { query, fieldType } = plan;
  const parameters: DuckDBValue[] = [];
  const from = selectedRows(query, parameters);
  const names = ['1', '2', ...plan.allTags.map(sqlName)];
  const rows = await rowsOf(
    connection,
    `SELECT ${[bucketSql(query), sqlName(query.field), ...plan.allTags.map(sqlName), 'count(*)'].join(', ')} ${from}
     GROUP BY ${names.join(', ')} ORDER BY 1 DESC LIMIT ${MAX_STATE_COUNTS + 1}`,
    parameters,
  );
  const counts = rows.map(([bucket, state, ...rest]): StateCount => {
    const count = rest.at(-1);
    const tagValues = rest.slice(0, -1).map((tag) => (typeof tag === 'string' ? tag : ''));
    return [
      Number(bucket),
      fromDuckDb(state, fieldType),
      typeof count === 'bigint' ? Number(exactInt(count)) : 0,
      ...tagValues,
    ];
  });
  return assembleShares(counts, plan);
}

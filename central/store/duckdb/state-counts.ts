import type { DuckDBConnection } from '@duckdb/node-api';
import type { Segment } from '../history/levels.ts';
import type { PlannedQuery } from '../series-query.ts';
import { MAX_STATE_COUNTS, type StateCount } from '../state-shares.ts';
import { bucketSql, fromDuckDb, sourceOf, tagText } from './query.ts';
import { rowsOf, sqlName } from './schema.ts';

/** How often each series has each value in a part of a planned query for states. */
export async function readCounts(
  connection: DuckDBConnection,
  plan: PlannedQuery,
  segment: Segment,
): Promise<readonly StateCount[]> {
  const { query, fieldType, allTags } = plan;
  const found = await sourceOf(connection, plan, segment);
  if (found === undefined) return [];
  const tags = allTags.map(sqlName);
  const rows = await rowsOf(
    connection,
    `SELECT ${[bucketSql(query), sqlName(query.field), 'count(*)', ...tags].join(', ')} ${found.from}
     GROUP BY ${['1', '2', ...tags].join(', ')} ORDER BY 1 DESC LIMIT ${MAX_STATE_COUNTS + 1}`,
    found.parameters,
  );
  return rows.map(([bucket, state, count, ...tagValues]): StateCount => [
    Number(bucket),
    fromDuckDb(state, fieldType),
    Number(count),
    ...tagValues.map(tagText),
  ]);
}

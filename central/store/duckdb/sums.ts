import type { DuckDBValue } from '@duckdb/node-api';
import type { Segment } from '../history/levels.ts';
import type { SumsPart } from '../history/sums.ts';
import type { PlannedSums } from '../series-query.ts';
import type { Source } from './known-columns.ts';
import { fieldColumn, partsSql } from './level-tables.ts';
import { filter, tagText } from './query.ts';
import { rowsOf, schemaOf, sqlName, tableName, TIME_COLUMN } from './schema.ts';

/** All fields in one statement; those that the table never had are 0. */
export async function readSumsOf(
  { connection, columns }: Source,
  { query, types }: PlannedSums,
  { resolution, fromMs, toMs }: Segment,
): Promise<readonly SumsPart[]> {
  const { measurement, fields, groupBy, maxGroups } = query;
  const names = fields.map((field) => fieldColumn(resolution, field));
  const stored = await columns.among(connection, schemaOf(resolution), measurement, names);
  if (stored.size === 0) return [];
  const parts = fields.map((field, at) =>
    stored.has(fieldColumn(resolution, field))
      ? partsSql(resolution, field, types[at] ?? 'float')
      : undefined,
  );
  const sums = parts.map((part) => (part === undefined ? '0' : `CAST(coalesce(${part.sum}, 0) AS DOUBLE)`));
  const isPresent = parts.flatMap((part) => part?.isPresent ?? []).join(' OR ');
  const tags = groupBy.map(sqlName);
  const parameters: DuckDBValue[] = [BigInt(fromMs), BigInt(toMs)];
  const where = [
    `${TIME_COLUMN} >= $1`,
    `${TIME_COLUMN} < $2`,
    `(${isPresent})`,
    ...filter(query.tags, parameters),
  ];
  const rows = await rowsOf(
    connection,
    `SELECT ${['count(*)', ...sums, ...tags].join(', ')} FROM ${tableName(measurement, resolution)}
     WHERE ${where.join(' AND ')} ${tags.length > 0 ? `GROUP BY ${tags.join(', ')}` : ''} LIMIT ${maxGroups + 1}`,
    parameters,
  );
  return rows.flatMap(([count, ...values]): SumsPart[] =>
    // Without groups there is a row also where there are none.
    Number(count) === 0
      ? []
      : [
          {
            sums: values.slice(0, fields.length).map(Number),
            tagValues: values.slice(fields.length).map(tagText),
          },
        ],
  );
}

import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { FieldType, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { tagNames } from '../../samples/tag-names.ts';
import { numeric, type SeriesPart } from '../history/parts.ts';
import type { Resolution, Segment } from '../history/levels.ts';
import type { Source } from './known-columns.ts';
import { fieldColumn, partsSql, type PartsSql } from './level-tables.ts';
import { rowsOf, schemaOf, sqlName, tableName, TIME_COLUMN } from './schema.ts';
import type { Across, Aggregate, LatestQuery, LatestRow, SeriesQuery } from '../sample-store.ts';
import { exactInt, presentTags, type PlannedQuery, type PointRow } from '../series-query.ts';

/** Names that no tag and no field can have. */
const BUCKET = sqlName('#bucket');
const VALUE = sqlName('#value');

/** Runs a part of a planned query: its names are the catalogue's, its values are passed as parameters. */
export async function readRows(
  source: Source,
  plan: PlannedQuery,
  segment: Segment,
): Promise<readonly PointRow[]> {
  const { query, fieldType } = plan;
  const found = await sourceOf(source, plan, segment);
  if (found === undefined) return [];
  const { from, parameters } = found;
  const sql = `${selectPoints(plan, segment.resolution, from)} ORDER BY 1 DESC LIMIT ${query.maxPoints + 1}`;
  const rows = await rowsOf(source.connection, sql, parameters);
  return rows.map(([time, value, ...tagValues]): PointRow => [
    Number(time),
    fromDuckDb(value, fieldType),
    ...tagValues.map(tagText),
  ]);
}

export async function readParts(
  source: Source,
  plan: PlannedQuery,
  segment: Segment,
): Promise<readonly SeriesPart[]> {
  const found = await sourceOf(source, plan, segment);
  if (found === undefined) return [];
  const { query, fieldType, allTags } = plan;
  const { count, sum, min, max } = partsSql(segment.resolution, query.field, fieldType);
  const tags = allTags.map(sqlName);
  const rows = await rowsOf(
    source.connection,
    `SELECT ${[count, sum, min, max, ...tags].join(', ')} ${found.from} GROUP BY ${tags.join(', ')}`,
    found.parameters,
  );
  return rows.flatMap(([number, ...rest]): SeriesPart[] => {
    const [total, least, most] = rest.slice(0, 3).map((value) => numeric(fromDuckDb(value, fieldType)));
    if (total === undefined || least === undefined || most === undefined) return [];
    const tagValues = rest.slice(3).map(tagText);
    return [{ tagValues, count: Number(number), sum: total, min: least, max: most }];
  });
}

/** FROM and WHERE of a segment; undefined: nothing of the field was ever there. */
export async function sourceOf(
  { connection, columns }: Source,
  { query, fieldType }: PlannedQuery,
  { resolution, fromMs, toMs }: Segment,
): Promise<{ readonly from: string; readonly parameters: DuckDBValue[] } | undefined> {
  const column = fieldColumn(resolution, query.field);
  if (!(await columns.has(connection, schemaOf(resolution), query.measurement, column))) return undefined;
  const parameters: DuckDBValue[] = [BigInt(fromMs), BigInt(toMs)];
  const where = [
    `${TIME_COLUMN} >= $1`,
    `${TIME_COLUMN} < $2`,
    partsSql(resolution, query.field, fieldType).isPresent,
    ...filter(query.tags, parameters),
  ];
  return {
    from: `FROM ${tableName(query.measurement, resolution)} WHERE ${where.join(' AND ')}`,
    parameters,
  };
}

export function bucketSql({ everyMs, offsetMs = 0 }: SeriesQuery): string {
  return `(${TIME_COLUMN} + ${offsetMs}) // ${everyMs} * ${everyMs} - ${offsetMs}`;
}

/** Columns: time, value, the tags to group by. */
function selectPoints(
  { query, groupBy, allTags, fieldType }: PlannedQuery,
  resolution: Resolution,
  from: string,
): string {
  const { everyMs, aggregate, across } = query;
  const field = sqlName(query.field);
  const tags = groupBy.map(sqlName);
  if (everyMs === undefined) return `SELECT ${[TIME_COLUMN, field, ...tags].join(', ')} ${from}`;
  const bucket = `${bucketSql(query)} AS ${BUCKET}`;
  const seriesTags = allTags.map(sqlName);
  const parts = partsSql(resolution, query.field, fieldType);
  const value = resolution === 'raw' ? aggregateSql(aggregate, field) : ofParts(aggregate, parts);
  const perSeries = `SELECT ${[bucket, `${value} AS ${VALUE}`, ...seriesTags].join(', ')}
    ${from} GROUP BY ${[BUCKET, ...seriesTags].join(', ')}`;
  if (across === undefined) return perSeries;
  return `SELECT ${[BUCKET, acrossSql(across), ...tags].join(', ')}
    FROM (${perSeries}) GROUP BY ${[BUCKET, ...tags].join(', ')}`;
}

/** The newest row of each tag set, with the fields that this row has. */
export async function readLatest(
  connection: DuckDBConnection,
  definition: MeasurementDefinition,
  query: LatestQuery,
): Promise<LatestRow[]> {
  const tags = tagNames(definition);
  const fields = Object.keys(definition.fields);
  const parameters: DuckDBValue[] = [BigInt(query.sinceMs)];
  const where = [`${TIME_COLUMN} >= $1`, ...filter(query.tags, parameters)];
  const names = [...tags, ...fields].map(sqlName).join(', ');
  const rows = await rowsOf(
    connection,
    `SELECT ${TIME_COLUMN}, ${names} FROM ${tableName(definition.name)} WHERE ${where.join(' AND ')}
     QUALIFY row_number() OVER (PARTITION BY ${tags.map(sqlName).join(', ')} ORDER BY ${TIME_COLUMN} DESC) = 1
     ORDER BY ${tags.map(sqlName).join(', ')} LIMIT ${query.maxRows}`,
    parameters,
  );
  return rows.map(([time, ...values]) => {
    const present: Record<string, FieldValue> = {};
    fields.forEach((name, index) => {
      const value = values[tags.length + index] ?? null;
      const type = definition.fields[name]?.type;
      if (value !== null && type !== undefined) present[name] = fromDuckDb(value, type);
    });
    const tagValues = values.slice(0, tags.length).map(tagText);
    return { tags: presentTags(tags, tagValues), timeMs: Number(time), fields: present };
  });
}

export function filter(
  tags: Readonly<Record<string, readonly string[]>>,
  parameters: DuckDBValue[],
): string[] {
  return Object.entries(tags).map(([tag, values]) => {
    if (values.length === 0) return 'false';
    const places = values.map((value) => `$${parameters.push(value)}`);
    return `${sqlName(tag)} IN (${places.join(', ')})`;
  });
}

const PERCENTILES: Readonly<Partial<Record<Aggregate | Across, number>>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

function aggregateSql(aggregate: Aggregate, field: string): string {
  const ratio = PERCENTILES[aggregate];
  if (ratio !== undefined) return percentileSql(ratio, field);
  if (aggregate === 'mean') return `avg(${field})`;
  // Several points of one time: the greatest, as in InfluxDB.
  if (aggregate === 'first') return `first(${field} ORDER BY ${TIME_COLUMN} ASC, ${field} DESC)`;
  if (aggregate === 'last') return `first(${field} ORDER BY ${TIME_COLUMN} DESC, ${field} DESC)`;
  return `${aggregate}(${field})`;
}

function ofParts(aggregate: Aggregate, { count, sum, min, max }: PartsSql): string {
  switch (aggregate) {
    case 'count':
      return count;
    case 'sum':
      return sum;
    case 'min':
      return min;
    case 'max':
      return max;
    default:
      return `${sum} / ${count}`;
  }
}

export function tagText(tag: DuckDBValue | undefined): string {
  return typeof tag === 'string' ? tag : '';
}

/** InfluxDB's rank, floor(n·p + 0.5), so that both stores give the same answer. */
function percentileSql(ratio: number, value: string): string {
  return `list_sort(list(${value}))[CAST(floor(count(${value}) * ${ratio} + 0.5) AS BIGINT)]`;
}

function acrossSql(across: Across): string {
  const ratio = PERCENTILES[across];
  if (ratio !== undefined) return percentileSql(ratio, VALUE);
  return across === 'mean' ? `avg(${VALUE})` : `${across}(${VALUE})`;
}

export function fromDuckDb(value: DuckDBValue | undefined, type: FieldType): FieldValue {
  if (typeof value === 'bigint') return exactInt(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  throw new Error(`DuckDB returned ${typeof value} for a field of type ${type}`);
}

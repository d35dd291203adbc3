import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { FieldType, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { tagNames } from '../../samples/tag-names.ts';
import { rowsOf, sqlName, tableName, TIME_COLUMN } from './schema.ts';
import type {
  Across,
  Aggregate,
  LatestQuery,
  LatestRow,
  SeriesQuery,
  SeriesResult,
} from '../sample-store.ts';
import { assembleSeries, exactInt, presentTags, type PlannedQuery, type PointRow } from '../series-query.ts';

/** Names that no tag and no field can have. */
const BUCKET = sqlName('#bucket');
const VALUE = sqlName('#value');

/** Runs a planned query: its names are the catalogue's, its values are passed as parameters. */
export async function readSeries(connection: DuckDBConnection, plan: PlannedQuery): Promise<SeriesResult> {
  const { query, fieldType } = plan;
  const parameters: DuckDBValue[] = [];
  const from = selectedRows(query, parameters);
  const sql = `${selectPoints(plan, from)} ORDER BY 1 DESC LIMIT ${query.maxPoints + 1}`;
  const rows = await rowsOf(connection, sql, parameters);
  const points = rows.map(([time, value, ...tagValues]): PointRow => [
    Number(time),
    fromDuckDb(value, fieldType),
    ...tagValues.map((tag) => (typeof tag === 'string' ? tag : '')),
  ]);
  return assembleSeries(points, plan);
}

/** From table and condition of what a query is about; adds its values to `parameters`, which is empty. */
export function selectedRows(query: SeriesQuery, parameters: DuckDBValue[]): string {
  parameters.push(BigInt(query.fromMs), BigInt(query.toMs));
  const where = [
    `${TIME_COLUMN} >= $1`,
    `${TIME_COLUMN} < $2`,
    `${sqlName(query.field)} IS NOT NULL`,
    ...filter(query.tags, parameters),
  ];
  return `FROM ${tableName(query.measurement)} WHERE ${where.join(' AND ')}`;
}

export function bucketSql({ everyMs, offsetMs = 0 }: SeriesQuery): string {
  return `(${TIME_COLUMN} + ${offsetMs}) // ${everyMs} * ${everyMs} - ${offsetMs}`;
}

/** Columns: time, value, the tags to group by. */
function selectPoints({ query, groupBy, allTags }: PlannedQuery, from: string): string {
  const { everyMs, aggregate, across } = query;
  const field = sqlName(query.field);
  const tags = groupBy.map(sqlName);
  if (everyMs === undefined) return `SELECT ${[TIME_COLUMN, field, ...tags].join(', ')} ${from}`;
  const bucket = `${bucketSql(query)} AS ${BUCKET}`;
  const seriesTags = allTags.map(sqlName);
  const perSeries = `SELECT ${[bucket, `${aggregateSql(aggregate, field)} AS ${VALUE}`, ...seriesTags].join(', ')}
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
    const tagValues = values.slice(0, tags.length).map((tag) => (typeof tag === 'string' ? tag : ''));
    return { tags: presentTags(tags, tagValues), timeMs: Number(time), fields: present };
  });
}

function filter(tags: Readonly<Record<string, readonly string[]>>, parameters: DuckDBValue[]): string[] {
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

import type { FieldType } from '../../../contract/catalogue.ts';
import { HISTORY_PARTS } from '../../../contract/influx-history.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Cell } from './answer.ts';
import type { Segment } from '../history/levels.ts';
import type { Across, Aggregate, LatestQuery } from '../sample-store.ts';
import { exactInt, type PlannedQuery } from '../series-query.ts';
import { clampTime, identifier, literal, partsOf, sourceName } from './names.ts';

/**
 * InfluxQL for a part of a planned query; its columns are time, `value` and the grouping tags, the newest first. `only`: one more condition;
 * `value`: instead of the query's aggregate.
 */
export function seriesStatement(
  { query, groupBy, allTags }: PlannedQuery,
  segment: Segment,
  special: { readonly only?: string; readonly value?: string } = {},
): string {
  const { field, everyMs, offsetMs = 0, aggregate, across } = query;
  const { fromMs, toMs } = segment;
  const also = special.only === undefined ? '' : ` AND ${special.only}`;
  const where = `WHERE ${conditions(query.tags, fromMs, toMs)}${also}`;
  const from = `FROM ${sourceName(query.measurement, segment.resolution)} ${where}`;
  const tags = groupBy.map(identifier);
  const newest = `ORDER BY time DESC LIMIT ${query.maxPoints + 1}`;
  const outer = (value: string): string => `SELECT ${[value, ...tags].join(', ')}`;
  if (everyMs === undefined) return `${outer(`${identifier(field)} AS "value"`)} ${from} ${newest}`;
  const by = (names: readonly string[]): string =>
    `GROUP BY ${[`time(${everyMs}ms, ${-offsetMs}ms)`, ...names.map(identifier)].join(', ')} fill(none)`;
  const ofField = segment.resolution === 'raw' ? call(aggregate, field) : ofParts(aggregate, field);
  const perSeries = `SELECT ${special.value ?? ofField} AS "value" ${from} ${by(allTags)}`;
  // The inner limit is safe: at most `maxPoints + 1` buckets of one series can be among the newest of all.
  if (across === undefined) return `${outer('"value"')} FROM (${perSeries} ${newest}) ${newest}`;
  const firstBucketMs = Math.floor((clampTime(fromMs) + offsetMs) / everyMs) * everyMs - offsetMs;
  const range = `WHERE time >= ${firstBucketMs}ms AND time < ${clampTime(toMs)}ms`;
  const groups = `SELECT ${call(across, 'value')} AS "value" FROM (${perSeries}) ${range} ${by(groupBy)} ${newest}`;
  return `${outer('"value"')} FROM (${groups}) ${newest}`;
}

/** One row per series: count, sum, least and greatest of the segment. */
export function partsStatement({ query, allTags }: PlannedQuery, segment: Segment): string {
  const { measurement, field, tags } = query;
  const parts = partsOf(segment.resolution, field);
  const columns = HISTORY_PARTS.map((part) => `${parts[part]} AS ${identifier(part)}`);
  return (
    `SELECT ${columns.join(', ')} FROM ${sourceName(measurement, segment.resolution)} ` +
    `WHERE ${conditions(tags, segment.fromMs, segment.toMs)} GROUP BY ${allTags.map(identifier).join(', ')}`
  );
}

/** One row per series. SLIMIT would also count series without a row since then, so the caller cuts. */
export function latestStatement({ measurement, tags, sinceMs }: LatestQuery): string {
  const where = conditions(tags, sinceMs, Infinity);
  return `SELECT * FROM ${identifier(measurement)} WHERE ${where} GROUP BY * ORDER BY time DESC LIMIT 1`;
}

export function deleteStatement(measurement: string, beforeMs: number): string {
  return `DELETE FROM ${identifier(measurement)} WHERE time < ${clampTime(beforeMs)}ms`;
}

export function createDatabaseStatement(database: string): string {
  return `CREATE DATABASE ${identifier(database)}`;
}

/** Whether a tag has no allowed value at all; InfluxQL cannot express that. */
export function matchesNothing(tags: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.values(tags).some((values) => !values.some(isStorable));
}

/** A cell converted to the field's type. */
export function fieldValue(type: FieldType, cell: Exclude<Cell, null>): FieldValue {
  if (type === 'int') return exactInt(BigInt(cell));
  return type === 'float' ? Number(cell) : cell;
}

function ofParts(aggregate: Aggregate, field: string): string {
  const { count, sum, min, max } = partsOf('minute', field);
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
      // The quotient of two whole numbers would be one.
      return `1.0 * ${sum} / ${count}`;
  }
}

function call(aggregate: Aggregate | Across, field: string): string {
  const name = identifier(field);
  switch (aggregate) {
    case 'p50':
      return `percentile(${name}, 50)`;
    case 'p95':
      return `percentile(${name}, 95)`;
    case 'p99':
      return `percentile(${name}, 99)`;
    default:
      return `${aggregate}(${name})`;
  }
}

export function conditions(
  tags: Readonly<Record<string, readonly string[]>>,
  fromMs: number,
  toMs: number,
): string {
  const parts = [`time >= ${clampTime(fromMs)}ms`, `time < ${clampTime(toMs)}ms`];
  for (const [name, values] of Object.entries(tags)) {
    const allowed = values.filter(isStorable).map((value) => `${identifier(name)} = ${literal(value)}`);
    parts.push(`(${allowed.join(' OR ')})`);
  }
  return parts.join(' AND ');
}

/** InfluxQL takes NUL for the end of the statement; no stored tag has one. */
function isStorable(value: string): boolean {
  return !value.includes('\0');
}

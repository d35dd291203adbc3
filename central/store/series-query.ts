import type { Catalogue, FieldType, MeasurementDefinition } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import { tagNames } from '../samples/tag-names.ts';
import {
  StoreQueryError,
  type Across,
  type LatestQuery,
  type Series,
  type SeriesQuery,
  type SeriesResult,
  type SumsQuery,
} from './sample-store.ts';

const ANY_TYPE: ReadonlySet<string> = new Set(['count', 'first', 'last']);

/** A query that has been checked against the catalogue. */
export interface PlannedQuery {
  readonly query: SeriesQuery;
  readonly fieldType: FieldType;
  /** The store counts how often each series has each value; `mean`: the share of true. */
  readonly states?: 'share' | 'mean';
  /** Of the values that the query returns. */
  readonly resultType: FieldType;
  /** Every tag of the measurement: together they tell its series apart. */
  readonly allTags: readonly string[];
  /** The tags of the series that the query returns. */
  readonly groupBy: readonly string[];
}

/** Throws a StoreQueryError that names what is wrong. In the result every name is one of the catalogue's. */
export function planQuery(catalogue: Catalogue, query: SeriesQuery): PlannedQuery {
  const definition = definitionOf(catalogue, query.measurement);
  const field = definedField(definition, query.field);
  assertTags(definition, [...query.groupBy, ...Object.keys(query.tags)]);
  assertBuckets(query);
  const perSeries = query.everyMs === undefined ? field.type : aggregateType(query, field.type);
  const resultType =
    query.across === undefined ? perSeries : acrossType(query.across, query.field, perSeries);
  assertBounds('fromMs', query.fromMs);
  assertBounds('toMs', query.toMs);
  if (!isWhole(query.maxPoints)) {
    throw new StoreQueryError(`maxPoints must be a whole number above 0, got ${query.maxPoints}`);
  }
  const allTags = tagNames(definition);
  const isGrouped = query.across !== undefined || query.groupBy.length > 0;
  const groupBy = isGrouped ? [...new Set(query.groupBy)] : allTags;
  const states = query.everyMs === undefined ? undefined : statesOf(query, field.type);
  return {
    query,
    fieldType: field.type,
    ...(states !== undefined && { states }),
    resultType,
    allTags,
    groupBy,
  };
}

function assertBuckets({ everyMs, offsetMs, across, groupBy }: SeriesQuery): void {
  if (everyMs === undefined) {
    if (across !== undefined) throw new StoreQueryError('across needs everyMs');
    return;
  }
  if (!isWhole(everyMs)) {
    throw new StoreQueryError(`everyMs must be a whole number above 0, got ${everyMs}`);
  }
  if (offsetMs !== undefined && (!Number.isSafeInteger(offsetMs) || offsetMs < 0 || offsetMs >= everyMs)) {
    throw new StoreQueryError(`offsetMs must be a whole number from 0 to ${everyMs - 1}, got ${offsetMs}`);
  }
  if (across === undefined && groupBy.length > 0) {
    throw new StoreQueryError(
      'groupBy with everyMs needs across: how the series of a group are put together',
    );
  }
}

function statesOf({ aggregate }: SeriesQuery, type: FieldType): PlannedQuery['states'] {
  if (aggregate === 'share') return 'share';
  return aggregate === 'mean' && type === 'bool' ? 'mean' : undefined;
}

/** Shares of one state over several series are put together by these; the others would have to know who never had it. */
const ACROSS_SHARES: readonly (Across | undefined)[] = [undefined, 'sum', 'mean'];

function aggregateType(query: SeriesQuery, type: FieldType): FieldType {
  const { aggregate, field, across } = query;
  const states = statesOf(query, type);
  if (states === 'share' && type === 'float')
    throw new StoreQueryError(`share needs states, "${field}" is ${type}`);
  if (states === 'share' && !ACROSS_SHARES.includes(across))
    throw new StoreQueryError(`across ${across} cannot put shares together, sum and mean can`);
  if (states !== undefined) return 'float';
  if (!ANY_TYPE.has(aggregate)) assertNumeric(aggregate, field, type);
  if (aggregate === 'count') return 'int';
  return aggregate === 'mean' ? 'float' : type;
}

function acrossType(across: Across, field: string, type: FieldType): FieldType {
  if (across === 'count') return 'int';
  assertNumeric(`across ${across}`, field, type);
  return across === 'mean' ? 'float' : type;
}

function assertNumeric(what: string, field: string, type: FieldType): void {
  if (type !== 'float' && type !== 'int') {
    throw new StoreQueryError(`${what} needs numbers, "${field}" is ${type}`);
  }
}

/** Sums that have been asked for and checked against the catalogue: its names are the catalogue's. */
export interface PlannedSums {
  readonly query: SumsQuery;
  /** The types of its fields, in their order. */
  readonly types: readonly FieldType[];
}

/** Throws a StoreQueryError that names what is wrong. */
export function planSums(catalogue: Catalogue, query: SumsQuery): PlannedSums {
  const definition = definitionOf(catalogue, query.measurement);
  const types = query.fields.map((name) => {
    const { type } = definedField(definition, name);
    assertNumeric('sums', name, type);
    return type;
  });
  assertTags(definition, [...query.groupBy, ...Object.keys(query.tags)]);
  assertBounds('fromMs', query.fromMs);
  assertBounds('toMs', query.toMs);
  return { query, types };
}

/** Throws a StoreQueryError; returns the measurement's definition. */
export function planLatest(catalogue: Catalogue, query: LatestQuery): MeasurementDefinition {
  const definition = definitionOf(catalogue, query.measurement);
  assertTags(definition, Object.keys(query.tags));
  assertBounds('sinceMs', query.sinceMs);
  if (!isWhole(query.maxRows)) {
    throw new StoreQueryError(`maxRows must be a whole number above 0, got ${query.maxRows}`);
  }
  return definition;
}

/** `[time, value, ...values of the grouping tags]`, an absent tag being empty. */
export type PointRow = readonly [number, FieldValue, ...(readonly string[])];

/**
 * Groups rows, the newest first and at most maxPoints + 1 of them, into series. Where there are too many, the oldest time is left
 * out, since some of its points may be missing. Throws a StoreQueryError if that leaves nothing.
 */
export function assembleSeries(
  rows: readonly PointRow[],
  { query, groupBy }: Pick<PlannedQuery, 'query' | 'groupBy'>,
): SeriesResult {
  const { maxPoints, everyMs } = query;
  const firstLeftOutMs = rows[maxPoints]?.[0];
  const byKey = new Map<string, { tagValues: readonly string[]; points: [number, FieldValue][] }>();
  for (const [timeMs, value, ...tagValues] of rows) {
    if (firstLeftOutMs !== undefined && timeMs <= firstLeftOutMs) break;
    const key = tagValues.join('\0');
    let series = byKey.get(key);
    if (series === undefined) {
      series = { tagValues, points: [] };
      byKey.set(key, series);
    }
    series.points.push([timeMs, value]);
  }
  if (firstLeftOutMs !== undefined && byKey.size === 0) {
    throw new StoreQueryError(
      `more than ${maxPoints} series have a point at one time; filter by a tag, or put series together by across`,
    );
  }
  const sorted = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    truncated: firstLeftOutMs !== undefined,
    ...(firstLeftOutMs !== undefined && { completeFromMs: firstLeftOutMs + (everyMs ?? 1) }),
    series: sorted.map(([, { tagValues, points }]): Series => ({
      tags: presentTags(groupBy, tagValues),
      points: points.reverse(),
    })),
  };
}

export function presentTags(
  names: readonly string[],
  values: readonly string[],
): Readonly<Record<string, string>> {
  const pairs = names.map((name, index): [string, string] => [name, values[index] ?? '']);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** A whole number as both stores return it: a bigint only where a number would not be exact. */
export function exactInt(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function definitionOf(catalogue: Catalogue, measurement: string): MeasurementDefinition {
  const definition = catalogue.get(measurement);
  if (definition === undefined) throw new StoreQueryError(`unknown measurement "${measurement}"`);
  return definition;
}

function definedField(definition: MeasurementDefinition, name: string) {
  const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
  if (field === undefined)
    throw new StoreQueryError(`measurement "${definition.name}" has no field "${name}"`);
  return field;
}

function assertTags(definition: MeasurementDefinition, tags: readonly string[]): void {
  const known = new Set(tagNames(definition));
  for (const tag of tags) {
    if (!known.has(tag)) throw new StoreQueryError(`measurement "${definition.name}" has no tag "${tag}"`);
  }
}

function assertBounds(name: string, timeMs: number): void {
  if (!Number.isSafeInteger(timeMs)) {
    throw new StoreQueryError(`${name} must be a whole number of ms, got ${timeMs}`);
  }
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

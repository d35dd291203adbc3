import type { Catalogue, FieldType, MeasurementDefinition } from '../../contract/catalogue.ts';
import type { FieldValue } from '../../contract/sample.ts';
import { tagNames } from '../samples/tag-names.ts';
import {
  StoreQueryError,
  type LatestQuery,
  type Series,
  type SeriesQuery,
  type SeriesResult,
} from './sample-store.ts';

const ANY_TYPE: ReadonlySet<string> = new Set(['count', 'first', 'last']);

/** A query that has been checked against the catalogue. */
export interface PlannedQuery {
  readonly query: SeriesQuery;
  readonly fieldType: FieldType;
  /** The tags that tell series apart; every tag when raw points were requested without any. */
  readonly groupBy: readonly string[];
}

/** Throws a StoreQueryError that names what is wrong. In the result every name is one of the catalogue's. */
export function planQuery(catalogue: Catalogue, query: SeriesQuery): PlannedQuery {
  const definition = definitionOf(catalogue, query.measurement);
  const field = Object.hasOwn(definition.fields, query.field) ? definition.fields[query.field] : undefined;
  if (field === undefined) {
    throw new StoreQueryError(`measurement "${query.measurement}" has no field "${query.field}"`);
  }
  assertTags(definition, [...query.groupBy, ...Object.keys(query.tags)]);
  const { everyMs, aggregate } = query;
  if (everyMs !== undefined && !isWhole(everyMs)) {
    throw new StoreQueryError(`everyMs must be a whole number above 0, got ${everyMs}`);
  }
  if (everyMs !== undefined && !ANY_TYPE.has(aggregate) && field.type !== 'float' && field.type !== 'int') {
    throw new StoreQueryError(`${aggregate} needs numbers, "${query.field}" is ${field.type}`);
  }
  assertBounds('fromMs', query.fromMs);
  assertBounds('toMs', query.toMs);
  if (!isWhole(query.maxPoints)) {
    throw new StoreQueryError(`maxPoints must be a whole number above 0, got ${query.maxPoints}`);
  }
  const everySeries = everyMs === undefined && query.groupBy.length === 0;
  const groupBy = everySeries ? tagNames(definition) : [...new Set(query.groupBy)];
  return { query, fieldType: field.type, groupBy };
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

/** `[time, value, ...values of the grouping tags]`, an absent tag being empty; in the order of time. */
export type PointRow = readonly [number, FieldValue, ...(readonly string[])];

/** Groups rows (at most maxPoints + 1 of them) into series. */
export function assembleSeries(
  rows: Iterable<PointRow>,
  groupBy: readonly string[],
  maxPoints: number,
): SeriesResult {
  const byKey = new Map<string, { tagValues: readonly string[]; points: [number, FieldValue][] }>();
  let count = 0;
  for (const [timeMs, value, ...tagValues] of rows) {
    if (++count > maxPoints) break;
    const key = tagValues.join('\0');
    let series = byKey.get(key);
    if (series === undefined) {
      series = { tagValues, points: [] };
      byKey.set(key, series);
    }
    series.points.push([timeMs, value]);
  }
  const sorted = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    truncated: count > maxPoints,
    series: sorted.map(([, { tagValues, points }]): Series => ({
      tags: presentTags(groupBy, tagValues),
      points,
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

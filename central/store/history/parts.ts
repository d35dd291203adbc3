import type { FieldValue } from '../../../contract/sample.ts';
import { combineAcross } from '../combine-across.ts';
import type { Across, Aggregate } from '../sample-store.ts';
import { exactInt, type PlannedQuery, type PointRow } from '../series-query.ts';

type Numeric = number | bigint;

/** What one series has in a part of a bucket. */
export interface SeriesPart {
  /** Of every tag of the measurement; an absent one is empty. */
  readonly tagValues: readonly string[];
  readonly count: number;
  readonly sum: Numeric;
  readonly min: Numeric;
  readonly max: Numeric;
}

/** The rows of one bucket, as a store answers the query for it. Pure. */
export function combineParts(plan: PlannedQuery, startMs: number, parts: readonly SeriesPart[]): PointRow[] {
  const { query, groupBy, allTags } = plan;
  const bySeries = new Map<string, SeriesPart>();
  for (const part of parts) {
    const key = part.tagValues.join('\0');
    const earlier = bySeries.get(key);
    bySeries.set(key, earlier === undefined ? part : merged(earlier, part));
  }
  const values = [...bySeries.values()].map(
    (part) => [valueOf(part, query.aggregate), part.tagValues] as const,
  );
  const { across } = query;
  if (across === undefined)
    return values.map(([value, tagValues]): PointRow => [startMs, value, ...tagValues]);
  const places = groupBy.map((tag) => allTags.indexOf(tag));
  const groups = new Map<string, { readonly tagValues: string[]; readonly values: Numeric[] }>();
  for (const [value, tagValues] of values) {
    const own = places.map((place) => tagValues[place] ?? '');
    const key = own.join('\0');
    const group = groups.get(key) ?? { tagValues: own, values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  return [...groups.values()].map((group): PointRow => [
    startMs,
    acrossOf(group.values, across),
    ...group.tagValues,
  ]);
}

function merged(left: SeriesPart, right: SeriesPart): SeriesPart {
  return {
    tagValues: left.tagValues,
    count: left.count + right.count,
    sum: add(left.sum, right.sum),
    min: right.min < left.min ? right.min : left.min,
    max: right.max > left.max ? right.max : left.max,
  };
}

function valueOf(part: SeriesPart, aggregate: Aggregate): Numeric {
  switch (aggregate) {
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
      return part[aggregate];
    default:
      return Number(part.sum) / part.count;
  }
}

function acrossOf(values: readonly Numeric[], across: Across): Numeric {
  const numbers = values.filter((value) => typeof value === 'number');
  // Beyond what a number holds exactly only these three stay whole.
  if (numbers.length === values.length || !['sum', 'min', 'max'].includes(across))
    return combineAcross(across, values.map(Number));
  const [first = 0, ...others] = values;
  if (across === 'sum') return others.reduce(add, first);
  const isBetter = (value: Numeric, than: Numeric): boolean =>
    across === 'min' ? value < than : value > than;
  return others.reduce((best, value) => (isBetter(value, best) ? value : best), first);
}

/** Whole numbers stay exact. */
function add(left: Numeric, right: Numeric): Numeric {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (!Number.isInteger(left) || !Number.isInteger(right) || Number.isSafeInteger(sum)) return sum;
  }
  if (!isWhole(left) || !isWhole(right)) return Number(left) + Number(right);
  return exactInt(BigInt(left) + BigInt(right));
}

function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

/** As a number of the catalogue's types; undefined: it is none. */
export function numeric(value: FieldValue | null | undefined): Numeric | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

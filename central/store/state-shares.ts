import type { FieldValue } from '../../contract/sample.ts';
import { combineAcross } from './combine-across.ts';
import { StoreQueryError, type Series, type SeriesResult } from './sample-store.ts';
import { assembleSeries, exactInt, type PlannedQuery, type PointRow } from './series-query.ts';

/** How often one series had one value in one bucket; then the values of all tags, an absent one being empty. */
export type StateCount = readonly [
  bucketMs: number,
  state: FieldValue,
  count: number,
  ...(readonly string[]),
];

/** Most different values of a field that count as states. */
export const MAX_STATES = 20;
/** Most counts that are put together for one answer, over all series, buckets and states. */
export const MAX_STATE_COUNTS = 100_000;

/** No tag can have this name. */
const STATE = '#state';

/** The states of one series in one bucket. */
interface Bucket {
  readonly counts: Map<string, number>;
  total: number;
}
type BucketsOfSeries = Map<number, Bucket>;

/**
 * The share of each state, or of `true`, in the samples of each series and bucket, and what `across` makes of it. A state that a series has at any time
 * is 0 where it has only others. Pure, and the same for both stores. `counts` are newest first; with more than MAX_STATE_COUNTS the oldest bucket is left out,
 * since some of its counts may be missing. Throws a StoreQueryError where that leaves nothing, or where there are too many states.
 */
export function assembleShares(counts: readonly StateCount[], plan: PlannedQuery): SeriesResult {
  const { everyMs = 1 } = plan.query;
  const leftOutMs = counts[MAX_STATE_COUNTS]?.[0];
  const kept = leftOutMs === undefined ? counts : counts.filter(([bucketMs]) => bucketMs > leftOutMs);
  if (kept.length === 0 && leftOutMs !== undefined) throw tooManyCounts();
  const groups = groupSeries(kept, plan);
  const points = [...groups.values()].flatMap((group) => [...groupPoints(group, plan)]);
  points.sort(([left], [right]) => right - left);
  const isByState = plan.states === 'share';
  const groupBy = isByState ? [...plan.groupBy, STATE] : plan.groupBy;
  const result = assembleSeries(points, { query: plan.query, groupBy });
  return {
    ...result,
    ...(leftOutMs !== undefined &&
      !result.truncated && { truncated: true, completeFromMs: leftOutMs + everyMs }),
    series: isByState ? result.series.map(withState) : result.series,
  };
}

interface Group {
  readonly tagValues: readonly string[];
  readonly series: Map<string, BucketsOfSeries>;
  readonly states: Set<string>;
}

function groupSeries(
  counts: readonly StateCount[],
  { allTags, groupBy, query }: PlannedQuery,
): ReadonlyMap<string, Group> {
  const places = groupBy.map((tag) => allTags.indexOf(tag));
  const groups = new Map<string, Group>();
  const allStates = new Set<string>();
  for (const [bucketMs, state, count, ...tagValues] of counts) {
    const ofGroup = places.map((place) => tagValues[place] ?? '');
    const group = entryOf(groups, ofGroup.join('\0'), () => newGroup(ofGroup));
    const buckets = entryOf(group.series, tagValues.join('\0'), () => new Map<number, Bucket>());
    const bucket = entryOf(buckets, bucketMs, () => ({ counts: new Map<string, number>(), total: 0 }));
    const key = stateKey(state);
    // Minutes and samples may share a bucket.
    bucket.counts.set(key, (bucket.counts.get(key) ?? 0) + count);
    bucket.total += count;
    group.states.add(key);
    allStates.add(key);
  }
  if (allStates.size > MAX_STATES) throw tooManyStates(query.field);
  return groups;
}

function newGroup(tagValues: readonly string[]): Group {
  return { tagValues, series: new Map(), states: new Set() };
}

function* groupPoints(
  { tagValues, series, states }: Group,
  { states: kind, query }: PlannedQuery,
): Iterable<PointRow> {
  const byTime = new Map<number, Bucket[]>();
  for (const buckets of series.values())
    for (const [bucketMs, bucket] of buckets) entryOf(byTime, bucketMs, () => []).push(bucket);
  const wanted = kind === 'mean' ? ['true'] : [...states].sort();
  for (const [bucketMs, buckets] of byTime) {
    for (const state of wanted) {
      const shares = buckets.map(({ counts, total }) => (counts.get(state) ?? 0) / total);
      const value = query.across === undefined ? (shares[0] ?? 0) : combineAcross(query.across, shares);
      yield [bucketMs, value, ...tagValues, ...(kind === 'share' ? [state] : [])];
    }
  }
}

/** As JSON: no state is the empty text, which would be an absent tag. */
function stateKey(state: FieldValue): string {
  return typeof state === 'bigint' ? String(state) : JSON.stringify(state);
}

function withState({ tags, points }: Series): Series {
  const { [STATE]: state = '""', ...rest } = tags;
  const value = /^-?\d+$/.test(state) ? exactInt(BigInt(state)) : (JSON.parse(state) as FieldValue);
  return { tags: rest, state: value, points };
}

export function tooManyStates(field: string): StoreQueryError {
  return new StoreQueryError(
    `aggregate share: "${field}" has more than ${MAX_STATES} different values in this time; filter by a tag`,
  );
}

function tooManyCounts(): StoreQueryError {
  const most = MAX_STATE_COUNTS.toLocaleString('en');
  return new StoreQueryError(
    `more than ${most} series and states in one bucket; filter by a tag or ask for another aggregate`,
  );
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

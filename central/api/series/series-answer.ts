import type { Series, SeriesResult } from '../../store/sample-store.ts';
import { toJsonValue } from '../json-value.ts';
import { encodeCursor } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { availabilityOf } from './availability.ts';
import { bucketCount, filledPoints, partialBuckets, type Buckets, type Fill } from './buckets.ts';
import { seriesCursorKey, type SeriesPlan } from './plan-series.ts';

type JsonPoint = [timeMs: number, value: number | string | boolean | null];

/** The answer to a planned query. Pure. Throws an ApiError where filling makes too many points. */
export function seriesAnswer({ query, buckets, maxPoints, nowMs }: SeriesPlan, result: SeriesResult) {
  const { toMs } = query;
  const { completeFromMs } = result;
  const availability = availabilityOf(query, result);
  const { fromMs } = availability;
  const shared = {
    ...availability,
    toMs,
    truncated: result.truncated,
    ...(completeFromMs !== undefined && {
      nextCursor: encodeCursor(seriesCursorKey(query.fromMs, completeFromMs)),
    }),
  };
  if (buckets === undefined) return { ...shared, series: result.series.map((one) => jsonSeries(one)) };
  const { everyMs, offsetMs, timeZone, fill } = buckets;
  const range = { everyMs, offsetMs, fromMs, toMs };
  return {
    ...shared,
    everyMs,
    timeZone,
    partial: partialBuckets(range, nowMs),
    series: filled(
      result.series,
      { ...range, toMs: Math.min(toMs, Math.max(nowMs, fromMs + 1)) },
      fill,
      maxPoints,
    ),
  };
}

function filled(series: readonly Series[], range: Buckets, fill: Fill, maxPoints: number) {
  if (fill === 'none') return series.map((one) => jsonSeries(one));
  const count = bucketCount(range) * series.length;
  if (count > maxPoints) {
    const detail = `querystring.fill: would make ${count} points, the most is ${maxPoints}; ask for wider buckets or less time`;
    throw new ApiError('QUERY_REFUSED', detail);
  }
  return series.map((one) => jsonSeries({ ...one, points: filledPoints(one.points, range, fill) }));
}

function jsonSeries({
  tags,
  state,
  points,
}: Omit<Series, 'points'> & { points: Parameters<typeof filledPoints>[0] }) {
  return {
    tags: { ...tags },
    ...(state !== undefined && { state: toJsonValue(state) }),
    points: points.map(([timeMs, value]): JsonPoint => [timeMs, value === null ? null : toJsonValue(value)]),
  };
}

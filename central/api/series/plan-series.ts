import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { parseDurationMs } from '../../../runtime/duration.ts';
import type { Across, Aggregate, SeriesQuery } from '../../store/sample-store.ts';
import { definitionOf, fieldOf } from '../catalogue-names.ts';
import { badCursor, cursorKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { assertTag, tagFilterOf } from '../tag-filter.ts';
import { MAX_TIME_MS, type PointInTime } from '../times/point-in-time.ts';
import { DAY_MS, inWholeSeconds, presentOf, rangeOf, type TimeRange } from '../times/time-range.ts';
import { ACROSS, assertAggregates } from './aggregates.ts';
import type { Fill } from './buckets.ts';
import { bucketOffsetMs } from './day-offset.ts';

/** The query parameters of a series. */
export interface SeriesRequest {
  readonly measurement: string;
  readonly field: string;
  readonly from?: PointInTime | undefined;
  readonly to?: PointInTime | undefined;
  readonly every?: string | undefined;
  readonly aggregate?: Aggregate | undefined;
  readonly across?: Across | undefined;
  readonly groupBy?: string | undefined;
  /** Former name of `groupBy`. */
  readonly group?: string | undefined;
  readonly tz?: string | undefined;
  readonly fill?: Fill | undefined;
  readonly cursor?: string | undefined;
}

export interface SeriesPlan {
  readonly query: SeriesQuery;
  /** Only with buckets. */
  readonly buckets?: {
    readonly everyMs: number;
    readonly offsetMs: number;
    readonly timeZone: string;
    readonly fill: Fill;
  };
  readonly maxPoints: number;
  readonly nowMs: number;
}

interface Surroundings {
  readonly catalogue: Catalogue;
  readonly timeZone: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly maxPoints: number;
}

const NEEDS_EVERY = ['aggregate', 'across', 'fill'] as const;
/** A century. */
const MAX_WIDTH_DAYS = 36_500;
/** Begin and end of what is left, Unix time in ms. */
const CURSOR = /^\d{1,15} \d{1,15}$/;

export function seriesCursorKey(fromMs: number, toMs: number): string {
  return `${fromMs} ${toMs}`;
}

/** What the store is asked. Pure. Throws an ApiError for every mistake that the catalogue or the parameters show. */
export function planSeries(request: SeriesRequest, surroundings: Surroundings): SeriesPlan {
  const { maxPoints } = surroundings;
  const definition = definitionOf(surroundings.catalogue, request.measurement);
  const field = fieldOf(definition, request.field);
  const tags = tagFilterOf(request as unknown as Readonly<Record<string, unknown>>, definition);
  const groupBy = groupsOf(request);
  for (const tag of groupBy) assertTag(definition, tag);
  const present = presentOf(surroundings, request.tz);
  const { nowMs, timeZone } = present;
  // Samples of an agent whose clock is ahead lie in the future: they can be asked for.
  const latest = { latestMs: MAX_TIME_MS };
  const range =
    pageRange(request) ?? rangeOf(inWholeSeconds(request, present).range, present, DAY_MS, latest);
  const { measurement, field: name, aggregate = 'mean', across } = request;
  const query = { measurement, field: name, ...range, aggregate, groupBy, tags, maxPoints };
  if (request.every === undefined) {
    assertNothingNeedsEvery(request);
    return { query, maxPoints, nowMs };
  }
  const everyMs = widthMs(request.every);
  assertAggregates(field, request);
  if (groupBy.length > 0 && across === undefined) throw groupsWithoutAcross(groupBy);
  const { fill = 'none' } = request;
  const offsetMs = bucketOffsetMs(timeZone, { everyMs, ...range }, nowMs);
  return {
    query: { ...query, everyMs, offsetMs, ...(across !== undefined && { across }) },
    buckets: { everyMs, offsetMs, timeZone, fill },
    maxPoints,
    nowMs,
  };
}

function groupsOf({ groupBy, group }: SeriesRequest): string[] {
  if (groupBy !== undefined && group !== undefined)
    throw new ApiError('INVALID_REQUEST', 'groupBy and its former name group cannot be used together');
  const text = groupBy ?? group ?? '';
  return text === '' ? [] : [...new Set(text.split(','))];
}

/** What the page before left; undefined on the first one. */
function pageRange(request: SeriesRequest): TimeRange | undefined {
  const left = cursorKey(request, { pattern: CURSOR })?.split(' ').map(Number);
  if (left === undefined) return undefined;
  const [fromMs = 0, toMs = 0] = left;
  if (fromMs >= toMs) throw badCursor();
  return { fromMs, toMs };
}

function assertNothingNeedsEvery(request: SeriesRequest): void {
  const problems = NEEDS_EVERY.filter((name) => request[name] !== undefined).map(
    (name) => `querystring.${name}: expected together with every, such as every=5m`,
  );
  if (problems.length > 0) throw new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
}

function groupsWithoutAcross(groupBy: readonly string[]): ApiError {
  const problem = `querystring.across: expected ${ACROSS.join(', ')}: how the series of one ${groupBy.join(' and ')} are put together`;
  return new ApiError('INVALID_REQUEST', problem, { problems: [problem] });
}

function widthMs(text: string): number {
  const width = parseDurationMs(text) ?? 0;
  if (width > 0 && width <= MAX_WIDTH_DAYS * DAY_MS) return width;
  const expected = `expected a width above zero and of at most ${MAX_WIDTH_DAYS}d`;
  throw new ApiError('BAD_WIDTH', `querystring.every: ${expected}, got "${text}"`);
}

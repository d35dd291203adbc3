import type { Catalogue, FieldDefinition } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Across, Aggregate, SeriesQuery } from '../../store/sample-store.ts';
import { definitionOf, fieldOf } from '../catalogue-names.ts';
import { ApiError } from '../problem.ts';
import { ACROSS, AGGREGATES, assertAggregates } from '../series/aggregates.ts';
import { assertTag, tagFilterOf } from '../tag-filter.ts';
import type { PointInTime } from '../times/point-in-time.ts';
import { DAY_MS, inWholeSeconds, presentOf, rangeOf } from '../times/time-range.ts';
import type { Order } from './rank.ts';

/** There is no order of shares: a series has several. */
export const TOP_AGGREGATES = AGGREGATES.filter((each) => each !== 'share');
export const STALE = ['exclude', 'include'] as const;

export interface TopRequest {
  readonly measurement: string;
  readonly field: string;
  readonly order: Order;
  readonly limit: number;
  readonly from?: PointInTime | undefined;
  readonly to?: PointInTime | undefined;
  readonly tz?: string | undefined;
  readonly aggregate?: Aggregate | undefined;
  readonly groupBy?: string | undefined;
  readonly across?: Across | undefined;
  readonly stale?: (typeof STALE)[number] | undefined;
}

export interface TopPlan {
  readonly field: FieldDefinition;
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly groupBy: readonly string[];
  readonly across: Across | undefined;
  readonly nowMs: number;
  /** One bucket over all of the range; undefined: the latest values are asked for. */
  readonly query: SeriesQuery | undefined;
}

interface Surroundings {
  readonly catalogue: Catalogue;
  readonly timeZone: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly maxSeries: number;
}

/** Pure. Throws an ApiError for every mistake that the catalogue or the parameters show. */
export function planTop(request: TopRequest, surroundings: Surroundings): TopPlan {
  const definition = definitionOf(surroundings.catalogue, request.measurement);
  const field = fieldOf(definition, request.field);
  const tags = tagFilterOf(request as unknown as Readonly<Record<string, unknown>>, definition);
  const groupBy = [...new Set(request.groupBy?.split(',') ?? [])].filter((tag) => tag !== '');
  for (const tag of groupBy) assertTag(definition, tag);
  const present = presentOf(surroundings, request.tz);
  assertTogether(request, groupBy);
  const { across } = request;
  const shared = { field, tags, groupBy, across, nowMs: present.nowMs };
  if (!hasRange(request)) {
    assertLatest(field, request);
    return { ...shared, query: undefined };
  }
  assertAggregates(field, request);
  const { measurement, field: name, aggregate = 'mean' } = request;
  const asked = inWholeSeconds(request, present);
  const range = rangeOf(asked.range, present, DAY_MS, { latestMs: asked.endMs });
  const everyMs = range.toMs - range.fromMs;
  // One bucket that begins where the range does.
  const offsetMs = (everyMs - (range.fromMs % everyMs)) % everyMs;
  const of = { measurement, field: name, aggregate, tags, groupBy, ...(across !== undefined && { across }) };
  return {
    ...shared,
    query: { ...of, ...range, everyMs, offsetMs, maxPoints: surroundings.maxSeries },
  };
}

function hasRange({ from, to }: TopRequest): boolean {
  return from !== undefined || to !== undefined;
}

function assertTogether(request: TopRequest, groupBy: readonly string[]): void {
  const { across, aggregate, stale } = request;
  const problems = [
    ...(groupBy.length > 0 && across === undefined
      ? [
          `querystring.across: expected ${ACROSS.join(', ')}: how the series of one ${groupBy.join(' and ')} are put together`,
        ]
      : []),
    ...(groupBy.length === 0 && across !== undefined
      ? [`querystring.across: expected together with groupBy, such as groupBy=unit`]
      : []),
    ...(aggregate !== undefined && !hasRange(request)
      ? [
          `querystring.aggregate: expected together with from or to, such as from=-1h: the latest values are one of each series`,
        ]
      : []),
    ...(stale !== undefined && hasRange(request)
      ? ['querystring.stale: expected without from and to: it says which of the latest values count']
      : []),
  ];
  if (problems.length > 0) throw new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
}

/** Of flags, true counts as 1. */
function assertLatest({ type }: FieldDefinition, { field, across }: TopRequest): void {
  if (across === undefined || across === 'count' || type !== 'string') return;
  const detail = `querystring.across: expected count for "${field}", which is ${type}, got "${across}"`;
  throw new ApiError('QUERY_REFUSED', detail);
}

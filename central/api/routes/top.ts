import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import { namedTags } from '../../samples/named-tags.ts';
import type { SampleStore, SeriesResult } from '../../store/sample-store.ts';
import type { App } from '../fastify-app.ts';
import { jsonValue, toJsonValue } from '../json-value.ts';
import { ACROSS } from '../series/aggregates.ts';
import { askStore } from '../series/ask-store.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';
import { ApiError } from '../problem.ts';
import { rangeParameters, type TimeRange } from '../times/time-range.ts';
import {
  GroupedValues,
  visitCurrent,
  type CurrentValue,
  type CurrentValueDeps,
} from '../top/current-values.ts';
import { planTop, STALE, TOP_AGGREGATES, type TopPlan, type TopRequest } from '../top/plan-top.ts';
import { ORDERS, rank, Ranking } from '../top/rank.ts';

export interface TopRouteDeps extends CurrentValueDeps, PlaceNameDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly catalogue: Catalogue;
  readonly questions: Pick<SampleStore, 'query'>;
  readonly timeZone: string;
  readonly stateHistory: Pick<StateHistory, 'knownFromMs'>;
}

const MAX_SERIES = 50_000;

const topParameters = z.looseObject({
  measurement: z.string(),
  field: z.string(),
  order: z.enum(ORDERS).default('desc').describe('greatest first (desc), or smallest first'),
  limit: z.coerce.number().int().min(1).max(1_000).default(10).describe('most entries of the answer'),
  ...rangeParameters('a day'),
  aggregate: z
    .enum(TOP_AGGREGATES)
    .optional()
    .describe('of the stored points of each series in the range; mean without it. Needs `from` or `to`'),
  groupBy: z
    .string()
    .optional()
    .describe('tags, separated by commas: the series of each group count as one. Needs `across`'),
  across: z.enum(ACROSS).optional().describe('how the series of a group are put together. Needs `groupBy`'),
  stale: z
    .enum(STALE)
    .optional()
    .describe(
      'whether latest values count that nobody can say still are so: of an agent that is not live, or older than three of its intervals ' +
        '(of those of the series where they are longer). `exclude` without it. Not with `from` or `to`',
    ),
});

const answer = z.object({
  order: z.enum(ORDERS),
  unit: z.string().describe('UCUM unit of the values; empty for flags, texts and codes'),
  fromMs: unixMs.optional().describe('begin of the range; not there for the latest values'),
  toMs: unixMs.optional().describe('end of the range; not there for the latest values'),
  availableFromMs: unixMs
    .optional()
    .describe('of the range nothing older is kept; not there if all of it is'),
  entries: z.array(
    z.object({
      tags: z.record(z.string(), z.string()),
      ...placeNameShape,
      value: jsonValue,
      timeMs: unixMs
        .optional()
        .describe("when it was measured, by central's clock, of a group the oldest; not there with a range"),
      stale: z.boolean().optional().describe('not there with a range'),
      series: z.int().optional().describe('of a group: how many were put together; not there with a range'),
    }),
  ),
  total: z.int().describe('series or groups that were compared'),
  truncated: z.boolean().describe('there are more than `limit`; the others come behind those given'),
  staleLeftOut: z
    .int()
    .optional()
    .describe('series that were not compared, since they are stale; not there with a range'),
});
type TopAnswer = z.input<typeof answer>;

/** The greatest or smallest of many series, in one call. */
export function topRoute(app: App, deps: TopRouteDeps): void {
  app.get(
    '/top',
    {
      config: {
        problems: [
          'UNKNOWN_MEASUREMENT',
          'UNKNOWN_FIELD',
          'UNKNOWN_TAG',
          'BAD_TAG',
          'QUERY_REFUSED',
          'QUERY_TOO_SLOW',
          'STORE_UNAVAILABLE',
        ],
      },
      schema: {
        tags: ['Samples'],
        summary: 'The series with the greatest or smallest values: now, or over a range',
        querystring: topParameters,
        response: { 200: answer },
      },
    },
    async ({ query: request, signal }) => {
      const plan = planTop(request, { ...deps, maxSeries: MAX_SERIES });
      if (plan.query === undefined) return topNow(deps, request, plan);
      const found = await askStore(deps.questions, plan.query, signal);
      if (found.series.length === 0) assertKnown(plan.query, found, deps.stateHistory.knownFromMs());
      return topOfRange(deps, request, plan, found);
    },
  );
}

/** Throws an ApiError for a range of which nothing is known: no entries would look as if nothing was measured. */
function assertKnown({ toMs }: TimeRange, { availableFromMs = 0 }: SeriesResult, watchedFromMs = 0): void {
  const fromMs = Math.max(availableFromMs, watchedFromMs);
  if (fromMs < toMs) return;
  const what = availableFromMs < toMs ? 'central has watched since' : 'what is stored begins at';
  throw new ApiError('QUERY_REFUSED', `${what} ${new Date(fromMs).toISOString()}, got a range before it`);
}

function topNow(deps: TopRouteDeps, request: TopRequest, plan: TopPlan): TopAnswer {
  let staleLeftOut = 0;
  let counted = 0;
  const { across, groupBy, nowMs, tags } = plan;
  const ranking = new Ranking<CurrentValue>(request.order, request.limit);
  const groups = new GroupedValues(groupBy);
  // One after the other: to keep all of a city for a moment costs more than to look at them.
  visitCurrent(deps, { ...request, tags }, nowMs, (now, series, tagNames) => {
    if (now.isStale && request.stale !== 'include') staleLeftOut++;
    else if (across !== undefined) groups.add(now, series, tagNames);
    else {
      counted++;
      if (ranking.mayTake(now.value)) ranking.add({ ...now, tags: namedTags(tagNames, series), series: 1 });
    }
  });
  if (across !== undefined) {
    for (const entry of groups.combined(across)) {
      counted++;
      ranking.add(entry);
    }
  }
  return {
    order: request.order,
    unit: plan.field.unit,
    entries: ranking.entries().map(({ tags, value, timeMs, isStale, series }) => ({
      tags,
      ...placeNames(deps, tags),
      value: toJsonValue(value),
      timeMs,
      stale: isStale,
      ...(across !== undefined && { series }),
    })),
    total: counted,
    truncated: counted > request.limit,
    staleLeftOut,
  };
}

function topOfRange(
  deps: PlaceNameDeps,
  request: TopRequest,
  plan: TopPlan,
  { series, availableFromMs }: SeriesResult,
): TopAnswer {
  const entries = series.flatMap(({ tags, points }) =>
    points.map(([, value]) => ({ tags: { ...tags }, value })),
  );
  return {
    order: request.order,
    unit: request.aggregate === 'count' ? '' : plan.field.unit,
    ...(plan.query !== undefined && { fromMs: plan.query.fromMs, toMs: plan.query.toMs }),
    ...(availableFromMs !== undefined && { availableFromMs }),
    entries: rank(entries, request.order, request.limit).map(({ tags, value }) => ({
      tags,
      ...placeNames(deps, tags),
      value: toJsonValue(value),
    })),
    total: entries.length,
    truncated: entries.length > request.limit,
  };
}

import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { findElements, readIntervals, type Placed } from '../../health/states/history/history-query.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { Range, StateInterval } from '../../health/states/history/state-intervals.ts';
import { FOLLOWED_KINDS, FOLLOWED_STATES } from '../../health/states/history/followed-states.ts';
import { stateViewSchema } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { cursorKey, cutPage, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';
import { ApiError } from '../problem.ts';
import { assertFilterFits, assertStates, elementFilter } from '../state-parameters.ts';
import type { PointInTime, Present } from '../times/point-in-time.ts';
import { allToCome, DAY_MS, presentOf, rangeOf, rangeParameters, timeOf } from '../times/time-range.ts';

export interface StateRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly inventory: Inventory;
  readonly stateHistory: Pick<StateHistory, 'read' | 'turns' | 'knownFromMs'>;
}

const stateIntervalSchema = z.object({
  ref: z.string().describe('such as `site:hub-03` or `service:1022`'),
  id: z.string(),
  name: z.string().exactOptional(),
  kind: z.string().exactOptional(),
  unit: z.string().exactOptional(),
  site: z.string().exactOptional(),
  ...placeNameShape,
  state: z.enum(FOLLOWED_STATES),
  fromMs: unixMs.describe('begin within the range'),
  toMs: unixMs.describe('end within the range, exclusive'),
  sinceMs: unixMs.describe('when it began, which may be before the range'),
  roots: stateViewSchema.shape.roots,
  centralOff: z.boolean().describe('unknown since central itself was off or stood still'),
});
type StateIntervalView = z.infer<typeof stateIntervalSchema>;

const KEY: ListKey<StateIntervalView> = {
  of: ({ ref, fromMs }) => `${ref} ${fromMs}`,
  pattern: /^[a-z]{4,7}:[a-z0-9][a-z0-9._-]{0,63} \d{1,15}$/,
};

/** Who was in which state when. */
export function stateRoutes(app: App, deps: StateRouteDeps): void {
  app.get(
    '/states',
    {
      config: {
        limits: 'named',
        namesById: true,
        problems: ['EMPTY_RANGE', 'BAD_TIME_ZONE', 'QUERY_REFUSED', 'TOO_MANY_QUESTIONS'],
      },
      schema: {
        tags: ['City'],
        summary: 'Who was in which state when: at one time, or each interval within a range',
        description:
          'A time of which nothing is known is refused. Without `at`, `from` and `to`: now. What the inventory has now is listed, with its place as it is now. Of services `degraded` is a state, too, and what stands on something unreachable is down. History goes back 400 days; times are when central knew.',
        querystring: z.object({
          ...pageQuery(),
          of: z.enum(FOLLOWED_KINDS).default('site').describe('what is listed'),
          at: timeOf('one point in time, instead of a range', 'yesterdayT14:00'),
          ...rangeParameters('24 h'),
          state: kindsParameter(
            FOLLOWED_STATES,
            'only intervals in one of these states; `degraded` of services only, `unreachable` of all others',
          ),
          ...elementFilter,
        }),
        response: {
          200: pageOf(stateIntervalSchema).extend({
            availableFromMs: unixMs
              .exactOptional()
              .describe('of the range nothing before this is known; not there if all of it is'),
          }),
        },
      },
    },
    async ({ query }) => {
      assertFilterFits(query);
      assertStates(query.of, query.state);
      const range = askedRange(query, presentOf(deps, query.tz));
      const availableFromMs = availableFrom(deps.stateHistory.knownFromMs(query.of), range);
      const after = cursorKey(query, KEY)?.split(' ');
      const elements = findElements(deps.inventory, query).filter(
        ({ ref }) => after === undefined || ref >= (after[0] ?? ''),
      );
      const found: StateIntervalView[] = [];
      for await (const [element, intervals] of readIntervals(deps.stateHistory, elements, range)) {
        for (const interval of intervals) {
          const isRead = after?.[0] === element.ref && interval.fromMs <= Number(after[1]);
          const isWanted = isInOneOf(query.state, interval.state);
          if (!isRead && isWanted) found.push(viewOf(element, interval, deps));
        }
        if (found.length > query.limit) break;
      }
      return { ...cutPage(found, KEY, query), ...(availableFromMs !== undefined && { availableFromMs }) };
    },
  );
}

function askedRange(
  query: {
    readonly at?: PointInTime | undefined;
    readonly from?: PointInTime | undefined;
    readonly to?: PointInTime | undefined;
  },
  present: Present,
): Range {
  const { at, from, to } = query;
  if (at !== undefined && (from !== undefined || to !== undefined))
    throw new ApiError('INVALID_REQUEST', 'querystring.at: expected without from and to');
  if (at === undefined && (from !== undefined || to !== undefined)) return rangeOf(query, present, DAY_MS);
  const atMs = at?.(present) ?? present.nowMs;
  if (atMs > present.nowMs) throw allToCome('at', atMs, present.nowMs);
  // A millisecond of the past: what is to come is not known.
  const fromMs = Math.min(atMs, present.nowMs - 1);
  return { fromMs, toMs: fromMs + 1 };
}

/** Undefined: all of the range is known. Throws an ApiError where nothing of it is: no element would look as if none was in trouble. */
function availableFrom(knownFromMs: number | undefined, { fromMs, toMs }: Range): number | undefined {
  if (knownFromMs === undefined || knownFromMs <= fromMs) return undefined;
  if (knownFromMs <= toMs) return knownFromMs;
  const known = new Date(knownFromMs).toISOString();
  throw new ApiError('QUERY_REFUSED', `states are known from ${known} on, got a time before it`);
}

function viewOf(
  { ref, id, name, kind, unit, site }: Placed,
  { state, fromMs, toMs, sinceMs, roots, isGap }: StateInterval,
  deps: PlaceNameDeps,
): StateIntervalView {
  return {
    ref,
    id,
    ...(name !== undefined && { name }),
    ...(kind !== undefined && { kind }),
    ...(unit !== undefined && { unit }),
    ...(site !== undefined && { site }),
    ...placeNames(deps, { unit, site }),
    state,
    fromMs,
    toMs,
    sinceMs,
    roots: [...roots],
    centralOff: isGap,
  };
}

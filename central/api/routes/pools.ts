import { z } from 'zod';
import { INVENTORY_ID_PATTERN, poolSchema, type Pool } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { describeLimits } from '../../access/limits.ts';
import type { CapacityForecast } from '../../capacity/capacity-forecast.ts';
import { METHOD } from '../../capacity/capacity-forecast.ts';
import type { CapacityForecasts } from '../../capacity/capacity-forecasts.ts';
import { FORECAST_OUTCOMES } from '../../capacity/forecast/forecast-full.ts';
import { RESOURCE_STATES } from '../../health/services/resource-state.ts';
import type { ResourceStates } from '../../health/services/resource-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { idOf } from '../../inventory/kinds.ts';
import type { App } from '../fastify-app.ts';
import { outsideLimits } from '../limits/limit-callers.ts';
import { elementPage, elementParameters } from '../lists/element-list.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { pageOf, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface PoolRouteDeps {
  readonly inventory: Pick<Inventory, 'pools' | 'sites'>;
  readonly forecasts: Pick<CapacityForecasts, 'list'>;
  readonly resourceStates: Pick<ResourceStates, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

/** An estimate that nothing proves is not told beyond this. */
const MAX_UNPROVEN_DAYS = 3 * 365;

const days = z.number().int();

const forecastSchema = z.object({
  outcome: z
    .enum(FORECAST_OUTCOMES)
    .describe(
      'dated: with a range; distant: not within a year; no_trend: it does not grow; unproven: it grows, and too few earlier predictions of such a length have come to their end to tell a range; too_little_history: nothing can be said',
    ),
  daysToFull: z
    .object({
      early: days.exactOptional().describe('one in ten is full sooner'),
      middle: days.describe('where it is unproven, an estimate without a range'),
      late: days.exactOptional().describe('one in ten is full later'),
    })
    .exactOptional()
    .describe('from madeAtMs on; not there where no day can be told'),
  usedPercent: z.number().describe('mean of the last 24 hours, of what is usable'),
  growthPerDay: z
    .number()
    .exactOptional()
    .describe('in the unit of the resource; weighted, so that growth of 60 days ago counts half'),
  historyDays: z.number().int().describe('days of history that it rests on, at most 730'),
  comparedWith: z
    .number()
    .int()
    .exactOptional()
    .describe('earlier predictions of such a length for the same pool: their errors make the range'),
  method: z.string(),
  madeAtMs: unixMs,
});

const poolViewSchema = poolSchema.extend({
  state: z
    .enum(RESOURCE_STATES)
    .describe(
      'up: measured within three intervals, and its site is up; degraded: used up; unknown: nobody measures it or how much of it is used, or nobody can tell of its site; down, unreachable: its site is',
    ),
  sinceMs: unixMs.describe(
    'since when it is in this state; where that does not come from its site, at the earliest the start of central',
  ),
  reason: z.string().describe('one line, such as: used up'),
  roots: z.array(z.string()).describe('what it comes from, such as site:hub-03'),
  measuredAtMs: unixMs
    .exactOptional()
    .describe('the evidence; not there where nobody has measured it lately'),
  forecast: forecastSchema
    .exactOptional()
    .describe('when it will be full; not there while nothing is measured of it, or central has just started'),
});
export type PoolView = z.infer<typeof poolViewSchema>;

const KEY: ListKey<Pool> = {
  of: (pool) => `pools ${idOf('pools', pool)}`,
  // Ids have no control characters, and a cursor is a key of ours only.
  pattern: /^pools [^\p{Cc}\p{Cs}]{1,200}$/u,
};

const filter = (description: string) => z.string().max(200).optional().describe(description);

/** The pools of the inventory, and when they will be full. */
export function poolRoutes(app: App, deps: PoolRouteDeps): void {
  const { inventory } = deps;
  const texts = new SearchedTexts<Pool>(({ id, resource, site }) => [id, resource, site]);
  app.get(
    '/pools',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary:
          'Resources with a total that is used up, such as the storage of a data centre, and when they will be full',
        querystring: z.object({
          ...pageQuery(),
          unit: filter('only pools in this unit, by its code'),
          site: filter('only pools of this site'),
          resource: filter('only of this resource'),
          agency: filter('only what this agency owns'),
          ...elementParameters(RESOURCE_STATES, { searched: 'id, resource and site' }),
        }),
        response: { 200: pageOf(poolViewSchema) },
      },
    },
    ({ query, reach }) => {
      const { unit, site, resource, agency, q } = query;
      const moments = deps.resourceStates.list();
      const wanted = texts
        .filter(inventory.pools, q)
        .filter(
          (pool) =>
            reach?.hasPool(pool) !== false &&
            (unit === undefined || inventory.sites.get(pool.site)?.unit === unit) &&
            (site === undefined || pool.site === site) &&
            (resource === undefined || pool.resource === resource) &&
            (agency === undefined || pool.agency === agency),
        );
      const list = {
        ...{ key: KEY, states: RESOURCE_STATES },
        momentOf: (pool: Pool) => moments.get(idOf('pools', pool)),
      };
      const { items, ...rest } = elementPage(wanted, list, query, deps);
      return { items: poolViews(items, deps), ...rest };
    },
  );
  app.get(
    '/pools/:id',
    {
      config: { limits: 'filtered', problems: ['POOL_NOT_FOUND'] },
      schema: {
        tags: ['City'],
        summary: 'All resources of one pool, and when each will be full',
        params: z.object({
          id: z
            .string()
            .regex(INVENTORY_ID_PATTERN)
            .describe('id of a pool')
            .meta({ examples: ['pool-dc1'] }),
        }),
        response: { 200: z.object({ items: z.array(poolViewSchema) }) },
      },
    },
    ({ params, caller, reach }) => {
      const all = inventory.pools.filter(({ id }) => id === params.id);
      if (all.length === 0) throw new ApiError('POOL_NOT_FOUND', `there is no pool '${params.id}'`);
      const own = all.filter((pool) => reach?.hasPool(pool) !== false);
      if (own.length === 0)
        throw outsideLimits([`pool "${params.id}"`], describeLimits(caller?.limits ?? {}));
      return { items: poolViews(own, deps) };
    },
  );
}

/** With their states and forecasts as they are now. */
export function poolViews(pools: readonly Pool[], deps: PoolRouteDeps): PoolView[] {
  const found = new Map(
    [...(deps.forecasts.list('pool') ?? [])].map((each) => [
      `${each.tags['pool']}/${each.tags['resource']}`,
      each,
    ]),
  );
  const moments = deps.resourceStates.list();
  return pools.flatMap((pool) => {
    const forecast = found.get(idOf('pools', pool));
    const moment = moments.get(idOf('pools', pool));
    if (moment === undefined) return [];
    const { state, reason, roots, measuredAtMs, sinceMs } = moment;
    return {
      ...pool,
      ...{ state, reason, roots: [...roots], sinceMs },
      ...(measuredAtMs !== undefined && { measuredAtMs }),
      ...(forecast !== undefined && { forecast: viewOf(forecast) }),
    };
  });
}

function viewOf({
  forecast,
  usedPercent,
  growthPerDay,
  historyDays,
  madeAtMs,
}: CapacityForecast): z.infer<typeof forecastSchema> {
  const daysToFull = daysOf(forecast);
  return {
    outcome: forecast.outcome,
    ...(daysToFull !== undefined && { daysToFull }),
    usedPercent: Math.round(usedPercent * 10) / 10,
    ...(growthPerDay !== undefined && { growthPerDay: Number(growthPerDay.toPrecision(3)) }),
    historyDays,
    ...(forecast.outcome === 'dated' && { comparedWith: forecast.comparedWith }),
    method: METHOD,
    madeAtMs,
  };
}

/** Whole ones: there is no more in them. */
function daysOf(
  forecast: CapacityForecast['forecast'],
): z.infer<typeof forecastSchema>['daysToFull'] | undefined {
  if (forecast.outcome === 'dated')
    return {
      early: Math.floor(forecast.earlyDays),
      middle: Math.round(forecast.middleDays),
      late: Math.ceil(forecast.lateDays),
    };
  return forecast.outcome === 'unproven' && forecast.middleDays <= MAX_UNPROVEN_DAYS
    ? { middle: Math.round(forecast.middleDays) }
    : undefined;
}

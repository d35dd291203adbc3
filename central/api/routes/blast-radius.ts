import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { describeLimits } from '../../access/limits.ts';
import type { BlastRadii } from '../../health/blast-radius/blast-radii.ts';
import { countBlast } from '../../health/blast-radius/blast-radius.ts';
import { isThing, TARGET_PATTERN } from '../../health/blast-radius/blast-target.ts';
import {
  BLAST_KINDS,
  blastCountsSchema,
  blastListsSchema,
  type BlastLists,
} from '../../health/blast-radius/blast-view.ts';
import { failuresNow } from '../../health/blast-radius/failures-now.ts';
import { idIn } from '../../health/services/thing-state.ts';
import type { PresentStates } from '../../health/present-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { assertOwn, outsideLimits, type Limited } from '../limits/limit-callers.ts';
import { ownBlast } from '../limits/own-blast.ts';
import { NAMED_KINDS } from '../limits/reach.ts';
import { ApiError } from '../problem.ts';

export interface BlastRadiusRouteDeps {
  readonly inventory: Inventory;
  readonly blastRadii: Pick<BlastRadii, 'of'>;
  readonly states: PresentStates;
}

const MAX_LIMIT = 10_000;

const query = z.object({
  of: z
    .string()
    .regex(TARGET_PATTERN, 'expected device:, site:, link:, unit:, pool: or service: and an id')
    .describe('what is to fail: a device, site, link, unit, pool or service')
    .meta({ examples: ['site:hub-03', 'device:n-hub-03', 'link:up-hub-03', 'unit:26737'] }),
  given: z
    .enum(['all_up', 'now'])
    .default('all_up')
    .describe(
      'all_up: as if all else worked; now: with what is down now, so that one side of a ring counts for all once the other is broken',
    ),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100).describe('most entries of each list'),
});

const answer = blastListsSchema.extend({
  of: z.string(),
  given: query.shape.given,
  state: z
    .enum(['up', 'down', 'unreachable', 'unknown'])
    .exactOptional()
    .describe('its own state now; not of pools and services'),
  sinceMs: unixMs.exactOptional(),
  roots: z.array(z.string()).exactOptional().describe('what makes it unreachable now'),
  counts: blastCountsSchema.describe('how many are affected, whatever the limit'),
  isPartial: z
    .literal(true)
    .exactOptional()
    .describe('something else is affected, outside of what the token is limited to'),
  truncated: z.boolean().describe('a list has more entries than `limit`'),
});

export function blastRadiusRoutes(app: App, deps: BlastRadiusRouteDeps): void {
  app.get(
    '/blast-radius',
    {
      config: { limits: 'filtered', problems: ['ENTRY_NOT_FOUND'] },
      schema: {
        tags: ['City'],
        summary: 'What is cut off or degraded if something fails: what hangs on it',
        querystring: query,
        response: { 200: answer },
      },
    },
    (request) => {
      const { of, given, limit } = request.query;
      if (!isThing(deps.inventory, of))
        throw new ApiError('ENTRY_NOT_FOUND', `querystring.of: the inventory has no ${of}`);
      assertOwnTarget(request, of, deps.inventory);
      const all = deps.blastRadii.of(of, given === 'now' ? failuresNow(deps.states) : []);
      const { reach } = request;
      const { lists, isPartial } =
        reach === undefined ? { lists: all, isPartial: false } : ownBlast(all, reach, deps.inventory.pools);
      const own = deps.states.momentOf(of);
      return {
        of,
        given,
        ...(own !== undefined && { state: own.state, sinceMs: own.sinceMs, roots: [...own.roots] }),
        counts: countBlast(lists),
        ...cut(lists, limit),
        ...(isPartial && { isPartial }),
        truncated: BLAST_KINDS.some((kind) => lists[kind].length > limit),
      };
    },
  );
}

/** What the caller may not see has no blast radius for it, either. */
function assertOwnTarget(request: Limited, of: string, { pools }: Inventory): void {
  const { reach, caller } = request;
  const [kind, id] = [of.slice(0, of.indexOf(':')), idIn(of)];
  if (kind === 'pool') {
    if (reach === undefined || pools.some((pool) => pool.id === id && reach.hasPool(pool))) return;
    throw outsideLimits([`pool "${id}"`], describeLimits(caller?.limits ?? {}));
  }
  const named = NAMED_KINDS.find((each) => each === kind);
  if (named !== undefined) assertOwn(request, [[named, id]]);
}

function cut(lists: BlastLists, limit: number): BlastLists {
  return {
    devices: lists.devices.slice(0, limit),
    sites: lists.sites.slice(0, limit),
    links: lists.links.slice(0, limit),
    pools: lists.pools.slice(0, limit),
    units: lists.units.slice(0, limit),
    services: lists.services.slice(0, limit),
    agencies: lists.agencies.slice(0, limit),
  };
}

import { z } from 'zod';
import { INVENTORY_ID_PATTERN, linkSchema, type Link } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { linkView, linkViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import { STATES } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface LinkRouteDeps {
  readonly inventory: Pick<Inventory, 'links'>;
  readonly states: Pick<CityStates, 'get' | 'momentOf'>;
  readonly clock: Pick<Clock, 'now'>;
}

const KEY: ListKey<Link> = { of: ({ id }) => id, pattern: INVENTORY_ID_PATTERN };

export function linkRoutes(app: App, deps: LinkRouteDeps): void {
  const inOrder = orderOfIds<Link>();
  app.get(
    '/links',
    {
      schema: {
        tags: ['City'],
        summary: 'Lines between two sites and their state',
        querystring: z.object({
          ...pageQuery(),
          site: z.string().optional().describe('only links that end at this site'),
          device: z.string().optional().describe('only links that end at this device'),
          kind: linkSchema.shape.kind.optional().describe('only links of this kind'),
          operator: z.string().optional().describe('only links of this operator'),
          agency: z.string().optional().describe('only what this agency owns'),
          state: kindsParameter(
            STATES,
            'only those in one of these states, which leaves out what is not in service',
          ),
        }),
        response: { 200: pageOf(linkViewSchema) },
      },
    },
    ({ query }) => {
      const { states, clock, inventory } = deps;
      const { site, device, kind, operator, agency, state } = query;
      const links = inOrder(inventory.links).filter(
        (link) =>
          link.ends.some((end) => is(site, end.site) && is(device, end.device)) &&
          is(kind, link.kind) &&
          is(operator, link.operator) &&
          is(agency, link.agency) &&
          (state === undefined || isInOneOf(state, states.momentOf(`link:${link.id}`)?.state)),
      );
      const page = pageOfSorted(links, KEY, query);
      const nowMs = clock.now();
      return { ...page, items: page.items.map((link) => linkView(link, states, nowMs)) };
    },
  );
}

/** Undefined: no such filter was given. */
function is<T>(wanted: T | undefined, value: T | undefined): boolean {
  return wanted === undefined || wanted === value;
}

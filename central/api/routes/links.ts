import { z } from 'zod';
import { INVENTORY_ID_PATTERN, linkSchema, type Link } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { linkView, linkViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { isInOneOf } from '../kinds-parameter.ts';
import { assertOwn } from '../limits/limit-callers.ts';
import { elementPage, elementParameters, GRAVEST_FIRST } from '../lists/element-list.ts';
import { idsParameter } from '../lists/ids-parameter.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageQuery, type ListKey } from '../paging.ts';

export interface LinkRouteDeps {
  readonly inventory: Pick<Inventory, 'links' | 'sites'>;
  readonly states: Pick<CityStates, 'get' | 'momentOf'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

const KEY: ListKey<Link> = { of: ({ id }) => id, pattern: INVENTORY_ID_PATTERN };

export function linkRoutes(app: App, deps: LinkRouteDeps): void {
  const inOrder = orderOfIds<Link>();
  const texts = new SearchedTexts<Link>(({ id, operator, ends }) => [
    ...[id, operator],
    ...ends.flatMap(({ site, device }) => [site, device]),
  ]);
  app.get(
    '/links',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary: 'Lines between two sites and their state',
        querystring: z.object({
          ...pageQuery(),
          id: idsParameter('link-26737-01'),
          unit: z.string().optional().describe('only links that end in this unit, by its code'),
          site: z.string().optional().describe('only links that end at this site'),
          device: z.string().optional().describe('only links that end at this device'),
          kind: linkSchema.shape.kind.optional().describe('only links of this kind'),
          operator: z.string().optional().describe('only links of this operator'),
          agency: z.string().optional().describe('only what this agency owns'),
          ...elementParameters(GRAVEST_FIRST, {
            searched: 'id, operator, sites and devices',
            leavesOut: ', which leaves out what is not in service',
          }),
        }),
        response: { 200: pageOf(linkViewSchema) },
      },
    },
    (request) => {
      const { query, reach } = request;
      const { states, clock, inventory } = deps;
      const { id: ids, unit, site, device, kind, operator, agency, q } = query;
      assertOwn(
        request,
        [...(ids ?? [])].map((id) => ['link', id] as const),
      );
      const unitOf = (id: string): string | undefined => inventory.sites.get(id)?.unit;
      const links = texts
        .filter(inOrder(inventory.links), q)
        .filter(
          ({ ends, ...link }) =>
            reach?.has('link', link.id) !== false &&
            isInOneOf(ids, link.id) &&
            ends.some((end) => is(site, end.site) && is(device, end.device)) &&
            (unit === undefined || ends.some((end) => unitOf(end.site) === unit)) &&
            is(kind, link.kind) &&
            is(operator, link.operator) &&
            is(agency, link.agency),
        );
      const list = {
        ...{ key: KEY, states: GRAVEST_FIRST },
        momentOf: ({ id }: Link) => states.momentOf(`link:${id}`),
      };
      const page = elementPage(links, list, query, deps);
      const nowMs = clock.now();
      return { ...page, items: page.items.map((link) => linkView(link, states, nowMs)) };
    },
  );
}

/** Undefined: no such filter was given. */
function is<T>(wanted: T | undefined, value: T | undefined): boolean {
  return wanted === undefined || wanted === value;
}

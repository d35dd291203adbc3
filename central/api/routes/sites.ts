import { z } from 'zod';
import { INVENTORY_ID_PATTERN, siteSchema, type Site } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { siteView, siteViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { inMaintenanceShape, withMaintenance, type InMaintenanceDeps } from '../in-maintenance.ts';
import { isInOneOf } from '../kinds-parameter.ts';
import { assertOwn } from '../limits/limit-callers.ts';
import { elementPage, elementParameters, GRAVEST_FIRST } from '../lists/element-list.ts';
import { idsParameter } from '../lists/ids-parameter.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageQuery, type ListKey } from '../paging.ts';
import { unitNames, unitNameShape } from '../place-names.ts';

export interface SiteRouteDeps extends InMaintenanceDeps {
  readonly inventory: Pick<Inventory, 'sites' | 'units'>;
  readonly states: Pick<CityStates, 'get' | 'momentOf' | 'deviceCounts'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

const KEY: ListKey<Site> = { of: (site) => site.id, pattern: INVENTORY_ID_PATTERN };

export function siteRoutes(app: App, deps: SiteRouteDeps): void {
  const inOrder = orderOfIds<Site>();
  const texts = new SearchedTexts<Site>(({ id, name }) => [id, name]);
  app.get(
    '/sites',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary: 'Connection points and their state',
        querystring: z.object({
          ...pageQuery(),
          id: idsParameter('site-26737-01'),
          unit: z.string().optional().describe('code of a ward, commune or special zone'),
          kind: z.enum(siteSchema.shape.kind.options).optional().describe('kind of the site'),
          agency: z.string().optional().describe('only what this agency owns'),
          parent: z.string().optional().describe('only those that this site is a parent of'),
          ...elementParameters(GRAVEST_FIRST, {
            searched: 'id and name',
            leavesOut: ', which leaves out what is not in service',
          }),
        }),
        response: { 200: pageOf(siteViewSchema.extend(unitNameShape).extend(inMaintenanceShape)) },
      },
    },
    (request) => {
      const { query, reach } = request;
      const { states, clock, inventory } = deps;
      const { id: ids, unit, kind, agency, parent, q } = query;
      assertOwn(
        request,
        [...(ids ?? [])].map((id) => ['site', id] as const),
      );
      const sites = texts
        .filter(inOrder(inventory.sites), q)
        .filter(
          (site) =>
            reach?.has('site', site.id) !== false &&
            isInOneOf(ids, site.id) &&
            (unit === undefined || site.unit === unit) &&
            (kind === undefined || site.kind === kind) &&
            (agency === undefined || site.agency === agency) &&
            (parent === undefined || site.parents?.includes(parent) === true),
        );
      const list = {
        ...{ key: KEY, states: GRAVEST_FIRST },
        momentOf: ({ id }: Site) => states.momentOf(`site:${id}`),
      };
      const page = elementPage(sites, list, query, deps);
      const nowMs = clock.now();
      const viewOf = (site: Site) => {
        const view = { ...siteView(site, states, nowMs), ...unitNames(deps, site) };
        return withMaintenance(deps, view, { site: site.id, unit: site.unit }, nowMs);
      };
      return { ...page, items: page.items.map(viewOf) };
    },
  );
}

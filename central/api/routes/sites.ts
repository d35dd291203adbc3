import { z } from 'zod';
import { INVENTORY_ID_PATTERN, siteSchema, type Site } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { siteView, siteViewSchema } from '../../health/element-views.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import { STATES } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { inMaintenanceShape, withMaintenance, type InMaintenanceDeps } from '../in-maintenance.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { orderOfIds } from '../order-of-ids.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { unitNames, unitNameShape } from '../place-names.ts';

export interface SiteRouteDeps extends InMaintenanceDeps {
  readonly inventory: Pick<Inventory, 'sites' | 'units'>;
  readonly states: Pick<CityStates, 'get' | 'momentOf' | 'deviceCounts'>;
  readonly clock: Pick<Clock, 'now'>;
}

const KEY: ListKey<Site> = { of: (site) => site.id, pattern: INVENTORY_ID_PATTERN };

export function siteRoutes(app: App, deps: SiteRouteDeps): void {
  const inOrder = orderOfIds<Site>();
  app.get(
    '/sites',
    {
      schema: {
        tags: ['City'],
        summary: 'Connection points and their state',
        querystring: z.object({
          ...pageQuery(),
          unit: z.string().optional().describe('code of a ward, commune or special zone'),
          kind: z.enum(siteSchema.shape.kind.options).optional().describe('kind of the site'),
          state: kindsParameter(
            STATES,
            'only those in one of these states, which leaves out what is not in service',
          ),
        }),
        response: { 200: pageOf(siteViewSchema.extend(unitNameShape).extend(inMaintenanceShape)) },
      },
    },
    ({ query }) => {
      const { states, clock, inventory } = deps;
      const sites = inOrder(inventory.sites).filter(
        (site) =>
          (query.unit === undefined || site.unit === query.unit) &&
          (query.kind === undefined || site.kind === query.kind) &&
          (query.state === undefined || isInOneOf(query.state, states.momentOf(`site:${site.id}`)?.state)),
      );
      const page = pageOfSorted(sites, KEY, query);
      const nowMs = clock.now();
      const viewOf = (site: Site) => {
        const view = { ...siteView(site, states, nowMs), ...unitNames(deps, site) };
        return withMaintenance(deps, view, { site: site.id, unit: site.unit }, nowMs);
      };
      return { ...page, items: page.items.map(viewOf) };
    },
  );
}

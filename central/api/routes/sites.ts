import { z } from 'zod';
import { INVENTORY_ID_PATTERN, siteSchema, type Site } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface SiteRouteDeps {
  readonly inventory: Pick<Inventory, 'sites'>;
}

const KEY: ListKey<Site> = { of: (site) => site.id, pattern: INVENTORY_ID_PATTERN };

export function siteRoutes(app: App, deps: SiteRouteDeps): void {
  app.get(
    '/sites',
    {
      schema: {
        tags: ['City'],
        summary: 'Connection points',
        querystring: z.object({ ...pageQuery(), unit: z.string().optional() }),
        response: { 200: pageOf(siteSchema) },
      },
    },
    ({ query }) => {
      const sites = [...deps.inventory.sites.values()]
        .filter((site) => query.unit === undefined || site.unit === query.unit)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return pageOfSorted(sites, KEY, query);
    },
  );
}

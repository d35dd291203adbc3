import { z } from 'zod';
import { agencySchema, namedInterfaceSchema } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { idOf, type EntryOf, type Kind } from '../../inventory/kinds.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface InventoryListRouteDeps {
  readonly inventory: Pick<Inventory, 'agencies' | 'interfaces'>;
}

/** Ids have no control characters, and a cursor is a key of ours only. */
function keyOf<K extends Kind>(kind: K): ListKey<EntryOf<K>> {
  return {
    of: (entry) => `${kind} ${idOf(kind, entry)}`,
    pattern: new RegExp(`^${kind} [^\\p{Cc}\\p{Cs}]{1,200}$`, 'u'),
  };
}

const filter = (description: string) => z.string().max(200).optional().describe(description);

/** Undefined: no such filter was given. */
function is<T>(wanted: T | undefined, value: T | undefined): boolean {
  return wanted === undefined || wanted === value;
}

/** Lists of the inventory that have no state of their own; in the order of their ids. */
export function inventoryListRoutes(app: App, { inventory }: InventoryListRouteDeps): void {
  const tags = ['City'];
  app.get(
    '/agencies',
    {
      config: { limits: 'open' },
      schema: {
        tags,
        summary: 'Departments that own sites, devices, links, pools and services',
        querystring: z.object(pageQuery()),
        response: { 200: pageOf(agencySchema) },
      },
    },
    ({ query }) => pageOfSorted([...inventory.agencies.values()], keyOf('agencies'), query),
  );
  app.get(
    '/interfaces',
    {
      schema: {
        tags,
        summary: 'Ports that the inventory names',
        querystring: z.object({
          ...pageQuery(),
          device: filter('only ports of this device'),
          link: filter('only ports of this link'),
        }),
        response: { 200: pageOf(namedInterfaceSchema) },
      },
    },
    ({ query }) => {
      const { device, link } = query;
      const found = inventory.interfaces.filter((each) => is(device, each.device) && is(link, each.link));
      return pageOfSorted(found, keyOf('interfaces'), query);
    },
  );
}

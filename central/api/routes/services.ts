import { z } from 'zod';
import { INVENTORY_ID_PATTERN, type Service } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { ServiceStates } from '../../health/services/service-states.ts';
import type { ServiceState } from '../../health/services/judge-service.ts';
import { serviceViewSchema, type ServiceView } from '../../health/services/service-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { App } from '../fastify-app.ts';
import { elementPage, elementParameters } from '../lists/element-list.ts';
import { SearchedTexts } from '../lists/searched-texts.ts';
import { pageOf, pageQuery, type ListKey } from '../paging.ts';

export interface ServiceRouteDeps {
  readonly serviceStates: Pick<ServiceStates, 'list'>;
  readonly inventory: Pick<Inventory, 'services'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
}

/** The gravest first. */
const STATES = ['down', 'unknown', 'degraded', 'up'] as const satisfies readonly ServiceState[];

const KEY: ListKey<ServiceView> = { of: (service) => service.id, pattern: INVENTORY_ID_PATTERN };

export function serviceRoutes(app: App, deps: ServiceRouteDeps): void {
  const texts = new SearchedTexts<Service>(({ id, name }) => [id, name]);
  app.get(
    '/services',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary: 'Services of the city, and how they are by what they depend on',
        querystring: z.object({
          ...pageQuery(),
          ...elementParameters(STATES, { searched: 'id and name' }),
          agency: z
            .string()
            .optional()
            .describe('only those that this agency owns, by its id')
            .meta({ examples: ['so-khcn'] }),
        }),
        response: { 200: pageOf(serviceViewSchema) },
      },
    },
    ({ query, reach }) => {
      const found = new Set(texts.filter([...deps.inventory.services.values()], query.q).map(({ id }) => id));
      const services = deps.serviceStates
        .list()
        .filter(
          ({ id, agency }) =>
            reach?.has('service', id) !== false &&
            found.has(id) &&
            (query.agency === undefined || agency === query.agency),
        );
      return elementPage(services, { key: KEY, states: STATES, momentOf: (view) => view }, query, deps);
    },
  );
}

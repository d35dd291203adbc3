import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';
import type { ServiceStates } from '../../health/services/service-states.ts';
import { SERVICE_STATES } from '../../health/services/judge-service.ts';
import { serviceViewSchema, type ServiceView } from '../../health/services/service-view.ts';
import type { App } from '../fastify-app.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface ServiceRouteDeps {
  readonly serviceStates: Pick<ServiceStates, 'list'>;
}

const KEY: ListKey<ServiceView> = { of: (service) => service.id, pattern: INVENTORY_ID_PATTERN };

export function serviceRoutes(app: App, deps: ServiceRouteDeps): void {
  app.get(
    '/services',
    {
      schema: {
        tags: ['City'],
        summary: 'Services of the city, and how they are by what they depend on',
        querystring: z.object({
          ...pageQuery(),
          state: kindsParameter(SERVICE_STATES, 'only services in one of these states'),
          agency: z
            .string()
            .optional()
            .describe('only those that this agency owns, by its id')
            .meta({ examples: ['so-khcn'] }),
        }),
        response: { 200: pageOf(serviceViewSchema) },
      },
    },
    ({ query }) => {
      const services = deps.serviceStates
        .list()
        .filter(({ state }) => isInOneOf(query.state, state))
        .filter(({ agency }) => query.agency === undefined || agency === query.agency);
      return pageOfSorted(services, KEY, query);
    },
  );
}

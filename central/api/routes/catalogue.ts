import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { App } from '../fastify-app.ts';

export interface CatalogueRouteDeps {
  readonly catalogue: Catalogue;
}

export function catalogueRoute(app: App, deps: CatalogueRouteDeps): void {
  app.get(
    '/catalogue',
    {
      schema: {
        tags: ['Samples'],
        summary: 'Every measurement: fields, types, UCUM units, ranges, meaning in English and Vietnamese',
        response: { 200: z.object({ measurements: z.array(z.record(z.string(), z.unknown())) }) },
      },
    },
    () => ({ measurements: [...deps.catalogue.values()].map((definition) => ({ ...definition })) }),
  );
}

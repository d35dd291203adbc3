import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { App } from '../fastify-app.ts';

export interface CatalogueRouteDeps {
  readonly catalogue: Catalogue;
  readonly declarationProblems: () => readonly string[];
}

export function catalogueRoute(app: App, deps: CatalogueRouteDeps): void {
  app.get(
    '/catalogue',
    {
      config: { limits: 'open' },
      schema: {
        tags: ['Samples'],
        summary: 'Every measurement: fields, types, UCUM units, ranges, meaning in English and Vietnamese',
        response: {
          200: z.object({
            measurements: z.array(z.record(z.string(), z.unknown())),
            refused: z
              .array(z.string())
              .optional()
              .describe(
                'why the files in measurementsDirectory as they are now do not count (file: setting: what was expected, got value): what was declared before goes on',
              ),
          }),
        },
      },
    },
    () => {
      const refused = [...deps.declarationProblems()];
      return {
        measurements: [...deps.catalogue.values()].map((definition) => ({ ...definition })),
        ...(refused.length > 0 && { refused }),
      };
    },
  );
}

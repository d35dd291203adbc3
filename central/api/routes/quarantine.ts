import { z } from 'zod';
import { quarantineEntrySchema } from '../../ingest/quarantine/quarantine-entry.ts';
import type { Quarantine } from '../../ingest/quarantine/quarantine.ts';
import type { App } from '../fastify-app.ts';
import { entriesBefore, ENTRY_KEY, entryPageQuery } from '../entry-paging.ts';
import { cutPage, pageOf } from '../paging.ts';

export interface QuarantineRouteDeps {
  readonly quarantine: Pick<Quarantine, 'list' | 'stats'>;
}

export function quarantineRoutes(app: App, deps: QuarantineRouteDeps): void {
  app.get(
    '/quarantine',
    {
      schema: {
        tags: ['Delivery'],
        summary: 'What was refused and why, newest first',
        querystring: z.object({
          ...entryPageQuery(),
          agent: z.string().optional(),
          code: z.string().optional(),
        }),
        response: {
          200: pageOf(quarantineEntrySchema).extend({
            counts: z.record(z.string(), z.int()).describe('entries kept, by code'),
            notKept: z.int().describe('refused since the start, but not kept for lack of room'),
          }),
        },
      },
    },
    async ({ query }) => {
      const before = entriesBefore(query);
      const entries = await deps.quarantine.list({
        limit: query.limit + 1,
        ...(before !== undefined && { before }),
        ...(query.agent !== undefined && { agent: query.agent }),
        ...(query.code !== undefined && { code: query.code }),
      });
      const { byCode, notKept } = deps.quarantine.stats();
      return { ...cutPage(entries, ENTRY_KEY, query), counts: { ...byCode }, notKept };
    },
  );
}

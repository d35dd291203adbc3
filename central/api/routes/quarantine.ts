import { z } from 'zod';
import type { QuarantineEntry } from '../../ingest/quarantine/quarantine-entry.ts';
import type { Quarantine } from '../../ingest/quarantine/quarantine.ts';
import type { App } from '../fastify-app.ts';
import { cursorKey, cutPage, NUMBERED, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { unixMs } from '../time-schemas.ts';

export interface QuarantineRouteDeps {
  readonly quarantine: Pick<Quarantine, 'list' | 'stats'>;
}

const KEY: ListKey<QuarantineEntry> = { of: ({ id }) => String(id), pattern: NUMBERED };

const quarantineEntry = z.object({
  id: z.int(),
  atMs: unixMs,
  agent: z.string().describe('`unknown` if the topic was not of an agent'),
  epoch: z.string().optional(),
  seq: z.int().optional(),
  row: z.int().optional().describe('number of the row in its batch'),
  measurement: z.string().optional(),
  code: z.string(),
  reason: z.string(),
  raw: z.unknown().optional().describe('the refused row; a text if it was too long to keep whole'),
  payloadBase64: z.string().optional().describe('the beginning of a message that could not be read'),
  payloadBytes: z.int().optional().describe('the whole size of that message'),
});

export function quarantineRoutes(app: App, deps: QuarantineRouteDeps): void {
  app.get(
    '/quarantine',
    {
      schema: {
        tags: ['Delivery'],
        summary: 'What was refused and why, newest first',
        querystring: z.object({
          ...pageQuery(),
          agent: z.string().optional(),
          code: z.string().optional(),
        }),
        response: {
          200: pageOf(quarantineEntry).extend({
            counts: z.record(z.string(), z.int()).describe('entries kept, by code'),
            notKept: z.int().describe('refused since the start, but not kept for lack of room'),
          }),
        },
      },
    },
    async ({ query }) => {
      const before = cursorKey(query, KEY);
      const entries = await deps.quarantine.list({
        limit: query.limit + 1,
        ...(before !== undefined && { before: Number(before) }),
        ...(query.agent !== undefined && { agent: query.agent }),
        ...(query.code !== undefined && { code: query.code }),
      });
      const { byCode, notKept } = deps.quarantine.stats();
      return { ...cutPage(entries, KEY, query), counts: { ...byCode }, notKept };
    },
  );
}

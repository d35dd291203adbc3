import { z } from 'zod';
import type { AuditLog } from '../../access/audit.ts';
import type { App } from '../fastify-app.ts';
import { cursorKey, cutPage, NUMBERED, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { unixMs } from '../time-schemas.ts';

export interface AuditRouteDeps {
  readonly audit: Pick<AuditLog, 'list'>;
}

const KEY: ListKey<{ readonly id: number }> = { of: ({ id }) => String(id), pattern: NUMBERED };

const auditEntry = z.object({
  id: z.int(),
  atMs: unixMs,
  actor: z.string().describe('name of the token, or `command line`'),
  action: z.string(),
  target: z.string(),
  from: z.string().optional().describe("the caller's address"),
});

export function auditRoutes(app: App, deps: AuditRouteDeps): void {
  app.get(
    '/audit',
    {
      config: { role: 'admin' },
      schema: {
        tags: ['Access'],
        summary: 'Who did what, newest first',
        querystring: z.object(pageQuery()),
        response: { 200: pageOf(auditEntry) },
      },
    },
    ({ query }) => {
      const before = cursorKey(query, KEY);
      const entries = deps.audit.list(query.limit + 1, before === undefined ? undefined : Number(before));
      return cutPage(entries, KEY, query);
    },
  );
}

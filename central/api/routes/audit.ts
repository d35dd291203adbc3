import { z } from 'zod';
import { auditEntrySchema, type AuditLog } from '../../access/audit.ts';
import type { App } from '../fastify-app.ts';
import { entriesBefore, ENTRY_KEY, entryPageQuery } from '../entry-paging.ts';
import { cutPage, pageOf } from '../paging.ts';

export interface AuditRouteDeps {
  readonly audit: Pick<AuditLog, 'list'>;
}

export function auditRoutes(app: App, deps: AuditRouteDeps): void {
  app.get(
    '/audit',
    {
      config: { role: 'admin' },
      schema: {
        tags: ['Access'],
        summary: 'Who did what, newest first',
        querystring: z.object(entryPageQuery()),
        response: { 200: pageOf(auditEntrySchema) },
      },
    },
    ({ query }) => {
      const entries = deps.audit.list(query.limit + 1, entriesBefore(query));
      return cutPage(entries, ENTRY_KEY, query);
    },
  );
}

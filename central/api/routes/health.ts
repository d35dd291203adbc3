import { z } from 'zod';
import type { App, ApiDeps } from '../deps.ts';

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** Open to everybody: they tell a load balancer or a watchdog what it needs, and nothing of the city. */
export function healthRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Health'];
  app.get(
    '/healthz',
    {
      schema: {
        tags,
        security: [],
        summary: 'The process answers',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags,
        security: [],
        summary: 'Broker and store are there; 503 while one is not',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const stats = deps.ingest.stats();
      const checks = [
        {
          name: 'broker',
          ok: deps.broker.connected,
          detail: deps.broker.connected ? 'connected' : 'not connected',
        },
        {
          name: 'store',
          ok: stats.storeAvailable,
          detail: stats.storeAvailable ? 'accepts writes' : 'does not accept writes',
        },
      ];
      const ready = checks.every((check) => check.ok);
      return reply.status(ready ? 200 : 503).send({ ready, checks });
    },
  );
}

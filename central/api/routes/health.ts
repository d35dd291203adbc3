import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { describeExpiry, needsAttention, type CertificateExpiry } from '../../health/certificate-expiry.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { App } from '../fastify-app.ts';

export interface HealthRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly certificates: readonly CertificateExpiry[];
  readonly ingest: Pick<Ingest, 'stats'>;
  readonly broker: { readonly connected: boolean };
}

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** Need no token: they give a load balancer or a watchdog what it needs, and nothing about the city. */
export function healthRoutes(app: App, deps: HealthRouteDeps): void {
  const tags = ['Health'];
  app.get(
    '/healthz',
    {
      config: { unlimited: true },
      schema: {
        tags,
        security: [],
        summary: 'The process is alive',
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
        summary:
          'Broker and store are available; 503 while one is not. A certificate that expires changes nothing but its check.',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const stats = deps.ingest.stats();
      const needed = [
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
      const ready = needed.every((check) => check.ok);
      const checks = [...needed, ...certificateCheck(deps)];
      return reply.status(ready ? 200 : 503).send({ ready, checks });
    },
  );
}

/** None where there is no TLS. */
function certificateCheck({ clock, certificates }: HealthRouteDeps) {
  const nowMs = clock.now();
  if (certificates.length === 0) return [];
  const due = certificates.filter((certificate) => needsAttention(certificate, nowMs));
  const detail =
    due.length === 0
      ? 'valid for 30 days or more'
      : due.map((certificate) => describeExpiry(certificate, nowMs)).join('; ');
  return [{ name: 'certificates', ok: due.length === 0, detail }];
}

import { z } from 'zod';
import { describeDuration } from '../../../runtime/duration.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { describeExpiry, needsAttention, type CertificateExpiry } from '../../health/certificate-expiry.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { IngestStats } from '../../ingest/stats/counters.ts';
import type { ClockStanding } from '../../liveness/trusted-clock.ts';
import type { App } from '../fastify-app.ts';

export interface HealthRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly certificates: readonly CertificateExpiry[];
  readonly ingest: Pick<Ingest, 'stats'>;
  readonly broker: { readonly connected: boolean };
  readonly clockStanding: () => ClockStanding;
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
          'Broker and store are available, samples are judged and clocks agree; 503 while one is not so. A certificate that expires changes nothing but its check.',
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
        storeCheck(stats),
        judgingCheck(stats, deps.broker.connected),
        clockCheck(deps.clockStanding()),
      ];
      const ready = needed.every((check) => check.ok);
      const checks = [...needed, ...certificateCheck(deps)];
      return reply.status(ready ? 200 : 503).send({ ready, checks });
    },
  );
}

type Check = z.infer<typeof readiness>['checks'][number];

/** A write that hangs is no proof of a store that works. */
const MAX_LAG_MS = 15_000;

function storeCheck({ storeAvailable, storeLimit, unstoredForMs, lagMs }: IngestStats): Check {
  const limit = storeLimit === undefined ? '' : ` (${storeLimit})`;
  if (!storeAvailable) {
    const duration = describeDuration(unstoredForMs ?? lagMs);
    const detail = `does not accept writes for ${duration}${limit}: samples are not stored, their agents keep them`;
    return { name: 'store', ok: false, detail };
  }
  if (lagMs > MAX_LAG_MS) {
    const detail = `the oldest batch waits for ${describeDuration(lagMs)}${limit}`;
    return { name: 'store', ok: false, detail };
  }
  return { name: 'store', ok: true, detail: 'accepts writes' };
}

function judgingCheck({ flowMode }: IngestStats, brokerConnected: boolean): Check {
  if (!brokerConnected)
    return { name: 'alerts', ok: false, detail: 'nothing is received, so nothing is judged' };
  if (flowMode !== 'hold') return { name: 'alerts', ok: true, detail: 'samples are judged on arrival' };
  return {
    name: 'alerts',
    ok: false,
    detail: 'memory is full: agents are told to hold, so nothing is judged',
  };
}

function clockCheck({ isAgreed, machineOffsetMs }: ClockStanding): Check {
  if (isAgreed) return { name: 'clock', ok: true, detail: 'agrees with those of the agents' };
  if (machineOffsetMs === 0)
    return { name: 'clock', ok: false, detail: 'the clocks of most agents differ from that of this machine' };
  const direction = machineOffsetMs > 0 ? 'ahead of' : 'behind';
  const detail = `the clock of this machine is ${describeDuration(Math.abs(machineOffsetMs))} ${direction} central's time`;
  return { name: 'clock', ok: false, detail };
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

import { z } from 'zod';
import { describeDuration } from '../../../runtime/duration.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { usedPercent, type DiskSpace } from '../../../runtime/disk-space.ts';
import { agentsHeard } from '../../health/agents-heard.ts';
import { describeExpiry, needsAttention, type CertificateExpiry } from '../../health/certificate-expiry.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { RuleReload } from '../../alerts/reload/rule-reload.ts';
import { isOwnAlarm } from '../../alerts/history/own-alarm.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { SharedCanary } from '../../notify/canary/canary-part.ts';
import type { IngestStats } from '../../ingest/stats/counters.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { ClockStanding } from '../../liveness/trusted-clock.ts';
import type { App } from '../fastify-app.ts';

export interface HealthRouteDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly certificates: readonly CertificateExpiry[];
  readonly ingest: Pick<Ingest, 'stats'>;
  readonly broker: { readonly connected: boolean };
  readonly clockStanding: () => ClockStanding;
  readonly alerts: Pick<AlertEngine, 'active'>;
  readonly dataDisk: () => DiskSpace | undefined;
  readonly lastBackupAtMs: () => number;
  readonly registry: Pick<AgentRegistry, 'list'>;
  readonly latest: Pick<LatestCache, 'isMeasured'>;
  readonly isDeaf: () => boolean;
  readonly inventoryFileProblems: () => readonly string[];
  readonly ruleReload: Pick<RuleReload, 'refused'>;
  readonly declarationProblems: () => readonly string[];
  /** undefined: it does not run. */
  readonly canary: SharedCanary['canary'];
}

export const readinessSchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** Need no token: they give a load balancer or a watchdog what it needs, and nothing about the city. */
export function healthRoutes(app: App, deps: HealthRouteDeps): void {
  const tags = ['Health'];
  let last: { readonly atMs: number; readonly answer: Readiness } | undefined;
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
          'Broker and store are available, samples are judged and clocks agree; 503 while one is not so. What needs attention but stops nothing (agents that are not heard, disk, backup, files of inventory, rules and declared measurements, certificates, the canary, alarms about Wardwatch itself) changes only its own check.',
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const nowMs = deps.clock.monotonicMs();
      if (last === undefined || nowMs - last.atMs >= ANSWER_KEPT_MS)
        last = { atMs: nowMs, answer: readinessNow(deps) };
      return reply.status(last.answer.ready ? 200 : 503).send(last.answer);
    },
  );
}

/** Anybody may ask, and all agents and alerts are looked at: not more often than they change. */
const ANSWER_KEPT_MS = 1_000;

/** What `/readyz` answers. */
export function readinessNow(deps: HealthRouteDeps): Readiness {
  const stats = deps.ingest.stats();
  const { agentsHeard: heard } = agentsHeard(
    deps.registry.list(deps.clock.now()),
    deps.latest,
    deps.clock.now(),
  );
  const isAnyHeard = heard > 0;
  const needed = [
    {
      name: 'broker',
      ok: deps.broker.connected,
      detail: deps.broker.connected ? 'connected' : 'not connected',
    },
    storeCheck(stats),
    judgingCheck(stats, deps.broker.connected),
    clockCheck(deps.clockStanding(), isAnyHeard),
  ];
  const ready = needed.every((check) => check.ok);
  const checks = [
    ...needed,
    agentsCheck(isAnyHeard, deps.isDeaf()),
    diskCheck(deps),
    backupCheck(deps),
    inventoryCheck(deps),
    rulesCheck(deps),
    ...certificateCheck(deps),
    ...canaryCheck(deps),
    ownAlarmsCheck(deps),
  ];
  return { ready, checks };
}

type Readiness = z.infer<typeof readinessSchema>;
type Check = Readiness['checks'][number];

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

/** Not how many: anybody may ask. */
function agentsCheck(isAnyHeard: boolean, isDeaf: boolean): Check {
  if (!isAnyHeard)
    return { name: 'agents', ok: false, detail: 'nothing arrives: the state of the city is not known' };
  const detail = isDeaf ? 'nearly all fell silent at once: the fault is probably at this end' : 'are heard';
  return { name: 'agents', ok: !isDeaf, detail };
}

function clockCheck({ isAgreed, machineOffsetMs }: ClockStanding, isAnyHeard: boolean): Check {
  if (isAgreed && !isAnyHeard)
    return { name: 'clock', ok: true, detail: 'runs evenly; there is no agent to compare it with' };
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

const DISK_FULL_PERCENT = 85;

function diskCheck({ dataDisk }: HealthRouteDeps): Check {
  const percent = usedPercent(dataDisk() ?? { totalBytes: 0, freeBytes: 0 });
  if (percent === undefined)
    return { name: 'disk', ok: false, detail: 'the room in the data directory is not known' };
  const detail = `${percent.toFixed(0)} % of the file system of the data directory is used`;
  return { name: 'disk', ok: percent < DISK_FULL_PERCENT, detail };
}

/** Not what is wrong in it: anybody may ask. */
function inventoryCheck({ inventoryFileProblems }: HealthRouteDeps): Check {
  const ok = inventoryFileProblems().length === 0;
  const detail = ok ? 'in force' : 'its file cannot be used as it is now: what was in force before stays';
  return { name: 'inventory', ok, detail };
}

function rulesCheck({ ruleReload, declarationProblems }: HealthRouteDeps): Check {
  const refused = [
    ...(ruleReload.refused() === undefined ? [] : ['alert rules']),
    ...(declarationProblems().length === 0 ? [] : ['declared measurements']),
  ];
  const detail =
    refused.length === 0
      ? 'run as their files have them'
      : `the files of ${refused.join(' and ')} cannot be used as they are now: what was in force before goes on`;
  return { name: 'rules', ok: refused.length === 0, detail };
}

/** A weekly backup may be a day late. */
const BACKUP_OVERDUE_MS = 8 * 86_400_000;

function backupCheck({ clock, lastBackupAtMs }: HealthRouteDeps): Check {
  const ageMs = clock.now() - lastBackupAtMs();
  const detail = `${describeDuration(ageMs)} since the last whole backup, or since the first start`;
  return { name: 'backup', ok: ageMs < BACKUP_OVERDUE_MS, detail };
}

/** Not which channel: anybody may ask. */
function canaryCheck({ clock, canary, alerts }: HealthRouteDeps): Check[] {
  const stats = canary?.stats();
  if (stats === undefined) return [];
  const { ranAtMs, passedAtMs, latencyMs, hops, sinceStartMs } = stats;
  const nowMs = clock.now();
  const check = (ok: boolean, detail: string): Check[] => [{ name: 'canary', ok, detail }];
  const broken = hops.flatMap(({ hop, brokenSinceMs }) =>
    brokenSinceMs === undefined
      ? []
      : [`${hop.startsWith('channel ') ? 'a channel' : hop} for ${describeDuration(nowMs - brokenSinceMs)}`],
  );
  if (broken.length > 0) return check(false, `does not get through: ${broken.join(', ')}`);
  // After a restart the alarm alone knows what was broken before.
  const alarm = alerts.active().find(({ rule }) => rule === CANARY_ALARM);
  if (alarm !== undefined) {
    const duration = describeDuration(nowMs - alarm.firedAtMs);
    return check(false, `does not get through: ${CANARY_ALARM} is open for ${duration}`);
  }
  const ago = (atMs: number): string => `${describeDuration(nowMs - atMs)} ago`;
  if (ranAtMs === undefined) {
    const start = `no run of it ended in the ${describeDuration(sinceStartMs)} since the start`;
    if (passedAtMs === undefined) return check(false, `not known: ${start}, and none got through before`);
    // Also of a central that never runs for long enough.
    const ok = sinceStartMs <= CANARY_FIRST_OVERDUE_MS && nowMs - passedAtMs <= CANARY_OVERDUE_MS;
    return check(ok, `${start}, it got through last ${ago(passedAtMs)}`);
  }
  // Its job itself may have ended.
  if (nowMs - ranAtMs > CANARY_OVERDUE_MS) return check(false, `was raised last ${ago(ranAtMs)}`);
  const took = latencyMs === undefined ? 'got through' : `got through in ${(latencyMs / 1_000).toFixed(1)} s`;
  return check(true, `${took}, ${ago(ranAtMs)}`);
}

const CANARY_ALARM = 'central_canary_broken';
/** The first run begins two minutes after the start and ends a minute later; another may follow where central stood still. */
const CANARY_FIRST_OVERDUE_MS = 360_000;
const CANARY_OVERDUE_MS = 1_500_000;

/** Of rules over central's own samples: rule and severity, nothing about the city. */
function ownAlarmsCheck({ alerts }: HealthRouteDeps): Check {
  const own = alerts.active().filter(isOwnAlarm);
  const detail = own.map(({ rule, severity }) => `${rule} (${severity})`).join(', ');
  return { name: 'own alarms', ok: own.length === 0, detail: detail === '' ? 'none' : detail };
}

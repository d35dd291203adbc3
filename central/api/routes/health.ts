import { z } from 'zod';
import { because, type Reason } from '../../../contract/reasons/reason-codes.ts';
import { reasonsSchema } from '../../../contract/reasons/reason-schema.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { usedPercent, type DiskSpace } from '../../../runtime/disk-space.ts';
import { agentsHeard } from '../../health/agents-heard.ts';
import { inEnglish } from '../../health/reasons/english.ts';
import { needsAttention, whyExpires, type CertificateExpiry } from '../../health/certificate-expiry.ts';
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
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), reasons: reasonsSchema }),
  ),
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
    checkOf('broker', deps.broker.connected, because(deps.broker.connected ? 'connected' : 'not_connected')),
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

function checkOf(name: string, ok: boolean, ...reasons: Reason[]): Check {
  return { name, ok, detail: inEnglish(reasons), reasons };
}

function storeCheck({ storeAvailable, storeLimit, unstoredForMs, lagMs }: IngestStats): Check {
  const limit = storeLimit ?? '';
  if (!storeAvailable)
    return checkOf('store', false, because('store_refuses', { forMs: unstoredForMs ?? lagMs, limit }));
  if (lagMs > MAX_LAG_MS) return checkOf('store', false, because('store_is_late', { forMs: lagMs, limit }));
  return checkOf('store', true, because('store_accepts'));
}

function judgingCheck({ flowMode }: IngestStats, brokerConnected: boolean): Check {
  if (!brokerConnected) return checkOf('alerts', false, because('nothing_received'));
  if (flowMode !== 'hold') return checkOf('alerts', true, because('judged_on_arrival'));
  return checkOf('alerts', false, because('agents_held'));
}

/** Not how many: anybody may ask. */
function agentsCheck(isAnyHeard: boolean, isDeaf: boolean): Check {
  if (!isAnyHeard) return checkOf('agents', false, because('nothing_arrives'));
  return checkOf('agents', !isDeaf, because(isDeaf ? 'nearly_all_silent' : 'agents_heard'));
}

function clockCheck({ isAgreed, machineOffsetMs }: ClockStanding, isAnyHeard: boolean): Check {
  if (isAgreed) return checkOf('clock', true, because(isAnyHeard ? 'clock_agrees' : 'clock_alone'));
  if (machineOffsetMs === 0) return checkOf('clock', false, because('clock_differs'));
  const code = machineOffsetMs > 0 ? 'clock_ahead' : 'clock_behind';
  return checkOf('clock', false, because(code, { byMs: Math.abs(machineOffsetMs) }));
}

/** None where there is no TLS. */
function certificateCheck({ clock, certificates }: HealthRouteDeps): Check[] {
  const nowMs = clock.now();
  if (certificates.length === 0) return [];
  const due = certificates.filter((certificate) => needsAttention(certificate, nowMs));
  if (due.length === 0) return [checkOf('certificates', true, because('certificates_valid'))];
  return [checkOf('certificates', false, ...due.map((certificate) => whyExpires(certificate, nowMs)))];
}

const DISK_FULL_PERCENT = 85;

function diskCheck({ dataDisk }: HealthRouteDeps): Check {
  const percent = usedPercent(dataDisk() ?? { totalBytes: 0, freeBytes: 0 });
  if (percent === undefined) return checkOf('disk', false, because('disk_not_known'));
  return checkOf('disk', percent < DISK_FULL_PERCENT, because('disk_used', { percent: percent.toFixed(0) }));
}

/** Not what is wrong in it: anybody may ask. */
function inventoryCheck({ inventoryFileProblems }: HealthRouteDeps): Check {
  const ok = inventoryFileProblems().length === 0;
  return checkOf('inventory', ok, because(ok ? 'inventory_in_force' : 'inventory_file_unusable'));
}

function rulesCheck({ ruleReload, declarationProblems }: HealthRouteDeps): Check {
  const refused = [
    ...(ruleReload.refused() === undefined ? [] : [because('rule_files_unusable')]),
    ...(declarationProblems().length === 0 ? [] : [because('measurement_files_unusable')]),
  ];
  if (refused.length === 0) return checkOf('rules', true, because('rules_run'));
  return checkOf('rules', false, ...refused);
}

/** A weekly backup may be a day late. */
const BACKUP_OVERDUE_MS = 8 * 86_400_000;

function backupCheck({ clock, lastBackupAtMs }: HealthRouteDeps): Check {
  const ageMs = clock.now() - lastBackupAtMs();
  return checkOf('backup', ageMs < BACKUP_OVERDUE_MS, because('backup_age', { forMs: ageMs }));
}

/** Not which channel: anybody may ask. */
function canaryCheck({ clock, canary, alerts }: HealthRouteDeps): Check[] {
  const stats = canary?.stats();
  if (stats === undefined) return [];
  const { ranAtMs, passedAtMs, latencyMs, hops, sinceStartMs } = stats;
  const nowMs = clock.now();
  const check = (ok: boolean, ...reasons: Reason[]): Check[] => [checkOf('canary', ok, ...reasons)];
  const broken = hops.flatMap(({ hop, brokenSinceMs }) => {
    if (brokenSinceMs === undefined) return [];
    const forMs = nowMs - brokenSinceMs;
    return hop.startsWith('channel ')
      ? because('canary_channel_broken', { forMs })
      : because('canary_hop_broken', { hop, forMs });
  });
  if (broken.length > 0) return check(false, ...broken);
  // After a restart the alarm alone knows what was broken before.
  const alarm = alerts.active().find(({ rule }) => rule === CANARY_ALARM);
  if (alarm !== undefined)
    return check(false, because('canary_alarm_open', { rule: CANARY_ALARM, forMs: nowMs - alarm.firedAtMs }));
  if (ranAtMs === undefined) {
    if (passedAtMs === undefined) return check(false, because('canary_never_through', { sinceStartMs }));
    // Also of a central that never runs for long enough.
    const ok = sinceStartMs <= CANARY_FIRST_OVERDUE_MS && nowMs - passedAtMs <= CANARY_OVERDUE_MS;
    return check(ok, because('canary_through_before', { sinceStartMs, agoMs: nowMs - passedAtMs }));
  }
  const agoMs = nowMs - ranAtMs;
  // Its job itself may have ended.
  if (agoMs > CANARY_OVERDUE_MS) return check(false, because('canary_overdue', { agoMs }));
  if (latencyMs === undefined) return check(true, because('canary_through', { agoMs }));
  return check(true, because('canary_through_in', { tookMs: latencyMs, agoMs }));
}

const CANARY_ALARM = 'central_canary_broken';
/** The first run begins two minutes after the start and ends a minute later; another may follow where central stood still. */
const CANARY_FIRST_OVERDUE_MS = 360_000;
const CANARY_OVERDUE_MS = 1_500_000;

/** Of rules over central's own samples: rule and severity, nothing about the city. */
function ownAlarmsCheck({ alerts }: HealthRouteDeps): Check {
  const own = alerts.active().filter(isOwnAlarm);
  if (own.length === 0) return checkOf('own alarms', true, because('no_own_alarm'));
  return checkOf(
    'own alarms',
    false,
    ...own.map(({ rule, severity }) => because('own_alarm', { rule, severity })),
  );
}

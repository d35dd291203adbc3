import { Counter, Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import { flowSchema } from '../../../contract/ack.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { LatencySnapshot } from '../../../runtime/latency-histogram.ts';
import type { ProcessUsage } from '../../../runtime/process-usage.ts';
import type { RefusedConnections } from '../../access/refused-connections.ts';
import type { RefusedTokens } from '../../access/refused-tokens.ts';
import type { Backlog } from '../../alerts/backlog/backlog.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { AgentProblems } from '../../health/agent-problems.ts';
import type { CertificateExpiry } from '../../health/certificate-expiry.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { UnexpectedDevices } from '../../live/unexpected-devices.ts';
import { HOLD_KINDS } from '../../notify/held/hold.ts';
import type { SharedCanary } from '../../notify/canary/canary-part.ts';
import type { Notifier } from '../../notify/notifier.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { BrokerStats } from '../../mqtt/broker/embedded-broker.ts';
import type { SparkplugStats } from '../../sparkplug/host-stats.ts';
import type { App } from '../fastify-app.ts';

export interface MetricsRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly ingest: Pick<Ingest, 'stats'>;
  readonly ledger: Pick<Ledger, 'completeness'>;
  readonly broker: {
    readonly connected: boolean;
    /** Clients, publications and subscriptions refused by the broker, by kind. */
    refused(): Readonly<Record<string, number>>;
    /** Not of an external broker. */
    readonly stats?: () => BrokerStats;
  };
  readonly refusedConnections: Pick<RefusedConnections, 'count'>;
  readonly registry: Pick<AgentRegistry, 'counts'>;
  readonly latest: Pick<LatestCache, 'seriesCount'>;
  readonly alerts: Pick<AlertEngine, 'stats'>;
  readonly backlog: Pick<Backlog, 'stats'>;
  readonly notifications: Pick<Notifier, 'stats'>;
  /** undefined: it does not run. */
  readonly canary: SharedCanary['canary'];
  readonly problems: Pick<AgentProblems, 'counts' | 'greatest'>;
  readonly states: Pick<CityStates, 'counts'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'count'>;
  readonly readProcess: () => Pick<ProcessUsage, 'rssBytes' | 'cpuMs'>;
  /** How long central itself stood still, since its start. */
  readonly stalledMs: () => number;
  readonly refusedTokens: Pick<RefusedTokens, 'counts'>;
  readonly certificates: readonly CertificateExpiry[];
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { stats(): SparkplugStats };
}

const FLOW_MODES = flowSchema.shape.mode.options;

/** Central's own figures in Prometheus text format 0.0.4, read at each scrape from the parts' own counters. */
export function metricsRoute(app: App, deps: MetricsRouteDeps): void {
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['Health'],
        summary: "Central's own figures for Prometheus",
        response: {
          200: {
            description: 'Prometheus text format 0.0.4',
            content: { 'text/plain': { schema: z.string() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const registry = fill(deps);
      return reply
        .type(registry.contentType)
        .serializer((text: string) => text)
        .send((await registry.metrics()) + latencyHistogram(deps.alerts.stats().latency));
    },
  );
}

function fill(deps: MetricsRouteDeps): Registry {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number): void =>
    new Gauge({ name: `wardwatch_${name}`, help, registers }).set(value);
  const counter = (name: string, help: string, value: number): void =>
    new Counter({ name: `wardwatch_${name}_total`, help, registers }).inc(value);
  const labelled = (
    name: string,
    help: string,
    label: string,
    values: Readonly<Record<string, number>>,
  ): void => {
    const family = new Gauge({ name: `wardwatch_${name}`, help, labelNames: [label], registers });
    for (const [key, value] of Object.entries(values)) family.set({ [label]: key }, value);
  };

  const ingest = deps.ingest.stats();
  counter('received_batches', 'Batches received, resends included', ingest.receivedBatches);
  counter('duplicate_batches', 'Resends of what is stored or on its way', ingest.duplicateBatches);
  counter('stored_batches', 'Batches durable in the store', ingest.storedBatches);
  counter('stored_points', 'Points durable in the store', ingest.storedPoints);
  counter('stored_values', 'Values durable in the store', ingest.storedValues);
  counter(
    'dropped_batches',
    'Batches left unacknowledged for lack of room; the agents keep them',
    ingest.droppedBatches,
  );
  counter(
    'dropped_foreign_points',
    'Points without a batch of their own lost because the write buffer was full, declared in the ledger',
    ingest.lostIntakePoints,
  );
  counter(
    'dropped_messages',
    'Messages left unacknowledged since too many waited; the agents keep them',
    ingest.droppedMessages,
  );
  counter(
    'held_back',
    'Times that an agent had to wait since it sent faster than its turn comes, or what cannot be read',
    ingest.heldBack,
  );
  counter('store_failures', 'Writes that the store did not accept', ingest.storeFailures);
  counter('declared_lost_batches', 'Batches that agents declared lost', ingest.declaredLostBatches);
  counter('missing_batches', 'Batches that are confirmed lost without a declaration', ingest.missingBatches);
  const { ratio, implausible } = deps.ledger.completeness();
  if (ratio !== undefined) {
    const help = 'Mean of the agents: batches stored, of all stored, declared lost or missing; 0 to 1';
    gauge('completeness_ratio', help, ratio);
  }
  gauge(
    'implausible_agents',
    'Agents left out of the completeness, for losses beyond all they ever sent',
    implausible.length,
  );
  counter('internal_errors', 'Errors of central itself, in the log', ingest.internalErrors);
  gauge('buffer_bytes', 'Write buffer, estimated', ingest.bufferBytes);
  gauge('lag_seconds', 'Age of the oldest batch that is not stored yet', ingest.lagMs / 1_000);
  counter('stalled_seconds', 'Time in which central itself stood still', deps.stalledMs() / 1_000);
  gauge('store_available', '1 while the store accepts writes', Number(ingest.storeAvailable));
  gauge('broker_connected', '1 while central is connected to the broker', Number(deps.broker.connected));
  labelled('refused_rows', 'Rows refused since the start, by code', 'code', ingest.refusedRows);
  labelled(
    'refused_messages',
    'Unreadable messages since the start, by code',
    'code',
    ingest.refusedMessages,
  );
  labelled(
    'broker_refused',
    'What the embedded broker refused since the start, by kind',
    'kind',
    deps.broker.refused(),
  );
  const broker = deps.broker.stats?.();
  if (broker !== undefined) {
    const { open, unproven, heldBack } = broker;
    labelled(
      'broker_connections',
      'Connections to the embedded broker, by whether they have logged in',
      'login',
      {
        yes: open - unproven,
        no: unproven,
      },
    );
    counter('broker_held_back', 'Times that a client was read more slowly since it sent too much', heldBack);
  }
  counter(
    'api_refused_connections',
    'Connections to the API that were refused or closed at a bound',
    deps.refusedConnections.count,
  );
  labelled(
    'api_refused_tokens',
    'API tokens that were not valid since the start, by what was wrong with them',
    'fault',
    deps.refusedTokens.counts(),
  );
  labelled(
    'certificate_expiry_seconds',
    'When a certificate expires, Unix time in seconds, by the setting that names its file',
    'certificate',
    Object.fromEntries(deps.certificates.map(({ setting, expiresAtMs }) => [setting, expiresAtMs / 1_000])),
  );
  labelled(
    'flow_mode',
    '1 for the flow mode that is published to the agents: go, live-only or hold',
    'mode',
    Object.fromEntries(FLOW_MODES.map((mode) => [mode, Number(mode === ingest.flowMode)])),
  );
  labelled('agents', 'Agents by phase', 'phase', deps.registry.counts(deps.clock.now()));
  labelled('devices', 'Devices by state', 'state', deps.states.counts('device'));
  labelled('sites', 'Connection points by state', 'state', deps.states.counts('site'));
  nameProblems(deps, registers);
  gauge(
    'unexpected_devices',
    'Devices that report although the inventory lacks them; they raise no alert',
    deps.unexpectedDevices.count,
  );
  gauge('series_cached', 'Series with a latest value', deps.latest.seriesCount());

  const sparkplug = deps.sparkplug?.stats();
  if (sparkplug !== undefined) {
    labelled('sparkplug_messages', 'Sparkplug messages since the start, by type', 'type', sparkplug.messages);
    labelled('sparkplug_nodes', 'Sparkplug edge nodes by session', 'session', sparkplug.nodes);
    const lost = 'Sparkplug messages that never arrived, by gaps in their sequence numbers';
    counter('sparkplug_lost_messages', lost, sparkplug.lostMessages);
    counter('sparkplug_stale_deaths', 'Deaths of earlier connections, ignored', sparkplug.staleDeaths);
    counter('sparkplug_rebirth_requests', 'Rebirths requested', sparkplug.rebirthRequests);
    counter(
      'sparkplug_empty_values',
      'Values that their sender marked as null or transient',
      sparkplug.emptyValues,
    );
  }

  const alerts = deps.alerts.stats();
  labelled('alerts_active', 'Active alerts by severity', 'severity', alerts.activeBySeverity);
  gauge('alert_entities', 'Alerts, breaches and ends that are kept', alerts.entities);
  counter(
    'refused_alert_evaluations',
    'Left out because all agents have too many alerts',
    alerts.refusedEntities,
  );
  gauge('alerts_pending', 'Breaches that have not lasted long enough', alerts.pending);
  const backlog = deps.backlog.stats();
  gauge('backlog_agents', 'Agents that were cut off and whose backlog is not judged yet', backlog.agents);
  gauge('backlog_entities', 'What is followed in their backlog', backlog.entities);
  gauge('backlog_waiting_rows', 'Rows of backlog that wait to be judged', backlog.waitingRows);
  counter('backlog_judged_rows', 'Rows of backlog in which alerts were looked for', backlog.judgedRows);
  counter(
    'backlog_left_out_rows',
    'Rows of backlog in which no alerts were looked for: the history of alerts has a hole',
    backlog.leftOutRows,
  );
  counter(
    'backlog_left_out_entities',
    'Breaches in a backlog that were not followed, since there were too many: the history of alerts has a hole',
    backlog.leftOutEntities,
  );
  const other = 'Rows that came late though their agent was heard, in which no alerts were looked for';
  counter('other_late_rows', other, backlog.otherRows);
  counter('alerts_learned_late', 'Alerts that were over when the backlog told of them', backlog.learnedLate);
  const corrected = 'Times that the backlog corrected begin or end of an alert';
  counter('alerts_corrected', corrected, backlog.corrected);
  const { sent, failedAttempts, givenUp, waiting, undeliveredMs, held } = deps.notifications.stats();
  const heldByReason = Object.fromEntries(HOLD_KINDS.map((kind) => [kind, held[kind] ?? 0]));
  labelled('alerts_held', 'Open alerts that nobody is told of yet, by the reason', 'reason', heldByReason);
  labelled('notifications_sent', 'Messages delivered since the start, by channel', 'channel', sent);
  const failed = 'Attempts to deliver a message that failed since the start, by channel';
  labelled('notification_failures', failed, 'channel', failedAttempts);
  counter('notifications_given_up', 'Alerts that somebody was to be told of and was not', givenUp);
  gauge('notifications_waiting', 'Messages that are not delivered yet', waiting);
  const undelivered = 'For how long the oldest alert of a waiting message could have been told';
  gauge('notification_undelivered_seconds', undelivered, undeliveredMs / 1_000);
  const canary = deps.canary?.stats();
  if (canary !== undefined) {
    const { hops, passedAtMs } = canary;
    const broken = hops.map(({ hop, brokenSinceMs }) => [hop, Number(brokenSinceMs !== undefined)] as const);
    labelled(
      'canary_hop_broken',
      '1 for a hop that did not pass on the canary',
      'hop',
      Object.fromEntries(broken),
    );
    const latencies = hops.flatMap(({ hop, latencyMs }) =>
      latencyMs === undefined ? [] : [[hop, latencyMs / 1_000] as const],
    );
    const help = 'What a hop took for the canary, last time';
    labelled('canary_hop_latency_seconds', help, 'hop', Object.fromEntries(latencies));
    const passed = 'When the newest canary that got through every hop was raised, Unix time';
    if (passedAtMs !== undefined) gauge('canary_passed_timestamp_seconds', passed, passedAtMs / 1_000);
  }
  const { rssBytes, cpuMs } = deps.readProcess();
  gauge('resident_memory_bytes', 'Resident memory of central', rssBytes);
  counter('cpu_seconds', 'CPU time of central', cpuMs / 1_000);
  return registry;
}

/** With the names of those that have most: a label of all agents would be as long as the city. */
function nameProblems({ problems, clock }: MetricsRouteDeps, registers: Registry[]): void {
  const agents = new Gauge({
    name: 'wardwatch_agents_with_problem',
    help: 'Agents with a problem that central found, by problem',
    labelNames: ['problem'],
    registers,
  });
  const nowMs = clock.now();
  for (const [problem, count] of Object.entries(problems.counts(nowMs))) agents.set({ problem }, count);
  const named = new Gauge({
    name: 'wardwatch_agent_problem_findings',
    help: 'What was found or left out since the problem began, of the 20 greatest',
    labelNames: ['agent', 'problem'],
    registers,
  });
  for (const { agent, problem, count } of problems.greatest(nowMs)) named.set({ agent, problem }, count);
}

/** prom-client has no histogram that is filled from counts. It ends with a line break (text format 0.0.4). */
function latencyHistogram({ buckets, count, sumMs }: LatencySnapshot): string {
  const name = 'wardwatch_alert_latency_seconds';
  const bounds = [...buckets.map((bucket) => [String(bucket.leMs / 1_000), bucket.count]), ['+Inf', count]];
  return [
    `# HELP ${name} Arrival of a batch to its transition on disk`,
    `# TYPE ${name} histogram`,
    ...bounds.map(([le, upTo]) => `${name}_bucket{le="${le}"} ${upTo}`),
    `${name}_sum ${sumMs / 1_000}`,
    `${name}_count ${count}\n`,
  ].join('\n');
}

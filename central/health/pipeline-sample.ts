import { usedPercent, type DiskSpace } from '../../runtime/disk-space.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import { p99BetweenMs, type LatencySnapshot } from '../../runtime/latency-histogram.ts';
import type { ProcessUsage } from '../../runtime/process-usage.ts';
import type { IngestStats } from '../ingest/stats/counters.ts';
import type { AgentProblemKind } from './agent-problems.ts';
import type { ClockStanding } from '../liveness/trusted-clock.ts';
import type { CertificateExpiry } from './certificate-expiry.ts';

/** What bounds have kept out or slowed down, since the start. */
export interface RefusalCounts {
  /** To the embedded broker and the API. */
  readonly connections: number;
  /** At the embedded broker. */
  readonly logins: number;
  /** How often an agent had to wait. */
  readonly heldBack: number;
}

/** The state of central at one instant. */
export interface PipelineReading {
  /** Of the monotonic clock, ms. */
  readonly takenAtMs: number;
  readonly ingest: IngestStats;
  readonly quarantine: { readonly entries: number; readonly bytes: number };
  readonly refusals: RefusalCounts;
  readonly alerts: {
    readonly unsavedSteps: number;
    readonly droppedSteps: number;
    readonly refusedEntities: number;
    readonly latency: LatencySnapshot;
  };
  readonly backlog: {
    readonly leftOutRows: number;
    readonly leftOutEntities: number;
    readonly otherRows: number;
  };
  readonly notifications: {
    readonly channels: number;
    readonly givenUp: number;
    readonly undeliveredMs: number;
  };
  /** Agents with each problem. */
  readonly problems: Readonly<Record<AgentProblemKind, number>>;
  readonly unexpectedDevices: number;
  /** Why the inventory file as it is now is not in force. */
  readonly inventoryFileProblems: number;
  /** Why the rule files as they are now do not run. */
  readonly ruleProblems: number;
  readonly process: ProcessUsage;
  readonly clock: ClockStanding;
  /** Time in which central stood still, since its start. */
  readonly stalledMs: number;
  /** Acknowledged batches that the store lost, declared within the last hour. */
  readonly storeLostBatches: number;
  /** Nearly all agents fell silent at once. */
  readonly isDeaf: boolean;
  /** Of the data directory; undefined: not known. */
  readonly disk: DiskSpace | undefined;
  /** Since everything that was due was rolled up. */
  readonly historyLagMs: number;
  /** Unix time, ms. */
  readonly lastBackupAtMs: number;
  readonly certificates: readonly CertificateExpiry[];
  /** Since the reading before. */
  readonly eventLoopDelayP99Ms: number;
}

/** Measurement `pipeline`: rates and percentiles are of the time between the two readings. Pure. */
export function pipelineSample(before: PipelineReading, now: PipelineReading, timeMs: number): Sample {
  const { ingest, quarantine, alerts, problems } = now;
  const elapsedMs = now.takenAtMs - before.takenAtMs;
  const perS = (count: number): number | undefined =>
    elapsedMs > 0 ? (Math.max(0, count) * 1_000) / elapsedMs : undefined;
  const fields: Record<string, FieldValue | undefined> = {
    samples_per_s: perS(ingest.storedPoints - before.ingest.storedPoints),
    values_per_s: perS(ingest.storedValues - before.ingest.storedValues),
    lag_ms: ingest.lagMs,
    received_messages: ingest.receivedMessages,
    received_bytes: ingest.receivedBytes,
    received_batches: ingest.receivedBatches,
    duplicate_batches: ingest.duplicateBatches,
    stored_batches: ingest.storedBatches,
    stored_points: ingest.storedPoints,
    stored_values: ingest.storedValues,
    refused_rows: sum(ingest.refusedRows),
    refused_messages: sum(ingest.refusedMessages),
    dropped_messages: ingest.droppedMessages,
    dropped_batches: ingest.droppedBatches,
    declared_lost_batches: ingest.declaredLostBatches,
    missing_batches: ingest.missingBatches,
    new_declared_lost_batches: ingest.declaredLostBatches - before.ingest.declaredLostBatches,
    new_missing_batches: ingest.missingBatches - before.ingest.missingBatches,
    store_lost_batches: now.storeLostBatches,
    judged_unstored_batches: ingest.judgedUnstoredBatches,
    buffer_bytes: ingest.bufferBytes,
    buffer_fill_percent: 100 * ingest.bufferFillRatio,
    buffer_batches: ingest.bufferBatches,
    inbox_bytes: ingest.messageQueueBytes,
    quarantine_entries: quarantine.entries,
    quarantine_bytes: quarantine.bytes,
    refused_per_s: perS(refusedBy(ingest) - refusedBy(before.ingest)),
    new_refused_connections: now.refusals.connections - before.refusals.connections,
    new_refused_logins: now.refusals.logins - before.refusals.logins,
    new_held_back: now.refusals.heldBack - before.refusals.heldBack,
    store_available: ingest.storeAvailable,
    store_limit: ingest.storeLimit ?? 'none',
    store_latency_ms: ingest.lastStoreLatencyMs,
    store_failures: ingest.storeFailures,
    ledger_failures: ingest.ledgerFailures,
    internal_errors: ingest.internalErrors,
    flow: ingest.flowMode,
    backfilling_agents: ingest.backfillingAgents,
    known_agents: ingest.knownAgents,
    alert_latency_p99_ms: p99BetweenMs(before.alerts.latency, alerts.latency),
    unsaved_alert_steps: alerts.unsavedSteps,
    dropped_alert_steps: alerts.droppedSteps,
    new_refused_alert_entities: alerts.refusedEntities - before.alerts.refusedEntities,
    new_left_out_backlog_rows: now.backlog.leftOutRows - before.backlog.leftOutRows,
    new_other_late_rows: now.backlog.otherRows - before.backlog.otherRows,
    new_left_out_backlog_entities: now.backlog.leftOutEntities - before.backlog.leftOutEntities,
    new_backlog_holes: holesOf(now) - holesOf(before),
    ...(now.notifications.channels > 0 && {
      undelivered_notification_s: now.notifications.undeliveredMs / 1_000,
      new_given_up_notifications: now.notifications.givenUp - before.notifications.givenUp,
    }),
    limited_agents: problems.too_many_alerts + problems.too_many_series + problems.too_many_refused,
    twin_agents: problems.twins,
    implausible_agents: problems.implausible_losses,
    unexpected_devices: now.unexpectedDevices,
    inventory_file_problems: now.inventoryFileProblems,
    rule_problems: now.ruleProblems,
    stalled_ms: now.stalledMs - before.stalledMs,
    hears_agents: !now.isDeaf,
    clock_offset_ms: now.clock.machineOffsetMs,
    clocks_agree: now.clock.isAgreed,
    data_disk_used_percent: now.disk && usedPercent(now.disk),
    data_disk_free_bytes: now.disk?.freeBytes,
    backup_age_s: Math.max(0, timeMs - now.lastBackupAtMs) / 1_000,
    history_lag_s: now.historyLagMs / 1_000,
    certificate_expires_in_s: expiresInS(now.certificates, timeMs),
    event_loop_delay_p99_ms: now.eventLoopDelayP99Ms,
    rss_bytes: now.process.rssBytes,
    cpu_percent: elapsedMs > 0 ? (100 * (now.process.cpuMs - before.process.cpuMs)) / elapsedMs : undefined,
    uptime_s: now.process.uptimeS,
  };
  return { measurement: 'pipeline', tags: {}, fields: withoutUndefined(fields), timeMs };
}

/** Of the one that ends first; negative: it has ended. */
function expiresInS(certificates: readonly CertificateExpiry[], nowMs: number): number | undefined {
  if (certificates.length === 0) return undefined;
  return (Math.min(...certificates.map(({ expiresAtMs }) => expiresAtMs)) - nowMs) / 1_000;
}

function holesOf({ backlog }: PipelineReading): number {
  return backlog.leftOutRows + backlog.leftOutEntities;
}

function refusedBy({ refusedRows, refusedMessages }: IngestStats): number {
  return sum(refusedRows) + sum(refusedMessages);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** A number beyond what a store takes would cost the whole row, and with it every alarm about central. */
function withoutUndefined(
  fields: Readonly<Record<string, FieldValue | undefined>>,
): Record<string, FieldValue> {
  const present: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    present[name] = typeof value === 'number' ? Math.min(value, Number.MAX_SAFE_INTEGER) : value;
  }
  return present;
}

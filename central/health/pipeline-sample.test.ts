import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { LatencyHistogram } from '../../runtime/latency-histogram.ts';
import { Counters } from '../ingest/stats/counters.ts';
import { pipelineSample, type PipelineReading } from './pipeline-sample.ts';

const gauges = {
  bufferBytes: 10,
  bufferBatches: 1,
  bufferFillRatio: 0.25,
  messageQueueBytes: 0,
  storeAvailable: true,
  unstoredForMs: undefined,
  storeLimit: undefined,
  limitedBatches: 0,
  flowMode: 'go',
  lastStoreLatencyMs: 4,
  lagMs: 20,
  oldestReceivedAtMs: 1,
  newestMeasuredAtMs: undefined,
  backfillingAgents: 0,
  knownAgents: 3,
} as const;

function reading(takenAtMs: number, storedPoints: number, cpuMs: number): PipelineReading {
  const counters = new Counters();
  counters.counts.storedPoints = storedPoints;
  counters.counts.storedValues = storedPoints * 5;
  counters.refuseRows('out-of-range', 2);
  counters.refuseRows('store', 3);
  const latency = new LatencyHistogram();
  if (storedPoints > 0) latency.record(7);
  return {
    takenAtMs,
    ingest: { ...counters.snapshot(), ...gauges },
    quarantine: { entries: 5, bytes: 900 },
    refusals: { connections: storedPoints, logins: 2, heldBack: 3 },
    alerts: { unsavedSteps: 0, droppedSteps: 0, refusedEntities: 0, latency: latency.snapshot() },
    backlog: {
      leftOutRows: storedPoints / 100,
      leftOutEntities: storedPoints / 250,
      otherRows: storedPoints / 500,
    },
    notifications: { channels: 1, givenUp: storedPoints / 10, undeliveredMs: 45_000 },
    problems: {
      twins: 1,
      too_many_alerts: 2,
      too_many_series: 1,
      too_many_refused: 0,
      implausible_losses: 1,
    },
    unexpectedDevices: 7,
    inventoryFileProblems: 3,
    ruleProblems: 2,
    process: { rssBytes: 90_000_000, cpuMs, uptimeS: 60 },
    clock: { machineOffsetMs: 0, isAgreed: true, isCertain: true },
    stalledMs: takenAtMs,
    storeLostBatches: 0,
    isDeaf: false,
    disk: { totalBytes: 1_000, freeBytes: 250 },
    historyLagMs: 60_000,
    lastBackupAtMs: 0,
    certificates: [
      { setting: 'api.tls.certFile', expiresAtMs: 5_000 },
      { setting: 'broker.tls.certFile', expiresAtMs: 3_000 },
    ],
    eventLoopDelayP99Ms: 1.5,
  };
}

it('gives rates and shares of the time between two readings, and counts since the start', () => {
  const sample = pipelineSample(reading(0, 0, 100), reading(10_000, 500, 1_100), 1_800_000_000_000);
  expect(sample).toMatchObject({
    measurement: 'pipeline',
    timeMs: 1_800_000_000_000,
    fields: {
      samples_per_s: 50,
      values_per_s: 250,
      stored_points: 500,
      refused_rows: 5,
      cpu_percent: 10,
      refused_per_s: 0,
      new_refused_connections: 500,
      new_refused_logins: 0,
      stalled_ms: 10_000,
      buffer_fill_percent: 25,
      alert_latency_p99_ms: 10,
      flow: 'go',
      limited_agents: 3,
      twin_agents: 1,
      implausible_agents: 1,
      unexpected_devices: 7,
      inventory_file_problems: 3,
      rule_problems: 2,
      new_left_out_backlog_rows: 5,
      new_left_out_backlog_entities: 2,
      new_other_late_rows: 1,
      // What is late though its agent was heard is none.
      new_backlog_holes: 7,
    },
  });
});

it('fills every field that the catalogue has for it, and no other', () => {
  const sample = pipelineSample(reading(0, 0, 100), reading(10_000, 500, 1_100), 0);
  expect(Object.keys(sample.fields).sort()).toEqual(
    Object.keys(CATALOGUE.get('pipeline')?.fields ?? {}).sort(),
  );
});

it('holds counters at what every store takes', () => {
  const now = reading(10_000, 500, 1_100);
  const beyond = { ...now, ingest: { ...now.ingest, declaredLostBatches: 1e20, missingBatches: 2 ** 63 } };
  expect(pipelineSample(reading(0, 0, 100), beyond, 0).fields).toMatchObject({
    declared_lost_batches: Number.MAX_SAFE_INTEGER,
    new_declared_lost_batches: Number.MAX_SAFE_INTEGER,
    missing_batches: Number.MAX_SAFE_INTEGER,
  });
});

it('leaves out what cannot be known: no rate without time, no latency without an alert', () => {
  const { fields } = pipelineSample(reading(5_000, 500, 1), reading(5_000, 500, 1), 0);
  expect(fields).not.toHaveProperty('samples_per_s');
  expect(fields).not.toHaveProperty('cpu_percent');
  expect(fields).not.toHaveProperty('alert_latency_p99_ms');
});

it('tells of the disk, the backup and the certificate that ends first', () => {
  const { fields } = pipelineSample(reading(0, 0, 1), reading(10_000, 1, 2), 4_000);
  expect(fields).toMatchObject({
    data_disk_used_percent: 75,
    data_disk_free_bytes: 250,
    backup_age_s: 4,
    history_lag_s: 60,
    certificate_expires_in_s: -1,
  });
  const unknown = { ...reading(10_000, 1, 2), disk: undefined, certificates: [] };
  const without = pipelineSample(reading(0, 0, 1), unknown, 4_000).fields;
  expect(without).not.toHaveProperty('data_disk_used_percent');
  expect(without).not.toHaveProperty('certificate_expires_in_s');
});

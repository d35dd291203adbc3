import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FieldType } from '../contract/catalogue.ts';
import { CATALOGUE } from '../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../contract/sample.ts';
import { silentLogger } from '../runtime/logger.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { agentSample } from './health/agent-sample.ts';
import { collectorSample } from './scheduler/collector-sample.ts';
import { pingAll, pingKind } from './collectors/ping/ping.ts';
import { FIRST_CPU_DELTA_MS } from './collectors/server/parts.ts';
import { serverKind } from './collectors/server/server.ts';

const commonTags = { host: 'h1', site: 's-1', unit: '26734' };
const signal = AbortSignal.timeout(9_000);
const recordings = join(import.meta.dirname, 'collectors/server/testdata');

const fits: Record<FieldType, (value: FieldValue) => boolean> = {
  float: (value) => typeof value === 'number' && Number.isFinite(value),
  int: (value) => typeof value === 'bigint' || Number.isSafeInteger(value),
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
};

/** What central would refuse of a sample, in words. */
function refusals(sample: Sample): string[] {
  const definition = CATALOGUE.get(sample.measurement);
  if (definition?.origin !== 'agent') return [`measurement ${sample.measurement}`];
  const tags = Object.keys(sample.tags).filter((tag) => definition.tags[tag] === undefined);
  const missing = definition.requiredTags.filter((tag) => sample.tags[tag] === undefined);
  const fields = Object.entries(sample.fields).filter(([name, value]) => {
    const field = definition.fields[name];
    if (field === undefined || !fits[field.type](value)) return true;
    if (typeof value !== 'number' && typeof value !== 'bigint') return false;
    return value < (field.min ?? -Infinity) || value > (field.max ?? Infinity);
  });
  return [
    ...tags.map((tag) => `${sample.measurement} tag ${tag}`),
    ...missing.map((tag) => `${sample.measurement} without tag ${tag}`),
    ...fields.map(([name, value]) => `${sample.measurement} field ${name}=${value}`),
  ];
}

const expectAccepted = (samples: readonly Sample[]): void => {
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.flatMap(refusals)).toEqual([]);
};

describe('all that an agent sends stands in the catalogue', () => {
  it.each(readdirSync(recordings))('from the recorded machine %s', async (name) => {
    const machine = mkdtempSync(join(tmpdir(), 'wardwatch-catalogue-'));
    try {
      cpSync(join(recordings, name), machine, { recursive: true });
      const clock: Clock = {
        ...systemClock,
        sleep: async (delayMs, stop) => {
          if (delayMs !== FIRST_CPU_DELTA_MS) return systemClock.sleep(delayMs, stop);
          cpSync(join(machine, 'stat-later'), join(machine, 'proc/stat'));
        },
      };
      const paths = {
        procPath: join(machine, 'proc'),
        sysPath: join(machine, 'sys'),
        utmpPath: join(machine, 'utmp'),
        containerLogsPath: join(machine, 'container-logs'),
      };
      const collector = serverKind.create(paths, { clock, log: silentLogger, commonTags });
      expectAccepted((await collector.collect(signal)).samples);
    } finally {
      rmSync(machine, { recursive: true, force: true });
    }
  });

  it('from ping, answered, silent and failed', async () => {
    const probe = async (address: string) => {
      if (address === 'failed') throw new Error('no such name');
      const rttsMs = address === 'answered' ? [1.5, 3, 2] : [undefined, undefined, undefined];
      const received = rttsMs.filter((rtt) => rtt !== undefined).length;
      return { transmitted: 3, received, rttsMs, ttl: 63 };
    };
    const config = pingKind.configSchema.parse({
      targets: ['answered', 'silent', { address: 'failed', device: 'n-26734-01' }],
    });
    const { samples } = await pingAll(
      probe,
      config,
      { clock: systemClock, log: silentLogger, commonTags },
      signal,
    );
    expect(samples).toHaveLength(3);
    expectAccepted(samples);
  });

  it('about itself and its collectors', () => {
    const publisher = {
      connected: true,
      connects: 1,
      inFlight: 2,
      flowMode: 'go',
      resends: 3,
      acked: 4,
      refused: 5,
      stuck: 6,
      ignored: 7,
      ackLatencyMs: { last: 8.5, p50: 9.5 },
      lastAckAtMs: 10,
    } as const;
    const queue = {
      bytes: 1,
      pendingBatches: 2,
      pendingPoints: 3,
      oldestPendingAtMs: 4_000,
      lostBatches: 5,
      lostPoints: 6,
      damagedSegments: 7,
    };
    const sink = { samples: 8, dropped: 9 };
    const config = { revision: 12, failed: true };
    const health = { queue, publisher, sink, config, rssBytes: 10, cpuPercent: 0.5, uptimeS: 11 };
    const run = { runs: 1, failures: 2, lastErrors: 3, lastDurationMs: 4.5, lastError: 'switch is dead' };
    const sample = agentSample(health, commonTags, 6_500);
    expect(sample.fields).toMatchObject({ queue_oldest_age_s: 2.5, ack_latency_ms: 9.5, lost_points: 6 });
    expectAccepted([sample, collectorSample('ping', run, commonTags, 5_000)]);
  });
});

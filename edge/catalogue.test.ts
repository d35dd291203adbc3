import { describe, expect, it } from 'vitest';
import { agentSample } from './health/agent-sample.ts';
import { collectorSample } from './scheduler/collector-sample.ts';
import { catalogueRefusals } from './testing/catalogue-refusals.ts';

const commonTags = { host: 'h1', site: 's-1', unit: '26734' };

/** Samples of the collectors: edge/collectors/index.test.ts. */
describe('what an agent reports is in the catalogue', () => {
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
      hasTwin: false,
      clockOffset: { offsetMs: 70_000, errorMs: 500 },
      silenceMs: 61_500,
    } as const;
    const queue = {
      bytes: 1,
      pendingBytes: 1,
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
    expect(sample.fields).toMatchObject({
      queue_oldest_age_s: 2.5,
      ack_latency_ms: 9.5,
      lost_points: 6,
      clock_offset_ms: 69_500,
      unacknowledged_s: 61.5,
    });
    const samples = [sample, collectorSample('ping', run, commonTags, 5_000)];
    expect(samples.flatMap(catalogueRefusals)).toEqual([]);
  });
});

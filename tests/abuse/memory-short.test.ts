import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import type { GoodAgent } from '../support/good-agent.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { rawBatch, type RawAgent } from '../support/raw-agent.ts';
import { UnrulyProxy } from '../support/unruly-proxy.ts';

const MIB = 1024 * 1024;
const BUFFER_BYTES = 64 * MIB;
/** So many that the eighth of the write buffer that each may have is more than all of it. */
const SENDERS = Array.from({ length: 12 }, (_, index) => `gw-26740-${index + 1}`);
/** More than an eighth. */
const BATCHES_EACH = 90;
const ROWS = 900;
const RESIDENT_MAX_MIB = 450;

describeWith(['influxd'], 'the store is away until the write buffer is full', () => {
  let influx: InfluxServer;
  let proxy: UnrulyProxy;
  let city: City;
  let witness: GoodAgent;
  let senders: RawAgent[];
  /** By sender, then by seq − 1. */
  let batches: Buffer[][];

  beforeAll(async () => {
    batches = SENDERS.map((name) => Array.from({ length: BATCHES_EACH }, (_, at) => batchOf(name, at + 1)));
    influx = await startInflux();
    proxy = await UnrulyProxy.before(influx.url);
    city = await startCity('memory-short', {
      attackers: SENDERS,
      store: { kind: 'influx', url: proxy.url, timeoutMs: 2_000 },
    });
    senders = await Promise.all(SENDERS.map((name) => city.attacker(name)));
    witness = await city.goodAgent();
    await witness.expectUnharmed();
  });
  afterAll(async () => {
    await city.stop();
    await proxy.stop();
    await influx.stop();
  });

  function batchOf(agent: string, seq: number): Buffer {
    const timeMs = Date.now() + seq;
    return rawBatch(
      seq,
      Array.from({ length: ROWS }, (_, row) => ({
        measurement: 'ping',
        tags: { url: `${agent}-host-${row}` },
        fields: { average_response_ms: seq + row / 1_000, percent_packet_loss: 0, ttl: 64 },
        timeMs,
      })),
    );
  }

  function sendAll(): void {
    for (const [at, sender] of senders.entries()) {
      for (const [index, batch] of (batches[at] ?? []).entries()) {
        if (!sender.stored.has(index + 1)) sender.publish(agentTopic(sender.name, 'up'), batch);
      }
    }
  }

  it('samples are still judged, memory stays within its bound, and an alarm says so', async () => {
    proxy.mode = 'breaks off';
    await vi.waitFor(async () => expect((await city.central.fetch('/readyz')).status).toBe(503), 20_000);
    sendAll();
    await vi.waitFor(
      async () => {
        expect(await city.central.metric('wardwatch_buffer_bytes')).toBeGreaterThanOrEqual(BUFFER_BYTES);
        expect(await city.central.metric('wardwatch_dropped_batches_total')).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 250 },
    );
    witness.startAnew();
    await witness.expectAlertsInTime();
    expect(witness.agent.flows.at(-1)).toBe('live-only');
    const resident = await city.central.metric('wardwatch_resident_memory_bytes');
    expect(resident / MIB).toBeLessThan(RESIDENT_MAX_MIB);
    await vi.waitFor(
      async () => {
        const { items } = await city.central.get<{ items: { rule: string }[] }>(
          '/api/v1/alerts?state=active&limit=1000',
        );
        const rules = items.map(({ rule }) => rule);
        expect(rules).toContain('central_buffer_filling');
        expect(rules).toContain('central_store_away');
      },
      { timeout: 40_000, interval: 500 },
    );
  });

  it('what had no place is taken when it is sent again, and nothing is lost', async () => {
    proxy.mode = 'pass';
    await vi.waitFor(async () => expect((await city.central.fetch('/readyz')).status).toBe(200), 60_000);
    await vi.waitFor(
      () => {
        sendAll();
        witness.resend();
        for (const sender of senders) expect(sender.stored.size).toBe(BATCHES_EACH);
      },
      { timeout: 90_000, interval: 5_000 },
    );
    for (const { name } of senders) {
      expect(await city.central.ledgerOf(name)).toMatchObject({
        stored: [[1, BATCHES_EACH]],
        missing: [],
        storedPoints: BATCHES_EACH * ROWS,
        completeness: 1,
      });
    }
    witness.resend();
    await witness.untilAcknowledged();
    witness.startAnew();
    await witness.expectUnharmed();
  });
});

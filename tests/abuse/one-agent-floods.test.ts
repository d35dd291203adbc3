import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { rawBatch, type RawAgent } from '../support/raw-agent.ts';

const LARGE = 'gw-large';
const SMALL = 'gw-small';
const LARGE_BATCHES = abuseScale(400, 20_000);
const SMALL_BATCHES = abuseScale(6_000, 200_000);
/** Without waiting for acknowledgements, as no agent of ours does. */
const UNANSWERED = 200;
const RESEND_AFTER_MS = 5_000;

function samples(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({
    measurement: 'ping',
    tags: { url: `u-${at % 100}` },
    fields: { average_response_ms: Math.random() * 1_000, percent_packet_loss: Math.random() },
    timeMs: Date.now() - at,
  }));
}

/** Publishes all as fast as they are read; then again, as an agent does, what is not acknowledged after a while. */
async function flood(agent: RawAgent, batches: readonly Buffer[]): Promise<void> {
  let unanswered = 0;
  let wake = (): void => undefined;
  while (agent.stored.size < batches.length) {
    for (const [at, batch] of batches.entries()) {
      if (agent.stored.has(at + 1)) continue;
      unanswered++;
      agent.client.publish(agentTopic(agent.name, 'up'), batch, { qos: 1 }, () => {
        unanswered--;
        wake();
      });
      while (unanswered >= UNANSWERED) await new Promise<void>((resolve) => (wake = resolve));
    }
    await sleep(RESEND_AFTER_MS);
  }
}

describe('agents that send as fast as they can', () => {
  let city: City;
  beforeAll(async () => {
    city = await startCity('one-floods', { attackers: [LARGE, SMALL], settings: { log: { level: 'warn' } } });
  });
  afterAll(() => city.stop());

  it(
    'are read in turn: nobody waits for them, and nothing of their own is lost',
    { timeout: 600_000 },
    async () => {
      const large = Array.from({ length: LARGE_BATCHES }, (_, at) => rawBatch(at + 1, samples(900)));
      const small = Array.from({ length: SMALL_BATCHES }, (_, at) => rawBatch(at + 1, samples(1)));
      const witness = await city.goodAgent();
      const floods = Promise.all([
        flood(await city.attacker(LARGE, { localAddress: '127.3.0.1' }), large),
        flood(await city.attacker(SMALL, { localAddress: '127.3.0.2' }), small),
      ]);
      await witness.expectUnharmed();
      await floods;
      await witness.expectUnharmed();
      expect(await city.central.metric('wardwatch_dropped_messages_total')).toBe(0);
    },
  );

  it('are counted and named', async () => {
    const held = [
      await city.central.metric('wardwatch_held_back_total'),
      await city.central.metric('wardwatch_broker_held_back_total'),
    ];
    expect(Math.max(...held)).toBeGreaterThan(0);
    expect(city.central.log).toMatch(new RegExp(`"(agent|client)":"(${LARGE}|${SMALL})"`));
  });
});

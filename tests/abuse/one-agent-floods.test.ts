import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { Attacker } from '../support/attacker.ts';
import { AGENT_PASSWORD } from '../support/central-program.ts';
import { rawBatch } from '../support/raw-agent.ts';

/** Batches, and points in each. */
const FLOODS = {
  'gw-large': [abuseScale(150, 2_000), 300],
  'gw-small': [abuseScale(1_500, 10_000), 1],
} as const;
type Name = keyof typeof FLOODS;
const NAMES = Object.keys(FLOODS) as Name[];

function samples(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({
    measurement: 'ping',
    tags: { url: `u-${at % 100}` },
    fields: { average_response_ms: (at * 7_919) % 1_000, percent_packet_loss: at % 50 },
    timeMs: Date.now() - at,
  }));
}

function connectPacket(name: Name): string {
  const packet: Packet = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: name,
    keepalive: 120,
    username: name,
    password: Buffer.from(AGENT_PASSWORD),
  };
  return mqttPacket.generate(packet).toString('base64');
}

/** All batches, as bytes: no acknowledgement is waited for, as no agent of ours does. */
function publications(name: Name): Buffer {
  const [batches, points] = FLOODS[name];
  const packets = Array.from({ length: batches }, (_, at) => {
    const payload = rawBatch(at + 1, samples(points));
    const rest = { qos: 1, dup: false, retain: false, messageId: (at % 65_535) + 1 } as const;
    return mqttPacket.generate({ cmd: 'publish', topic: agentTopic(name, 'up'), payload, ...rest });
  });
  return Buffer.concat(packets);
}

describe('agents that send as fast as they can', () => {
  const attackers: Attacker[] = [];
  let city: City;
  beforeAll(async () => {
    city = await startCity('one-floods', { attackers: NAMES, settings: { log: { level: 'warn' } } });
  });
  afterAll(async () => {
    for (const attacker of attackers) await attacker.end();
    await city.stop();
  });

  it(
    'are read in turn: nobody waits for them, and nothing of their own is lost',
    { timeout: 600_000 },
    async () => {
      for (const name of NAMES) writeFileSync(join(city.directory, name), publications(name));
      const witness = await city.goodAgent();
      for (const [at, name] of NAMES.entries()) {
        const thenFile = join(city.directory, name);
        const attack = { count: 1, localAddress: `127.3.0.${at + 1}`, first: connectPacket(name), thenFile };
        attackers.push(Attacker.start(city.central.brokerUrl, attack));
      }
      await witness.expectUnharmed();
      for (const name of NAMES) {
        const isAllStored = async (): Promise<void> => {
          expect(await city.central.ledgerOf(name)).toMatchObject({
            stored: [[1, FLOODS[name][0]]],
            missing: [],
          });
        };
        await vi.waitFor(isAllStored, { timeout: abuseScale(60_000, 500_000), interval: 500 });
      }
      await witness.expectUnharmed();
      expect(await city.central.metric('wardwatch_dropped_messages_total')).toBe(0);
    },
  );

  it('are counted and named', async () => {
    expect(await city.central.metric('wardwatch_held_back_total')).toBeGreaterThan(0);
    expect(city.central.log).toMatch(/"(agent|client)":"gw-(large|small)"/);
  });
});

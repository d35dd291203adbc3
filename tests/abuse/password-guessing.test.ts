import mqttPacket from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { Attacker } from '../support/attacker.ts';
import type { Sample } from '../../contract/sample.ts';

const ADDRESS = '127.3.0.1';
const GUESSES = abuseScale(5_200, 100_000);
const NEIGHBOUR = 'gw-neighbour';
/** Behind the same address, and not connected before the attack. */
const LATECOMERS = ['gw-late-1', 'gw-late-2', 'gw-late-3'];

function connectPacket(more: object): string {
  const packet = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: NEIGHBOUR,
    keepalive: 60,
    ...more,
  } as const;
  return mqttPacket.generate(packet, { protocolVersion: 4 }).toString('base64');
}

interface AuditPage {
  readonly items: readonly { readonly action: string; readonly target: string; readonly from: string }[];
}

describe('logins at the broker with wrong passwords, or without one', () => {
  const attackers: Attacker[] = [];
  let city: City;

  beforeAll(async () => {
    city = await startCity('guessing', {
      attackers: [NEIGHBOUR, ...LATECOMERS],
      settings: { log: { level: 'warn' } },
    });
  });
  afterAll(async () => {
    for (const attacker of attackers) await attacker.end();
    await city.stop();
  });

  function attack(more: object): Attacker {
    const attacker = Attacker.start(city.central.brokerUrl, {
      localAddress: ADDRESS,
      count: 20,
      reopen: true,
      ...more,
    });
    attackers.push(attacker);
    return attacker;
  }

  it('push nothing out of the quarantine, and harm no good agent', async () => {
    const witness = await city.goodAgent();
    const neighbour = await city.attacker(NEIGHBOUR, { localAddress: ADDRESS });
    const bad: Sample = {
      measurement: 'ping',
      tags: { url: NEIGHBOUR },
      fields: { percent_packet_loss: 700 },
      timeMs: Date.now(),
    };
    await neighbour.untilStored(neighbour.send([bad]));
    const refused = (): Promise<readonly { readonly code: string }[]> => city.central.quarantined('');
    const before = await refused();
    expect(before).toMatchObject([{ agent: NEIGHBOUR, code: 'out-of-range' }]);
    const half = Math.ceil(GUESSES / 2);
    const guesses = [
      attack({ total: half, first: connectPacket({ username: NEIGHBOUR, password: Buffer.from('guess') }) }),
      attack({ total: half, first: connectPacket({}) }),
    ];
    for (const guess of guesses) await vi.waitFor(() => expect(guess.stats.opened).toBe(half), 30_000);
    expect(await refused()).toEqual(before);
    await witness.expectUnharmed();
  });

  it('lock out nobody behind the same address, seen before or not', async () => {
    attack({ count: 5, opensPerS: 50, first: connectPacket({ username: 'gw-x', clientId: 'gw-x' }) });
    const refused = (): Promise<number> =>
      city.central.metric('wardwatch_broker_refused{kind="authentication"}');
    const before = await refused();
    // More than is told that it is wrong: central is above the limit of this address.
    await vi.waitFor(async () => expect(await refused()).toBeGreaterThan(before + 20), 20_000);
    for (const agent of [NEIGHBOUR, ...LATECOMERS]) {
      const { client } = await city.attacker(agent, { localAddress: ADDRESS });
      expect(client.connected).toBe(true);
    }
    const during = await refused();
    await vi.waitFor(async () => expect(await refused()).toBeGreaterThan(during), 20_000);
  });

  it('are counted, and their address is named in log and audit, which they do not fill', async () => {
    expect(await city.central.metric('wardwatch_broker_refused{kind="authentication"}')).toBeGreaterThan(100);
    const { items } = await city.central.get<AuditPage>('/api/v1/audit?limit=1000');
    const logins = items.filter(({ action }) => action === 'login.refused');
    expect(logins.length).toBeGreaterThan(1);
    expect(logins.length).toBeLessThanOrEqual(21);
    const first = logins.at(-1);
    expect(first?.from).toBe(ADDRESS);
    expect(first?.target).toMatch(/^refused login no\. 1 of this address, as "gw-neighbour": /);
    const lines = city.central.log.split('\n').filter((line) => line.includes(ADDRESS));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(40);
  });
});

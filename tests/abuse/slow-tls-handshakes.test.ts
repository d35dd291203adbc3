import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { Attacker } from '../support/attacker.ts';
import { makeIdentity } from '../support/identity.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory } from '../support/server-process.ts';

const ADDRESS = '127.3.0.1';
/** A TLS record with a ClientHello of 512 bytes, as far as its first bytes. */
const BEGINNING = Buffer.from('160301020001', 'hex').toString('base64');
const ZERO = Buffer.alloc(1).toString('base64');
const LATE = 'gw-late';

describeWith(['openssl'], 'TLS handshakes that never end, and many that do', () => {
  const scratch = temporaryDirectory('handshakes');
  const attackers: Attacker[] = [];
  let city: City;

  beforeAll(async () => {
    const ca = makeIdentity(scratch.path, 'broker').cert;
    const tls = { certFile: `${scratch.path}/broker.crt`, keyFile: `${scratch.path}/broker.key` };
    city = await startCity('handshakes', {
      attackers: [LATE],
      broker: { kind: 'embedded', host: '127.0.0.1', port: 0, tls },
      ca,
      settings: { log: { level: 'warn' } },
    });
  });
  afterAll(async () => {
    for (const attacker of attackers) await attacker.end();
    await city.stop();
    scratch.remove();
  });

  function attack(more: object): Attacker {
    const attacker = Attacker.start(city.central.brokerUrl, { localAddress: ADDRESS, count: 0, ...more });
    attackers.push(attacker);
    return attacker;
  }

  it('a byte at a time are closed at the time limit, and harm nobody', async () => {
    const witness = await city.goodAgent();
    const slow = attack({ count: 1_000, first: BEGINNING, drip: ZERO, dripEveryMs: 1_000 });
    await vi.waitFor(() => expect(slow.stats.connected).toBe(1_000), 20_000);
    const late = await city.attacker(LATE, { localAddress: '127.0.2.1' });
    expect(late.client.connected).toBe(true);
    await witness.expectUnharmed();
    await vi.waitFor(() => expect(slow.stats.open).toBe(0), 40_000);
    expect(slow.stats.longestOpenMs).toBeLessThan(25_000);
  });

  it('from one address without end delay no acknowledgement', async () => {
    const witness = await city.goodAgent();
    const loop = { count: 30, tls: true, hangUp: true, reopen: true, total: abuseScale(5_000, 200_000) };
    const flood = attack(loop);
    await vi.waitFor(() => expect(flood.stats.connected).toBeGreaterThan(1_000), 30_000);
    await witness.expectUnharmed();
  });
});

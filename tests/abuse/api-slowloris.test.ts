import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { Attacker } from '../support/attacker.ts';
import { statusFrom } from '../support/status-from.ts';

const ADDRESS = '127.3.0.1';
const CONNECTIONS = abuseScale(1_500, 5_000);
const BEGINNING = Buffer.from('GET /api/v1/alerts HTTP/1.1\r\nHost: central\r\n').toString('base64');
const HEADERS = Buffer.from('X-A: b\r\n').toString('base64');

describe('requests to the API that arrive a byte at a time', () => {
  let city: City;
  let attack: Attacker;
  beforeAll(async () => {
    city = await startCity('slowloris', { settings: { log: { level: 'warn' } } });
    attack = Attacker.start(city.central.apiUrl, {
      localAddress: ADDRESS,
      count: CONNECTIONS,
      opensPerS: 500,
      reopen: true,
      first: BEGINNING,
      drip: HEADERS,
      dripEveryMs: 500,
    });
  });
  afterAll(async () => {
    await attack.end();
    await city.stop();
  });

  function health(localAddress: string): Promise<number> {
    return statusFrom(localAddress, new URL('/healthz', city.central.apiUrl));
  }

  it('keep nobody from the API, not even the honest behind the same address', async () => {
    const witness = await city.goodAgent();
    await vi.waitFor(() => expect(attack.stats.opened).toBeGreaterThan(CONNECTIONS), 30_000);
    expect(await health('127.0.2.1')).toBe(200);
    expect(await health(ADDRESS)).toBe(200);
    await witness.expectUnharmed();
  });

  it('hold a bounded number of connections, each for a bounded time', async () => {
    await vi.waitFor(() => expect(attack.stats.longestOpenMs).toBeGreaterThan(0), 30_000);
    // The attacker notices late that some of its connections are closed.
    await vi.waitFor(() => expect(attack.stats.open).toBeLessThanOrEqual(150), 20_000);
    expect(attack.stats.longestOpenMs).toBeLessThan(15_000);
  });

  it('are counted, and their address is named', async () => {
    expect(await city.central.metric('wardwatch_api_refused_connections_total')).toBeGreaterThan(100);
    const lines = city.central.log.split('\n').filter((line) => line.includes(ADDRESS));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(40);
  });
});

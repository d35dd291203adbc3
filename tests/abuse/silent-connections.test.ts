import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { Attacker } from '../support/attacker.ts';
import { DelayedLine } from '../support/delayed-line.ts';
import { makeIdentity } from '../support/identity.ts';
import { describeWith } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';

const ADDRESS = '127.3.0.1';
const CONNECTIONS = abuseScale(8_000, 15_000);
/** 400 ms there and back. */
const ONE_WAY_MS = 200;
const CONNECTS_WITHIN_MS = 5_000;
const GATEWAYS = ['gw-late-1', 'gw-late-2', 'gw-late-3'] as const;

describeWith(['openssl'], 'thousands of connections from one address that send nothing', () => {
  const scratch = temporaryDirectory('silent');
  let city: City;
  let ca: string;
  let attack: Attacker | undefined;

  beforeAll(async () => {
    ca = makeIdentity(scratch.path, 'broker').cert;
    const tls = { certFile: `${scratch.path}/broker.crt`, keyFile: `${scratch.path}/broker.key` };
    city = await startCity('silent', {
      attackers: GATEWAYS,
      broker: { kind: 'embedded', host: '127.0.0.1', port: 0, tls },
      ca,
      settings: { log: { level: 'warn' } },
    });
  });
  afterAll(async () => {
    await attack?.end();
    await city.stop();
    scratch.remove();
  });

  /** Over a long line that ends at `localAddress`; returns how long it took until the broker had let it in. */
  async function connectMs(agent: string, localAddress: string): Promise<number> {
    const { brokerUrl } = city.central;
    const line = await DelayedLine.to(brokerUrl, ONE_WAY_MS, localAddress);
    const startedMs = performance.now();
    try {
      const connected = await RawAgent.connect(line.urlLike(brokerUrl), agent, undefined, { ca });
      const tookMs = performance.now() - startedMs;
      connected.end();
      return tookMs;
    } finally {
      await line.close();
    }
  }

  it('keep no good agent out, not even one behind the same address', async () => {
    const witness = await city.goodAgent();
    attack = Attacker.start(city.central.brokerUrl, { localAddress: ADDRESS, count: CONNECTIONS });
    await vi.waitFor(() => expect(attack?.stats.opened).toBe(CONNECTIONS), 20_000);
    expect(await connectMs(GATEWAYS[0], '127.0.2.1')).toBeLessThan(CONNECTS_WITHIN_MS);
    expect(await connectMs(GATEWAYS[1], ADDRESS)).toBeLessThan(CONNECTS_WITHIN_MS);
    await witness.expectUnharmed();
  });

  it('are closed, but for a few that are given more time', async () => {
    await vi.waitFor(() => expect(attack?.stats.open).toBeLessThanOrEqual(200), 20_000);
    await vi.waitFor(
      async () => expect(await city.central.metric('wardwatch_broker_connections{login="no"}')).toBe(0),
      { timeout: 30_000, interval: 500 },
    );
    // The attacker learns of its last closed ones, and says so, after central has counted them.
    await vi.waitFor(() => expect(attack?.stats.open).toBe(0), { timeout: 10_000, interval: 100 });
  });

  it('are refused before they cost a handshake while they come again and again', async () => {
    await attack?.end();
    attack = Attacker.start(city.central.brokerUrl, {
      localAddress: ADDRESS,
      count: 500,
      opensPerS: 2_000,
      reopen: true,
    });
    const witness = await city.goodAgent();
    expect(await connectMs(GATEWAYS[2], '127.0.2.2')).toBeLessThan(CONNECTS_WITHIN_MS);
    await witness.expectUnharmed();
  });

  it('are counted, and their address is named', async () => {
    expect(await city.central.metric('wardwatch_broker_refused{kind="connection"}')).toBeGreaterThan(1_000);
    const lines = city.central.log.split('\n').filter((line) => line.includes(ADDRESS));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(40);
  });
});

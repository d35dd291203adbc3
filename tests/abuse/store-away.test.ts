import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import type { GoodAgent } from '../support/good-agent.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { UnrulyProxy } from '../support/unruly-proxy.ts';

const AWAY_MS = abuseScale(20_000, 600_000);

describeWith(['influxd'], 'the store is away', () => {
  let influx: InfluxServer;
  let proxy: UnrulyProxy;
  let city: City;
  let witnesses: GoodAgent[];

  beforeAll(async () => {
    influx = await startInflux();
    proxy = await UnrulyProxy.before(influx.url);
    const store = { kind: 'influx', url: proxy.url, timeoutMs: 1_000 };
    city = await startCity('store-away', { store });
    witnesses = await Promise.all([city.goodAgent(), city.goodAgent()]);
    for (const witness of witnesses) await witness.expectUnharmed();
  });
  afterAll(async () => {
    await city.stop();
    await proxy.stop();
    await influx.stop();
  });

  async function activeRules(): Promise<readonly string[]> {
    const { items } = await city.central.get<{ items: { rule: string }[] }>('/api/v1/alerts?state=active');
    return items.map(({ rule }) => rule);
  }

  async function pipeline(): Promise<Readonly<Record<string, unknown>>> {
    type Latest = { rows: { fields: Record<string, unknown> }[] };
    const { rows } = await city.central.get<Latest>('/api/v1/latest?measurement=pipeline');
    return rows[0]?.fields ?? {};
  }

  it(
    'samples go on being judged, and everything says loudly that nothing is stored',
    { timeout: AWAY_MS + 120_000 },
    async () => {
      const awayFromMs = performance.now();
      proxy.mode = 'breaks off';
      await vi.waitFor(async () => expect((await city.central.fetch('/readyz')).status).toBe(503), 20_000);
      for (const witness of witnesses) witness.startAnew();
      // The promise is about time that passes, so that there is no event to wait for.
      await new Promise((resolve) => setTimeout(resolve, awayFromMs + AWAY_MS - performance.now()));
      for (const witness of witnesses) {
        await witness.expectAlertsInTime();
        expect(witness.agent.flows.at(-1)).toBe('live-only');
        expect(witness.agent.stored.has(witness.agent.sentBatches)).toBe(false);
      }

      const answer = await city.central.fetch('/readyz');
      expect(answer.status).toBe(503);
      const storeCheck = { name: 'store', ok: false, detail: expect.stringMatching(/not stored/) as string };
      const alertCheck = { name: 'alerts', ok: true };
      expect(await answer.json()).toMatchObject({
        ready: false,
        checks: expect.arrayContaining([
          expect.objectContaining(storeCheck),
          expect.objectContaining(alertCheck),
        ]) as unknown[],
      });
      await vi.waitFor(async () => {
        expect(await pipeline()).toMatchObject({ store_available: false, flow: 'live-only' });
        expect(await activeRules()).toContain('central_store_away');
      }, 25_000);
      const page = await (await city.central.fetch('/plain')).text();
      expect(page).toMatch(/have not been stored for .*Completeness is unknown/s);
      // An alert of the judged samples may well say 100 %; the figure of completeness may not.
      const completeness = /<b>([^<]*)<\/b><span>Độ đầy đủ<\/span>/.exec(page)?.[1];
      expect(completeness).toBe('?');
    },
  );

  it('and when it is back everything is stored, and nothing was lost', async () => {
    proxy.mode = 'pass';
    for (const witness of witnesses) await witness.untilAcknowledged();
    await vi.waitFor(async () => expect((await city.central.fetch('/readyz')).status).toBe(200), 20_000);
    for (const witness of witnesses) witness.startAnew();
    for (const witness of witnesses) await witness.expectUnharmed();
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { contractBatch, writeTo } from '../../central/store/contract/fixture.ts';
import { CONTRACT_CATALOGUE, contractQuery } from '../../central/store/contract/sample-store.contract.ts';
import { createInfluxStore } from '../../central/store/influx/store.ts';
import { StoreUnavailableError, type SampleStore } from '../../central/store/sample-store.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { CentralProgram } from '../support/central-program.ts';
import { FriendlyEngine } from '../support/friendly-engine.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { UnrulyProxy } from '../support/unruly-proxy.ts';

const { signal } = new AbortController();
const START = Date.now() - 60_000;

describeWith(['influxd'], 'a store that speaks the API of InfluxDB and is none', () => {
  let influx: InfluxServer;
  let engine: FriendlyEngine;
  let proxy: UnrulyProxy;
  let store: SampleStore;

  beforeAll(async () => {
    influx = await startInflux();
  });
  afterAll(async () => {
    await influx.stop();
  });
  beforeEach(async () => {
    engine = await FriendlyEngine.start('1.8.0');
    proxy = await UnrulyProxy.before(influx.url);
  });
  afterEach(async () => {
    await store.close();
    await proxy.stop();
    await engine.stop();
  });

  function storeAt(url: string): SampleStore {
    store = createInfluxStore({
      url,
      database: 'city',
      catalogue: CONTRACT_CATALOGUE,
      log: silentLogger,
      timeoutMs: 5_000,
      now: Date.now,
    });
    return store;
  }

  const batch = (seq: number) => contractBatch(seq, [{ timeMs: START + seq, ratio: seq }]);

  it('is refused at opening: the error names its address, what was expected and what was found', async () => {
    await expect(storeAt(engine.url).open(signal)).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      limit: 'not InfluxDB 1.x',
      message: expect.stringMatching(
        new RegExp(`${engine.url}.*expected the probe point .*9007199254740993.*found \\[\\]`),
      ) as string,
    });
  });

  it.each([
    ['2.7.1', 'v2.7.1'],
    ['3.0.0', '3.0.0'],
    ['nothing', undefined],
  ])('is refused at opening when it calls itself %s', async (_name, version) => {
    const other = await FriendlyEngine.start(version);
    await expect(storeAt(other.url).open(signal)).rejects.toMatchObject({
      message: expect.stringContaining(
        `expected X-Influxdb-Version: 1.x, found ${version ?? 'no such header'}`,
      ) as string,
    });
    await other.stop();
  });

  it('is refused when nobody opened it before the first write', async () => {
    await expect(writeTo(storeAt(engine.url), [batch(1)])).rejects.toMatchObject({
      limit: 'not InfluxDB 1.x',
    });
  });

  it('in the place of a real one after a restart: nothing that it takes is acknowledged', async () => {
    storeAt(proxy.url);
    await store.open(signal);
    expect(await writeTo(store, [batch(1)])).toEqual([]);
    proxy.leadTo(engine.url);
    // Its connections are gone, too.
    await expect(writeTo(store, [batch(2)])).rejects.toThrow(StoreUnavailableError);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(writeTo(store, [batch(2)])).rejects.toMatchObject({ limit: 'not InfluxDB 1.x' });
    }
    proxy.leadTo(influx.url);
    await expect(writeTo(store, [batch(2)])).rejects.toThrow(StoreUnavailableError);
    expect(await writeTo(store, [batch(2)])).toEqual([]);
    const { series } = await store.query(contractQuery({ fromMs: START, toMs: START + 60_000 }), signal);
    expect(series.flatMap(({ points }) => points)).toEqual([
      [START + 1, 1],
      [START + 2, 2],
    ]);
  });
});

describeWith(['influxd'], 'central with a store that is no InfluxDB', () => {
  it('starts, judges, acknowledges nothing, raises an alarm that says so; with a real one everything is stored', async () => {
    const directory = temporaryDirectory('no-influx');
    const influx = await startInflux();
    const engine = await FriendlyEngine.start('1.8.0');
    const proxy = await UnrulyProxy.before(engine.url);
    const central = await CentralProgram.start({
      directory: directory.path,
      agents: ['gw-1'],
      store: { kind: 'influx', url: proxy.url },
    });
    try {
      const agent = await RawAgent.connect(central.brokerUrl, 'gw-1');
      const seq = agent.send([
        { measurement: 'ping', tags: { url: 'a' }, fields: { average_response_ms: 1 }, timeMs: Date.now() },
      ]);
      await vi.waitFor(async () => {
        const { items } = await central.get<{ items: { rule: string; value: unknown }[] }>(
          '/api/v1/alerts?limit=100',
        );
        expect(items.filter(({ rule }) => rule === 'central_store_limit')).toMatchObject([
          { value: 'not InfluxDB 1.x' },
        ]);
      }, 60_000);
      expect(await (await central.fetch('/readyz')).text()).toContain('not InfluxDB 1.x');
      expect(await central.metric('wardwatch_stored_points_total')).toBe(0);
      expect(agent.stored.size).toBe(0);

      proxy.leadTo(influx.url);
      await agent.untilStored(seq);
      agent.end();
    } finally {
      await central.end('SIGKILL');
      await proxy.stop();
      await engine.stop();
      await influx.stop();
      directory.remove();
    }
  });
});

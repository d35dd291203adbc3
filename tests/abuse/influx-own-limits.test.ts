import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, afterAll, expect, it, vi } from 'vitest';
import { contractBatch, writeTo, type Point } from '../../central/store/contract/fixture.ts';
import { CONTRACT_CATALOGUE, contractQuery } from '../../central/store/contract/sample-store.contract.ts';
import { createInfluxStore } from '../../central/store/influx/store.ts';
import {
  StoreLimitError,
  StoreUnavailableError,
  type SampleStore,
} from '../../central/store/sample-store.ts';
import type { SampleBatch } from '../../central/samples/sample-table.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { CentralProgram } from '../support/central-program.ts';
import { runOnInflux, startInflux, type InfluxOptions, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';

const { signal } = new AbortController();
const START = Date.now() - 3_600_000;

describeWith(['influxd'], "limits of InfluxDB's own are never the data's fault", () => {
  let influx: InfluxServer;
  let store: SampleStore;

  afterEach(async () => {
    await store.close();
    await influx.stop();
  });

  async function begin(options: InfluxOptions, credentials: object = {}): Promise<void> {
    influx = await startInflux(options);
    store = createInfluxStore({
      url: influx.url,
      database: 'limited',
      catalogue: CONTRACT_CATALOGUE,
      log: silentLogger,
      timeoutMs: 10_000,
      now: Date.now,
      ...credentials,
    });
  }

  const ask = async (q: string): Promise<string> =>
    (await fetch(`${influx.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })).text();

  const series = (seq: number, labels: readonly string[], at = START): SampleBatch =>
    contractBatch(
      seq,
      labels.map((label, index): Point => ({ label, timeMs: at + 100 * seq + index, ratio: seq })),
    );

  async function storedPoints(): Promise<number> {
    const query = contractQuery({ fromMs: 0, toMs: START + 86_400_000, maxPoints: 1_000_000 });
    const { series: found } = await store.query(query, signal);
    return found.reduce((sum, { points }) => sum + points.length, 0);
  }

  async function limitOf(batches: readonly SampleBatch[]): Promise<StoreUnavailableError> {
    const error: unknown = await writeTo(store, batches).catch((reason: unknown) => reason);
    if (!(error instanceof StoreUnavailableError)) throw new Error(`no limit met: ${String(error)}`);
    return error;
  }

  const heldSeqs = (error: unknown): number[] =>
    error instanceof StoreLimitError ? [...error.held].map(({ seq }) => seq) : [];

  const labels = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, at) => `line-${from + at}`);

  it('max-series-per-database: the batches with new series are held, all others are stored', async () => {
    await begin({ data: { 'max-series-per-database': 30 } });
    await store.open(signal);
    expect(await writeTo(store, [series(1, labels(0, 20))])).toEqual([]);

    const known = [2, 3, 4, 6, 7].map((seq) => series(seq, labels(0, 20)));
    const error = await limitOf([...known, series(5, labels(100, 20)), series(8, labels(0, 20))]);

    expect(error).toMatchObject({ limit: 'series', rejections: [] });
    expect(heldSeqs(error)).toEqual([5]);
    influx.configure({ 'max-series-per-database': 100_000 });
    await influx.restart();
    expect(await writeTo(store, [series(5, labels(100, 20))])).toEqual([]);
    expect(await storedPoints()).toBe(8 * 20);
  });

  it('max-values-per-tag: likewise', async () => {
    await begin({ data: { 'max-values-per-tag': 25 } });
    await store.open(signal);
    expect(await writeTo(store, [series(1, labels(0, 20))])).toEqual([]);
    // InfluxDB counts the values before it adds those of a request.
    expect(await writeTo(store, [series(2, labels(50, 20))])).toEqual([]);
    const error = await limitOf([series(3, labels(0, 20)), series(4, labels(100, 20))]);
    expect(error).toMatchObject({ limit: 'tag values' });
    expect(heldSeqs(error)).toEqual([4]);
    influx.configure({ 'max-values-per-tag': 0 });
    await influx.restart();
    expect(await writeTo(store, [series(4, labels(100, 20))])).toEqual([]);
    expect(await storedPoints()).toBe(4 * 20);
  });

  it('a retention policy shorter than what is sent: old batches are held, new ones are stored', async () => {
    await begin({});
    await store.open(signal);
    await ask('ALTER RETENTION POLICY autogen ON limited DURATION 24h SHARD DURATION 1h');
    const old = START - 7 * 86_400_000;
    const error = await limitOf([
      series(1, labels(0, 5)),
      series(2, labels(0, 5), old),
      series(3, labels(0, 5)),
    ]);
    expect(error).toMatchObject({ limit: 'retention policy' });
    expect(heldSeqs(error)).toEqual([2]);
    expect(await storedPoints()).toBe(10);
    await ask('ALTER RETENTION POLICY autogen ON limited DURATION INF SHARD DURATION 7d');
    expect(await writeTo(store, [series(2, labels(0, 5), old)])).toEqual([]);
    expect(await storedPoints()).toBe(15);
  });

  it('a limit and a type conflict in one request: only the row of the conflict is refused', async () => {
    await begin({ data: { 'max-series-per-database': 12 } });
    await store.open(signal);
    const line = `probe,agent=a1,label=line-0 note=1i ${START}000000`;
    await fetch(`${influx.url}/write?db=limited`, { method: 'POST', body: line });
    await writeTo(store, [series(1, labels(0, 5))]);
    const conflict = contractBatch(2, [
      { label: 'line-0', timeMs: START + 1, ratio: 1, note: 'text' },
      { label: 'line-1', timeMs: START + 1, ratio: 1 },
    ]);

    const error = await limitOf([conflict, series(3, labels(100, 20)), series(4, labels(0, 5))]);

    expect(error).toMatchObject({ limit: 'series' });
    expect(heldSeqs(error)).toEqual([3]);
    const rejections = error instanceof StoreLimitError ? error.rejections : [];
    expect(rejections).toMatchObject([{ seq: 2, row: 0 }]);
    expect(rejections[0]?.reason).toContain('field type conflict');
    expect(await storedPoints()).toBeGreaterThanOrEqual(5 + 1 + 5);
  });

  it('cache-max-memory-size: nothing is refused', async () => {
    await begin({ data: { 'cache-max-memory-size': 60_000 } });
    await store.open(signal);
    let error: unknown;
    for (let seq = 1; seq < 200 && error === undefined; seq++) {
      error = await writeTo(store, [series(seq, labels(0, 200))]).then(
        () => undefined,
        (reason: unknown) => reason,
      );
    }
    expect(error).toMatchObject({ name: 'StoreUnavailableError', limit: 'write cache' });
  });

  it('a database that somebody drops is made again, and one that must not be made is named', async () => {
    await begin({});
    await store.open(signal);
    await ask('DROP DATABASE limited');
    expect(await writeTo(store, [series(1, labels(0, 5))])).toEqual([]);
    expect(await storedPoints()).toBe(5);
  });

  it('rights that are taken away: nothing is refused', async () => {
    await begin({ authEnabled: true }, { username: 'central', password: 'right' });
    const asAdmin = (statement: string): Promise<void> =>
      runOnInflux(influx.url, statement, { u: 'admin', p: 'right' });
    await ask(`CREATE USER admin WITH PASSWORD 'right' WITH ALL PRIVILEGES`);
    await asAdmin('CREATE DATABASE limited');
    await asAdmin(`CREATE USER central WITH PASSWORD 'right'`);
    await asAdmin('GRANT ALL ON limited TO central');
    await store.open(signal);
    expect(await writeTo(store, [series(1, labels(0, 5))])).toEqual([]);
    await asAdmin('REVOKE ALL ON limited FROM central');
    expect(await limitOf([series(2, labels(0, 5))])).toMatchObject({ limit: 'access' });
    await asAdmin(`SET PASSWORD FOR central = 'another'`);
    expect(await limitOf([series(2, labels(0, 5))])).toMatchObject({ limit: 'access' });
    await asAdmin(`SET PASSWORD FOR central = 'right'`);
    await asAdmin('GRANT ALL ON limited TO central');
    expect(await writeTo(store, [series(2, labels(0, 5))])).toEqual([]);
    expect(await storedPoints()).toBe(10);
  });

  it('a disk that can only be read: nothing is refused', async (context) => {
    await begin({});
    await store.open(signal);
    expect(await writeTo(store, [series(1, labels(0, 5))])).toEqual([]);
    const wal = join(influx.dataDirectory, 'wal');
    const mount = spawnSync('mount', ['--bind', wal, wal]);
    const isReadOnly = mount.status === 0 && spawnSync('mount', ['-o', 'remount,bind,ro', wal]).status === 0;
    try {
      if (!isReadOnly) return context.skip('a directory can only be made read-only as root');
      // The file that is open already stays writable: a new shard needs a new one.
      const error = await limitOf([series(2, labels(0, 5), START - 30 * 86_400_000)]);
      expect(error).toMatchObject({ limit: 'disk' });
    } finally {
      spawnSync('umount', [wal]);
      if (mount.status === 0 && isReadOnly) spawnSync('umount', [wal]);
    }
    await vi.waitFor(async () => {
      expect(await writeTo(store, [series(2, labels(0, 5), START - 30 * 86_400_000)])).toEqual([]);
    }, 20_000);
  });
});

describeWith(['influxd'], 'central, when one agent meets a limit of InfluxDB', () => {
  const AGENTS = ['gw-26734-01', 'gw-26737-01'];
  const directory = temporaryDirectory('influx-limits');
  let influx: InfluxServer;
  let central: CentralProgram;
  let agents: RawAgent[];

  beforeAll(async () => {
    // Room for the series of central's own, and for some of the agents'.
    influx = await startInflux({ data: { 'max-series-per-database': 40 } });
    central = await CentralProgram.start({
      directory: directory.path,
      agents: AGENTS,
      store: { kind: 'influx', url: influx.url, timeoutMs: 2_000 },
    });
    agents = await Promise.all(AGENTS.map((name) => RawAgent.connect(central.brokerUrl, name)));
  });
  afterAll(async () => {
    for (const agent of agents) agent.end();
    await central.end('SIGKILL');
    await influx.stop();
    directory.remove();
  });

  const pings = (count: number, label: string): Parameters<RawAgent['send']>[0] =>
    Array.from({ length: count }, (_, at) => ({
      measurement: 'ping',
      tags: { url: `${label}-${at}` },
      fields: { average_response_ms: at },
      timeMs: Date.now(),
    }));

  async function firing(rule: string): Promise<readonly { readonly value?: unknown }[]> {
    const { items } = await central.get<{ items: { rule: string; value?: unknown }[] }>(
      '/api/v1/alerts?limit=100',
    );
    return items.filter((alert) => alert.rule === rule);
  }

  it('holds its batches, stores those of the others, raises an alarm that names the limit, and stores all later', async () => {
    const [greedy, modest] = agents as [RawAgent, RawAgent];
    await modest.untilStored(modest.send(pings(3, 'modest')));
    const seq = greedy.send(pings(200, 'greedy'));
    await vi.waitFor(
      async () => expect(await firing('central_store_limit')).toMatchObject([{ value: 'series' }]),
      60_000,
    );
    for (let count = 0; count < 5; count++) await modest.untilStored(modest.send(pings(3, 'modest')));
    expect(greedy.stored.has(seq)).toBe(false);
    expect(greedy.refused).toEqual([]);
    const ready = await central.fetch('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('series');

    influx.configure({ 'max-series-per-database': 0 });
    await influx.restart();
    await greedy.untilStored(seq);
    expect(greedy.refused).toEqual([]);
    expect(await central.ledgerOf(greedy.name)).toMatchObject({ refusedPoints: 0, storedPoints: 200 });
  });
});

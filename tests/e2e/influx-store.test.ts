import { writeTo } from '../../central/store/contract/fixture.ts';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInfluxStore } from '../../central/store/influx/store.ts';
import {
  CONTRACT_CATALOGUE,
  contractBatch,
  contractQuery,
  describeSampleStore,
} from '../../central/store/contract/sample-store.contract.ts';
import { StoreUnavailableError, type SampleStore } from '../../central/store/sample-store.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { runOnInflux, startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';

describeWith(['influxd'], 'a real InfluxDB', () => {
  const START = 1_790_000_040_000;
  const { signal } = new AbortController();
  let influx: InfluxServer;
  let databases = 0;
  const opened: SampleStore[] = [];

  beforeAll(async () => {
    influx = await startInflux();
  });
  afterAll(async () => {
    await influx.stop();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  function storeAt(url: string, options: { timeoutMs?: number; database?: string } = {}): SampleStore {
    const store = createInfluxStore({
      url,
      database: options.database ?? `test "${++databases}"`,
      catalogue: CONTRACT_CATALOGUE,
      log: silentLogger,
      timeoutMs: options.timeoutMs ?? 10_000,
      now: Date.now,
    });
    opened.push(store);
    return store;
  }

  async function openStore(): Promise<SampleStore> {
    const store = storeAt(influx.url);
    await store.open(signal);
    return store;
  }

  async function ask(statement: string, database = ''): Promise<string> {
    const body = new URLSearchParams({ q: statement, db: database });
    return await (await fetch(`${influx.url}/query`, { method: 'POST', body })).text();
  }

  function rowsFrom(start: number, count: number): { timeMs: number; ratio: number }[] {
    return Array.from({ length: count }, (_, index) => ({ timeMs: start + index, ratio: index }));
  }

  async function countOf(store: SampleStore): Promise<unknown> {
    const query = contractQuery({ aggregate: 'count', everyMs: 86_400_000, toMs: START + 86_400_000 });
    const { series } = await store.query(query, signal);
    return series.flatMap((one) => one.points).reduce((sum, [, value]) => sum + Number(value), 0);
  }

  describeSampleStore('InfluxDB', openStore);

  describe('InfluxDB', () => {
    it('refuses only the rows whose field has another type in the database', async () => {
      const store = storeAt(influx.url, { database: 'typed' });
      await store.open(signal);
      await fetch(`${influx.url}/write?db=typed`, { method: 'POST', body: `probe note=1i ${START}000000` });
      const batches = Array.from({ length: 20 }, (_, index) =>
        contractBatch(index, [
          { timeMs: START + index * 2, ratio: 1 },
          { timeMs: START + index * 2 + 1, ratio: 1, ...(index % 7 === 3 && { note: 'text' }) },
        ]),
      );

      const rejections = await writeTo(store, batches);

      expect(rejections.map(({ seq, row }) => [seq, row])).toEqual([
        [3, 1],
        [10, 1],
        [17, 1],
      ]);
      expect(rejections[0]?.reason).toContain('type conflict');
      expect(await countOf(store)).toBe(37);
    });

    it('creates the database again after it was dropped', async () => {
      const store = storeAt(influx.url, { database: 'dropped' });
      await store.open(signal);
      await ask('DROP DATABASE dropped');
      await expect(store.query(contractQuery(), signal)).rejects.toThrow(StoreUnavailableError);

      expect(await writeTo(store, [contractBatch(1, rowsFrom(START, 3))])).toEqual([]);

      expect(await countOf(store)).toBe(3);
    });

    it('takes more rows at once than fit into one request', async () => {
      const store = await openStore();
      expect(await writeTo(store, [contractBatch(1, rowsFrom(START, 12_001))])).toEqual([]);
      expect(await countOf(store)).toBe(12_001);
    });

    it.each([10_000, 10_001, 20_000, 25_000])(
      'gives %i points of one series whole, not cut short',
      async (count) => {
        const store = await openStore();
        await writeTo(store, [contractBatch(1, rowsFrom(START, count))]);
        const { series, truncated } = await store.query(contractQuery({ maxPoints: 1_000_000 }), signal);
        expect(series.map(({ points }) => points.length)).toEqual([count]);
        expect(truncated).toBe(false);
        const cut = await store.query(contractQuery({ maxPoints: count - 1 }), signal);
        expect(cut.truncated).toBe(true);
      },
    );

    it('killed during writes and started again, has every row once when all are written again', async () => {
      const store = await openStore();
      const batches = Array.from({ length: 60 }, (_, seq) =>
        contractBatch(seq, rowsFrom(START + seq * 1_000, 1_000)),
      );
      const outcomes: unknown[] = [];
      for (const [index, batch] of batches.entries()) {
        const written = writeTo(store, [batch]).then(
          () => true,
          (error: unknown) => error,
        );
        if (index === 20) await influx.kill('SIGKILL');
        outcomes.push(await written);
      }
      expect(outcomes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => true));
      for (const outcome of outcomes.slice(21)) expect(outcome).toBeInstanceOf(StoreUnavailableError);
      await expect(store.open(signal)).rejects.toThrow(StoreUnavailableError);

      await influx.restart();
      expect(await writeTo(store, batches)).toEqual([]);

      expect(await countOf(store)).toBe(60_000);
    });
  });

  describe('InfluxDB with authentication', () => {
    it('works with the right password, and is unavailable with a wrong one', async () => {
      const server = await startInflux({ authEnabled: true });
      try {
        await runOnInflux(server.url, `CREATE USER admin WITH PASSWORD 'right' WITH ALL PRIVILEGES`);
        const common = { url: server.url, database: 'city', catalogue: CONTRACT_CATALOGUE };
        const rest = { log: silentLogger, timeoutMs: 10_000, now: Date.now, username: 'admin' };
        const right = createInfluxStore({ ...common, ...rest, password: 'right' });
        const wrong = createInfluxStore({ ...common, ...rest, password: 'wrong' });
        opened.push(right, wrong);

        await right.open(signal);
        expect(await writeTo(right, [contractBatch(1, rowsFrom(START, 2))], signal)).toEqual([]);
        expect(await countOf(right)).toBe(2);
        await expect(wrong.open(signal)).rejects.toThrow(StoreUnavailableError);
        const write = writeTo(wrong, [contractBatch(1, rowsFrom(START, 2))], signal);
        await expect(write).rejects.toThrow(StoreUnavailableError);
        await expect(write).rejects.not.toThrow(/wrong/);
      } finally {
        await server.stop();
      }
    });
  });

  describe('a server that misbehaves', () => {
    const closers: (() => void)[] = [];
    afterEach(() => {
      for (const close of closers.splice(0)) close();
    });

    async function serve(listener: RequestListener): Promise<string> {
      const server = createServer(listener).listen(0, '127.0.0.1');
      closers.push(() => {
        server.closeAllConnections();
        server.close();
      });
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    const batch = contractBatch(1, rowsFrom(START, 4));

    it.each<[string, RequestListener]>([
      ['answers 500', (_, response) => response.writeHead(500).end('{"error":"timeout"}')],
      ['answers 503 with a page', (_, response) => response.writeHead(503).end('<html>')],
      ['answers 200 with garbage', (_, response) => response.writeHead(200).end('\u0000garbage')],
      ['answers 200 with another JSON', (_, response) => response.writeHead(200).end('{"results":3}')],
      ['answers 400 with a page', (_, response) => response.writeHead(400).end('<h1>Bad Request</h1>')],
      ['answers 404 with a page', (_, response) => response.writeHead(404).end('<h1>Not Found</h1>')],
      ['never answers', () => undefined],
      ['stops half-way', (_, response) => response.writeHead(200, { 'content-length': 99 }).write('{')],
      ['cuts the connection', (request) => request.socket.destroy()],
    ])('that %s is unavailable', async (_, listener) => {
      const store = storeAt(await serve(listener), { timeoutMs: 300 });

      await expect(store.open(signal)).rejects.toThrow(StoreUnavailableError);
      await expect(writeTo(store, [batch])).rejects.toThrow(StoreUnavailableError);
      await expect(store.query(contractQuery(), signal)).rejects.toThrow(StoreUnavailableError);
    });

    it('is unavailable at once when the signal aborts', async () => {
      const store = storeAt(await serve(() => undefined), { timeoutMs: 60_000 });
      const controller = new AbortController();
      const write = writeTo(store, [batch], controller.signal);
      controller.abort();
      await expect(write).rejects.toThrow(StoreUnavailableError);
    });

    /** A server that is InfluxDB but for what it does with the lines of a write. */
    function serveWrites(onWrite: (body: string) => { status: number; body?: string }): Promise<string> {
      return serve((request, response) => {
        void (async () => {
          let body = '';
          for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
          const url = `${influx.url}${request.url ?? ''}`;
          const contentType = request.headers['content-type'] ?? '';
          const isLines = request.url?.startsWith('/write') === true && !body.startsWith('wardwatch_probe');
          const passed = await fetch(isLines ? `${influx.url}/ping` : url, {
            method: 'POST',
            headers: { 'content-type': contentType },
            ...(!isLines && { body }),
          });
          response.setHeader('x-influxdb-version', passed.headers.get('x-influxdb-version') ?? '');
          const answer = isLines ? onWrite(body) : { status: passed.status, body: await passed.text() };
          response.writeHead(answer.status).end(answer.body);
        })();
      });
    }

    it('that refuses every line leads to a rejection of each, with its reason', async () => {
      const url = await serveWrites(() => ({ status: 400, body: '{"error":"unable to parse"}' }));
      const rejections = await writeTo(storeAt(url), [batch], signal);
      expect(rejections).toEqual(
        [0, 1, 2, 3].map((row) => ({ agent: 'a1', epoch: 'e1', seq: 1, row, reason: 'unable to parse' })),
      );
    });

    it('that refuses for a reason that is not known to be of the data is unavailable', async () => {
      const url = await serveWrites(() => ({ status: 400, body: '{"error":"the moon is full"}' }));
      await expect(writeTo(storeAt(url), [batch], signal)).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        limit: 'unknown refusal',
      });
    });

    it('that accepts only small bodies gets small ones', async () => {
      const received = new Set<string>();
      const url = await serveWrites((body) => {
        const lines = body.split('\n').filter((line) => line !== '');
        if (lines.length > 10) return { status: 413, body: '{"error":"Request Entity Too Large"}' };
        for (const line of lines) received.add(line);
        return { status: 204 };
      });

      expect(await writeTo(storeAt(url), [contractBatch(1, rowsFrom(START, 100))], signal)).toEqual([]);
      expect(received.size).toBe(100);
    });
  });
});

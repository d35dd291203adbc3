import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { CentralProgram } from '../support/central-program.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { UnrulyProxy, type ProxyMode } from '../support/unruly-proxy.ts';
import { describeWith } from '../support/parts.ts';

describeWith(['influxd'], 'central before an InfluxDB', () => {
  const WAIT_MS = 30_000;

  let scratch: TemporaryDirectory;
  let influx: InfluxServer;
  let proxy: UnrulyProxy;
  let central: CentralProgram;
  let agent: RawAgent;
  let sent = 0;

  beforeAll(async () => {
    scratch = temporaryDirectory('failing-store');
    influx = await startInflux();
    proxy = await UnrulyProxy.before(influx.url);
    central = await CentralProgram.start({
      directory: scratch.path,
      agents: ['gw-1'],
      store: { kind: 'influx', url: proxy.url, timeoutMs: 1_000 },
    });
    agent = await RawAgent.connect(central.brokerUrl, 'gw-1');
  });
  afterAll(async () => {
    agent.end();
    await central.end('SIGKILL');
    await proxy.stop();
    await influx.stop();
    scratch.remove();
  });

  function nextSample(more: Sample['fields'] = {}): Sample {
    const fields = { average_response_ms: ++sent, ...more };
    return { measurement: 'ping', tags: { device: 'n-1' }, fields, timeMs: Date.now() + sent };
  }

  async function ask(statement: string): Promise<string> {
    const body = new URLSearchParams({ q: statement, db: 'wardwatch' });
    return (await fetch(`${influx.url}/query`, { method: 'POST', body })).text();
  }

  async function storedValues(): Promise<number[]> {
    const answer = JSON.parse(await ask('SELECT average_response_ms FROM ping')) as {
      results: { series?: { values: [string, number][] }[] }[];
    };
    return answer.results[0]?.series?.[0]?.values.map(([, value]) => value) ?? [];
  }

  describe('a store that fails', () => {
    it.each<[ProxyMode]>([['answers 500'], ['answers nothing'], ['breaks off'], ['loses the answer']])(
      'and %s costs nothing: no acknowledgement meanwhile, everything once afterwards',
      async (mode) => {
        await agent.untilStored(agent.send([nextSample()]));
        proxy.mode = mode;
        const seqs = [1, 2, 3].map(() => agent.send([nextSample()]));
        await vi.waitFor(async () => {
          expect((await central.fetch('/readyz')).status).toBe(503);
        }, WAIT_MS);
        expect(proxy.met.get(mode)).toBeGreaterThan(0);
        expect(seqs.filter((seq) => agent.stored.has(seq))).toEqual([]);
        expect((await central.fetch('/healthz')).status).toBe(200);
        const metrics = await (await central.fetch('/metrics')).text();
        expect(metrics).toMatch(/^wardwatch_store_failures_total [1-9]/m);

        proxy.mode = 'pass';
        for (const seq of seqs) await agent.untilStored(seq);
        expect((await central.fetch('/readyz')).status).toBe(200);
        expect(await storedValues()).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
      },
      WAIT_MS,
    );

    it('and answers 400 for one row refuses that row alone, with its reason in the API', async () => {
      await fetch(`${influx.url}/write?db=wardwatch`, { method: 'POST', body: 'ping ttl="a text"' });
      const before = sent;
      const samples = [nextSample(), nextSample({ ttl: 64 }), nextSample()];
      await agent.untilStored(agent.send(samples));
      await vi.waitFor(async () => {
        type Page = { items: { reason: string; row: number }[] };
        const { items } = await central.get<Page>('/api/v1/quarantine?agent=gw-1&limit=10');
        expect(items).toMatchObject([{ row: 1, reason: expect.stringContaining('type conflict') as string }]);
      }, WAIT_MS);
      expect(agent.refused).toMatchObject([{ rows: [1] }]);
      expect((await storedValues()).slice(before)).toEqual([before + 1, before + 3]);
    });

    it('has cost nothing in the end: the ledger is complete, and central stops as asked', async () => {
      type Ledger = { items: { completeness: number; missing: unknown[]; storedPoints: number }[] };
      const { items } = await central.get<Ledger>('/api/v1/ledger');
      expect(items).toMatchObject([{ completeness: 1, missing: [], storedPoints: sent - 1 }]);
      expect(await central.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    });
  });
});

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { CentralProgram } from '../support/central-program.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { UnrulyProxy, type ProxyMode } from '../support/unruly-proxy.ts';

const AGENTS = ['gw-26734-01', 'gw-26737-01'];
const SERIES = ['line-a', 'line-b', 'line-c'];
const BATCH_EVERY_MS = 25;
const WAIT_MS = 60_000;
const firstMs = Date.now() - 3_600_000;

/** An agent that sends without a pause: each batch has one row per series, whose value is the batch's seq. */
class Sender {
  readonly agent: RawAgent;
  readonly #timer: NodeJS.Timeout;

  constructor(agent: RawAgent) {
    this.agent = agent;
    this.#timer = setInterval(() => this.send(), BATCH_EVERY_MS);
  }

  send(extra: readonly Sample[] = []): number {
    const seq = this.agent.sentBatches + 1;
    const timeMs = firstMs + seq * 1_000;
    const fields = { average_response_ms: seq };
    const samples = SERIES.map((url): Sample => ({ measurement: 'ping', tags: { url }, fields, timeMs }));
    return this.agent.send([...samples, ...extra]);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

describeWith(['influxd'], 'central, when its InfluxDB', () => {
  let directory: TemporaryDirectory;
  let influx: InfluxServer;
  let proxy: UnrulyProxy;
  let central: CentralProgram;
  let senders: Sender[];

  beforeAll(async () => {
    directory = temporaryDirectory('failing-store');
    influx = await startInflux();
    proxy = await UnrulyProxy.before(influx.url);
    proxy.mode = 'answers 500';
    const store = { kind: 'influx', url: proxy.url, timeoutMs: 500 };
    central = await CentralProgram.start({ directory: directory.path, agents: AGENTS, store });
    const agents = await Promise.all(AGENTS.map((name) => RawAgent.connect(central.brokerUrl, name)));
    senders = agents.map((agent) => new Sender(agent));
  });
  afterAll(async () => {
    for (const sender of senders) {
      sender.stop();
      sender.agent.end();
    }
    await central.end('SIGKILL');
    await proxy.stop();
    await influx.stop();
    directory.remove();
  });

  /** Reads from InfluxDB directly, without the proxy. */
  async function rows(statement: string): Promise<(string | number)[][]> {
    const form = new URLSearchParams({ db: 'wardwatch', epoch: 'ms', q: statement });
    const answer = await fetch(`${influx.url}/query`, { method: 'POST', body: form });
    type Answer = { results: { series?: { values: (string | number)[][] }[] }[] };
    return ((await answer.json()) as Answer).results[0]?.series?.[0]?.values ?? [];
  }

  async function storedSeqs(agent: string, url: string): Promise<number[]> {
    const where = `agent='${agent}' AND url='${url}'`;
    const found = await rows(`SELECT average_response_ms FROM ping WHERE ${where}`);
    return found.map(([, value]) => Number(value));
  }

  async function nothingIsAcknowledgedThatIsNotStored(): Promise<void> {
    for (const { agent } of senders) {
      const acknowledged = [...agent.stored];
      for (const url of SERIES) {
        const stored = new Set(await storedSeqs(agent.name, url));
        expect(acknowledged.filter((seq) => !stored.has(seq))).toEqual([]);
      }
    }
  }

  /** Everything sent so far. */
  async function everythingIsAcknowledged(): Promise<void> {
    const sent = senders.map(({ agent }) => agent.sentBatches);
    await vi.waitFor(() => {
      for (const [index, { agent }] of senders.entries()) {
        const all = Array.from({ length: sent[index] ?? 0 }, (_, at) => at + 1);
        expect(all.filter((seq) => !agent.stored.has(seq))).toEqual([]);
      }
    }, WAIT_MS);
  }

  async function isUnwell(): Promise<void> {
    const failures = await central.metric('wardwatch_store_failures_total');
    await vi.waitFor(async () => {
      expect((await central.fetch('/readyz')).status).toBe(503);
      expect(await central.metric('wardwatch_store_failures_total')).toBeGreaterThan(failures);
      expect(await central.metric('wardwatch_store_available')).toBe(0);
      expect(await central.metric('wardwatch_flow_mode{mode="live-only"}')).toBe(1);
      for (const { agent } of senders) expect(agent.flows.at(-1)).toBe('live-only');
    }, WAIT_MS);
    expect((await central.fetch('/healthz')).status).toBe(200);
  }

  async function isWell(): Promise<void> {
    await vi.waitFor(async () => {
      expect((await central.fetch('/readyz')).status).toBe(200);
      expect(await central.metric('wardwatch_store_available')).toBe(1);
      for (const { agent } of senders) expect(agent.flows.at(-1)).toBe('go');
    }, WAIT_MS);
  }

  async function heals(): Promise<void> {
    proxy.mode = 'pass';
    await everythingIsAcknowledged();
    await isWell();
    await nothingIsAcknowledgedThatIsNotStored();
  }

  it('is down while central starts, starts all the same and stores everything later', async () => {
    await isUnwell();
    for (const { agent } of senders) expect([...agent.stored]).toEqual([]);
    await heals();
  });

  it.each<ProxyMode>([
    'answers 400 with a page',
    'answers 500',
    'breaks off',
    'loses the answer',
    'stops in the middle of the answer',
    'answers nothing',
  ])('%s, logs it, takes live data only, and acknowledges nothing that is not stored', async (mode) => {
    proxy.mode = mode;
    await isUnwell();
    const asked = await central.fetch('/api/v1/series?measurement=ping&field=ttl');
    expect(await asked.json()).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
    await nothingIsAcknowledgedThatIsNotStored();
    await heals();
  });

  it('refuses one line for good, stores the others and names the line and the reason', async () => {
    const line = `ping ttl="a text, so that whole numbers are refused" ${firstMs}000000`;
    await fetch(`${influx.url}/write?db=wardwatch`, { method: 'POST', body: line });
    const [sender] = senders;
    const odd: Sample = { measurement: 'ping', tags: { url: 'odd' }, fields: { ttl: 64 }, timeMs: firstMs };
    const seq = sender?.send([odd]);
    await everythingIsAcknowledged();

    const reason = expect.stringContaining('field type conflict') as string;
    expect(sender?.agent.refused).toEqual([{ seq, rows: [SERIES.length], reason }]);
    expect(await central.quarantined('code=store')).toMatchObject([
      { agent: AGENTS[0], seq, row: SERIES.length, reason },
    ]);
    expect(await central.metric('wardwatch_refused_rows{code="store"}')).toBe(1);
  });

  it('works again: every sample is stored exactly once and the ledger is complete', async () => {
    for (const sender of senders) sender.stop();
    await everythingIsAcknowledged();
    for (const { agent } of senders) {
      const { name, sentBatches } = agent;
      const all = Array.from({ length: sentBatches }, (_, index) => index + 1);
      for (const url of SERIES) expect(await storedSeqs(name, url)).toEqual(all);
      const counted = await rows(`SELECT count(seq) FROM ingest_batch WHERE agent='${name}'`);
      expect(counted).toEqual([[0, sentBatches]]);
      expect(await central.ledgerOf(name)).toMatchObject({
        stored: [[1, sentBatches]],
        missing: [],
        declaredLost: [],
        storedPoints: sentBatches * SERIES.length,
        refusedPoints: name === AGENTS[0] ? 1 : 0,
        completeness: 1,
      });
    }
    expect(await central.metric('wardwatch_internal_errors_total')).toBe(0);
    expect(await central.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });
});

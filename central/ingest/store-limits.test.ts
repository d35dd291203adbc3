import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CENTRAL_AGENT } from '../../contract/topics.ts';
import { EPOCH, Workbench } from './testing/workbench.ts';

/** Longer than a store's limit waits to be tried again. */
const RETRY_MS = 16_000;
let bench: Workbench;
let observed: string[];

beforeEach(async () => {
  observed = [];
  bench = new Workbench({
    observers: [{ observe: ({ agent, seq }) => observed.push(`${agent} ${seq}`) }],
    limits: { bufferMaxBytes: 64 * 1024 },
  });
  await bench.ingest.start(new AbortController().signal);
});
afterEach(() => bench.dispose());

async function send(agent: string, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq++) bench.send(agent, seq);
  while (bench.ingest.stats().messageQueueBytes > 0) await bench.clock.advance(0);
  await bench.clock.advance(200);
}

/** The writes that begin from now on wait until it is opened. */
function gate(): { readonly open: () => void } {
  let open = (): void => undefined;
  bench.store.waitFor = new Promise((resolve) => (open = resolve));
  return { open };
}

const acknowledged = (agent: string): number[] =>
  bench
    .acks(agent)
    .flatMap(({ stored }) => stored.flatMap(([from, to]) => (from === to ? [from] : [from, to])));

describe("a limit of the store's own that one agent meets", () => {
  it('holds that agent, refuses nothing of it and lets the others through', async () => {
    bench.store.limitedAgents.add('greedy');
    await send('greedy', 1, 2);
    await send('modest', 1, 3);
    await send('greedy', 3, 4);
    await send('modest', 4, 5);
    expect(acknowledged('greedy')).toEqual([]);
    expect(bench.ledger.entries('modest')).toMatchObject([{ stored: [[1, 5]] }]);
    expect(bench.ingest.stats()).toMatchObject({
      storeLimit: 'series',
      limitedBatches: 4,
      storeAvailable: true,
      flowMode: 'go',
      refusedRows: {},
    });
    await bench.clock.advance(5 * RETRY_MS);
    expect(acknowledged('greedy')).toEqual([]);
    expect(bench.ingest.stats().storeLimit).toBe('series');

    bench.store.limitedAgents.clear();
    await bench.clock.advance(RETRY_MS);
    expect(bench.ledger.entries('greedy')).toMatchObject([{ stored: [[1, 4]], refusedPoints: 0 }]);
    expect(bench.ingest.stats()).toMatchObject({
      storeLimit: undefined,
      limitedBatches: 0,
      bufferBatches: 0,
    });
  });

  it('leaves unacknowledged what another write of that agent stored meanwhile', async () => {
    const first = gate();
    await send('greedy', 1, 1);
    const second = gate();
    await send('greedy', 2, 2);
    bench.store.limitedAgents.add('greedy');
    first.open();
    await bench.clock.advance(0);
    expect(bench.ingest.stats().limitedBatches).toBe(1);
    bench.store.limitedAgents.clear();
    second.open();
    await bench.clock.advance(0);
    expect(bench.store.batches.size).toBe(1);
    expect(acknowledged('greedy')).toEqual([]);
    expect(bench.ingest.stats()).toMatchObject({ limitedBatches: 2, storeLimit: 'series' });

    await bench.clock.advance(RETRY_MS);
    expect(bench.ledger.entries('greedy')).toMatchObject([{ stored: [[1, 2]], storedPoints: 2 }]);
  });

  it('acknowledges nothing later before it is known how the retry ended', async () => {
    bench.store.limitedAgents.add('greedy');
    await send('greedy', 1, 1);
    bench.store.limitedAgents.clear();
    const retry = gate();
    await bench.clock.advance(RETRY_MS);
    bench.store.waitFor = Promise.resolve();
    await send('greedy', 2, 2);
    expect(bench.store.batches.size).toBe(1);
    expect(acknowledged('greedy')).toEqual([]);
    bench.store.limitedAgents.add('greedy');
    retry.open();
    await bench.clock.advance(0);
    expect(acknowledged('greedy')).toEqual([]);
    expect(bench.ingest.stats()).toMatchObject({ limitedBatches: 2, storeLimit: 'series' });

    bench.store.limitedAgents.clear();
    await bench.clock.advance(RETRY_MS);
    expect(bench.ledger.entries('greedy')).toMatchObject([{ stored: [[1, 2]], storedPoints: 2 }]);
  });

  it('is found in a group that is written batch by batch, too', async () => {
    bench.store.limitedAgents.add('greedy');
    bench.store.unstorable.add(7);
    bench.send('greedy', 1);
    bench.send('broken', 7);
    bench.send('modest', 1);
    bench.send('greedy', 2);
    await send('modest', 2, 2);
    expect(acknowledged('greedy')).toEqual([]);
    expect(bench.ledger.entries('modest')).toMatchObject([{ stored: [[1, 2]] }]);
    expect(bench.ingest.stats().limitedBatches).toBe(2);
  });

  it('leaves most of the buffer to the others: what is given back is sent again and observed once', async () => {
    bench.store.limitedAgents.add('greedy');
    await send('greedy', 1, 60);
    expect(bench.ingest.stats().bufferFillRatio).toBeLessThan(0.3);
    expect(bench.ingest.stats().limitedBatches).toBeLessThan(60);
    await send('modest', 1, 3);
    expect(bench.ledger.entries('modest')).toMatchObject([{ stored: [[1, 3]] }]);

    bench.store.limitedAgents.clear();
    await bench.clock.advance(RETRY_MS);
    await send('greedy', 1, 60);
    expect(bench.ledger.entries('greedy')).toMatchObject([{ stored: [[1, 60]] }]);
    expect(observed.filter((each) => each.startsWith('greedy'))).toHaveLength(60);
  });

  it('declares lost what no sender can send again', async () => {
    bench.store.limitedAgents.add(CENTRAL_AGENT);
    for (let count = 0; count < 60; count++) {
      bench.ingest.own.write([bench.sample(count, 0)]);
      await bench.clock.advance(1_100);
    }
    const [entry] = bench.ledger.entries(CENTRAL_AGENT);
    expect(entry?.declaredLost.length).toBeGreaterThan(0);
    expect(bench.ingest.stats().bufferFillRatio).toBeLessThan(0.3);
  });

  it('is tried again also when the store as a whole named another limit just before', async () => {
    bench.store.limitedAgents.add('greedy');
    bench.store.mode = 'down';
    bench.store.downLimit = 'timeout';
    await send('greedy', 1, 2);
    expect(bench.ingest.stats()).toMatchObject({ storeAvailable: false, storeLimit: 'timeout' });
    bench.store.mode = 'good';
    await bench.clock.advance(2 * RETRY_MS);
    expect(bench.ingest.stats()).toMatchObject({ storeLimit: 'series', limitedBatches: 2 });

    bench.store.limitedAgents.clear();
    await bench.clock.advance(RETRY_MS);
    expect(bench.ledger.entries('greedy')).toMatchObject([{ stored: [[1, 2]] }]);
  });

  it('is not what a store that does not answer is called', async () => {
    bench.store.mode = 'down';
    await send('modest', 1, 1);
    expect(bench.ingest.stats()).toMatchObject({ storeAvailable: false, storeLimit: undefined });
    bench.store.mode = 'good';
    await bench.clock.advance(31_000);
    expect(bench.ledger.isStored('modest', EPOCH, 1)).toBe(true);
  });
});

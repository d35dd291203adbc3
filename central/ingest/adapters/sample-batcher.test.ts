import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentTopic } from '../../../contract/topics.ts';
import type { Sample } from '../../../contract/sample.ts';
import type { BusMessage } from '../../mqtt/bus.ts';
import type { ProtocolAdapter } from './protocol-adapter.ts';
import type { RefusedSample, SampleIntake } from './sample-intake.ts';
import type { BatchContext } from '../../samples/batch-observer.ts';
import { Workbench } from '../testing/workbench.ts';

/** An adapter whose behaviour each test sets. */
class TestAdapter implements ProtocolAdapter {
  readonly filters = ['other/+'];
  readonly intake: SampleIntake;
  onMessage: (message: BusMessage) => void = () => undefined;
  ticks = 0;

  constructor(intake: SampleIntake) {
    this.intake = intake;
  }

  receive(message: BusMessage): void {
    this.onMessage(message);
  }

  tick(): void {
    this.ticks++;
  }

  onConnected(): void {
    // This adapter publishes nothing.
  }

  flush(): void {
    this.onMessage({ topic: 'flush', payload: Buffer.alloc(0) });
  }
}

let bench: Workbench;
let adapter: TestAdapter;
let seen: (BatchContext & { readonly agent: string; readonly rows: number })[];

function open(more: ConstructorParameters<typeof Workbench>[0] = {}): void {
  seen = [];
  bench = new Workbench({
    observers: [
      {
        observe: ({ agent, tables }, context) =>
          seen.push({ agent, rows: tables.reduce((sum, { rows }) => sum + rows.length, 0), ...context }),
      },
    ],
    ...more,
  });
  bench.ingest.attach((intake) => (adapter = new TestAdapter(intake)));
}

beforeEach(() => open());
afterEach(() => bench.dispose());

function ping(value: number): Sample {
  return bench.sample(value, 1);
}

const take = (samples: readonly Sample[], backfill = false): readonly RefusedSample[] =>
  adapter.intake.take({ agent: 'spb-1', samples, sentAtMs: bench.clock.now() - 30, backfill });

async function settle(): Promise<void> {
  bench.bus.receive('other/x', 'go');
  await bench.clock.advance(2_000);
  // The commit waits for the quarantine's file.
  await bench.quarantine.flush();
  await bench.clock.advance(1);
}

describe('samples of an adapter', () => {
  it('are processed like those of an edge agent: observed, stored, in the ledger, but not acknowledged', async () => {
    await bench.ingest.start(new AbortController().signal);
    adapter.onMessage = () => take([ping(1), ping(2)]);
    await settle();
    expect(seen).toMatchObject([{ agent: 'spb-1', rows: 2, backfill: false }]);
    expect(bench.ledger.entries('spb-1')).toMatchObject([
      { stored: [[1, 1]], storedPoints: 2, completeness: 1 },
    ]);
    expect(bench.store.batches.size).toBe(1);
    expect(bench.bus.published.filter(({ topic }) => topic === agentTopic('spb-1', 'ack'))).toEqual([]);
  });

  it('are validated like those of an edge agent: a bad one is refused alone and returned', async () => {
    const bad = ping(-2);
    let refused: readonly RefusedSample[] = [];
    adapter.onMessage = () => (refused = take([ping(1), bad]));
    await settle();
    expect(refused).toEqual([{ sample: bad, code: 'out-of-range' }]);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'out-of-range': 1 });
    expect(await bench.quarantine.list({ limit: 9 })).toMatchObject([
      { agent: 'spb-1', code: 'out-of-range' },
    ]);
    expect(bench.ledger.entries('spb-1')).toMatchObject([{ storedPoints: 1, refusedPoints: 1 }]);
  });

  it('that are history are marked as backfill', async () => {
    adapter.onMessage = () => take([ping(1)], true);
    await settle();
    expect(seen).toMatchObject([{ backfill: true }]);
  });

  it('of any number are split into batches', async () => {
    adapter.onMessage = () => take(Array.from({ length: 2_500 }, (_, at) => ping(at)));
    await settle();
    expect(bench.ledger.entries('spb-1')).toMatchObject([{ stored: [[1, 3]], storedPoints: 2_500 }]);
  });

  it('that fit no batch are refused by name, and the others are taken', async () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${at}`, at]));
    adapter.onMessage = () => take([ping(1), { ...ping(2), fields }]);
    await settle();
    expect(bench.ingest.stats().refusedRows).toEqual({ oversize: 1 });
    expect(bench.ledger.entries('spb-1')).toMatchObject([{ storedPoints: 1 }]);
  });
});

describe('lost samples', () => {
  it('of a full write buffer are declared in the ledger by the next batch', async () => {
    await bench.dispose();
    open({ limits: { bufferMaxBytes: 1 } });
    bench.store.mode = 'down';
    adapter.onMessage = () => take([ping(1), ping(2)]);
    for (let message = 0; message < 3; message++) bench.bus.receive('other/x', 'go');
    await bench.clock.advance(500);
    expect(bench.ingest.stats().lostIntakePoints).toBe(4);
    bench.store.mode = 'good';
    await bench.clock.advance(60_000);
    await settle();
    expect(bench.ledger.entries('spb-1')).toMatchObject([
      {
        stored: [
          [1, 1],
          [4, 4],
        ],
        declaredLost: [[2, 3]],
        lostPoints: 4,
        missing: [],
      },
    ]);
  });

  it('of a full write buffer are declared as soon as it is not full, though the sender sends no more', async () => {
    await bench.dispose();
    open({ limits: { bufferMaxBytes: 1 } });
    await bench.ingest.start(new AbortController().signal);
    bench.store.mode = 'down';
    adapter.onMessage = () => take([ping(1), ping(2)]);
    for (let message = 0; message < 3; message++) bench.bus.receive('other/x', 'go');
    await bench.clock.advance(500);
    bench.store.mode = 'good';
    await bench.clock.advance(60_000);
    await bench.quarantine.flush();
    await bench.clock.advance(1);
    expect(bench.ledger.entries('spb-1')).toMatchObject([{ declaredLost: [[2, 3]], lostPoints: 4 }]);
  });

  it.each(['down', 'silent'] as const)(
    'of a stop while the store is %s are declared, with the losses that were still undeclared',
    async (mode) => {
      await bench.dispose();
      open({ limits: { bufferMaxBytes: 2_000 } });
      await bench.ingest.start(new AbortController().signal);
      bench.store.mode = mode;
      adapter.onMessage = ({ topic }) => topic !== 'flush' && take([ping(1), ping(2)]);
      for (let message = 0; message < 4; message++) bench.bus.receive('other/x', 'go');
      bench.send('gw-1', 1);
      await bench.clock.advance(500);
      const held = bench.ingest.stats().bufferBatches;
      expect(held).toBeLessThan(4);
      const stopped = bench.ingest.stop();
      await bench.clock.advance(60_000);
      await stopped;
      expect(bench.ledger.entries()).toMatchObject([
        { agent: 'spb-1', stored: [], declaredLost: [[1, 4]], lostPoints: 8, missing: [], completeness: 0 },
      ]);
      expect(
        bench.ledger.hours({ agent: 'spb-1', fromMs: 0, toMs: bench.clock.now() + 1, limit: 9 }),
      ).toMatchObject([{ storedBatches: 0, lostPoints: 8 }]);
      expect(bench.ingest.stats().declaredLostBatches).toBe(4);
    },
  );

  it('that never arrived are declared at once, and no gap counts as missing', async () => {
    await bench.ingest.start(new AbortController().signal);
    adapter.onMessage = () => {
      take([ping(1)]);
      adapter.intake.declareLost('spb-1', 3);
      take([ping(2)]);
    };
    await settle();
    await bench.clock.advance(120_000);
    expect(bench.ledger.entries('spb-1')).toMatchObject([
      {
        stored: [
          [1, 1],
          [5, 6],
        ],
        declaredLost: [[2, 4]],
        missing: [],
        awaited: [],
      },
    ]);
    expect(bench.ingest.stats()).toMatchObject({ missingBatches: 0, declaredLostBatches: 3 });
  });
});

describe('an adapter', () => {
  it('gets its own topics only, and ticks each second', async () => {
    await bench.ingest.start(new AbortController().signal);
    const topics: string[] = [];
    adapter.onMessage = ({ topic }) => topics.push(topic);
    bench.bus.receive('other/x', 'a');
    bench.send('gw-1', 1);
    await bench.clock.advance(3_000);
    expect(topics).toEqual(['other/x']);
    expect(adapter.ticks).toBe(3);
    expect(bench.acks('gw-1')).toHaveLength(1);
  });

  it('that throws affects no other message', async () => {
    adapter.onMessage = () => {
      throw new Error('bug');
    };
    bench.bus.receive('other/x', 'a');
    bench.send('gw-1', 1);
    await bench.clock.advance(1_000);
    expect(bench.ingest.stats().internalErrors).toBe(1);
    expect(bench.acks('gw-1')).toHaveLength(1);
  });

  it('hands over what it still holds when central stops', async () => {
    adapter.onMessage = ({ topic }) => topic === 'flush' && take([ping(1)]);
    const stopped = bench.ingest.stop();
    await bench.clock.advance(10_000);
    await stopped;
    expect(bench.store.batches.size).toBe(1);
  });

  it('gets another epoch at each start of central, with seqs from 1', async () => {
    adapter.onMessage = () => take([ping(1)]);
    await settle();
    const [first] = bench.store.batches.values();
    await bench.dispose();
    open({ random: () => 0.9 });
    adapter.onMessage = () => take([ping(1)]);
    await settle();
    const [second] = bench.store.batches.values();
    expect([first?.seq, second?.seq]).toEqual([1, 1]);
    expect(first?.epoch).toMatch(/^[a-z0-9]{8,16}$/);
    expect(second?.epoch).not.toBe(first?.epoch);
  });
});

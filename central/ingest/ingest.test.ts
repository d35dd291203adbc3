import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Loss } from '../../contract/batch.ts';
import type { AgentState } from '../../contract/state.ts';
import { agentTopic } from '../../contract/topics.ts';
import type { NewlyMissing } from '../ledger/ledger.ts';
import type { SampleBatch } from '../samples/sample-table.ts';
import type { BatchContext } from '../samples/batch-observer.ts';
import { EPOCH, Workbench } from './testing/workbench.ts';

let bench: Workbench;
let observed: (BatchContext & { readonly batch: SampleBatch })[];
let states: [string, AgentState][];
let missing: NewlyMissing[];

beforeEach(async () => {
  observed = [];
  states = [];
  missing = [];
  bench = new Workbench({
    observers: [
      {
        observe: () => {
          throw new Error('an observer with a bug');
        },
      },
      { observe: (batch, context) => observed.push({ batch, ...context }) },
    ],
    hooks: { onState: (agent, state) => states.push([agent, state]) },
    log: pino({}, { write: collectMissing }),
  });
  await bench.ingest.start(new AbortController().signal);
});

afterEach(() => bench.dispose());

function collectMissing(line: string): void {
  const { missing: found } = JSON.parse(line) as { missing?: NewlyMissing };
  if (found !== undefined) missing.push(found);
}

/** Waits until everything received is handled, grouped and written. */
async function settle(): Promise<void> {
  // A busy machine needs several turns for many messages.
  while (bench.ingest.stats().messageQueueBytes > 0) await bench.clock.advance(0);
  await bench.clock.advance(100);
  await bench.quarantine.flush();
  await bench.clock.advance(0);
}

const LOSS: Loss = { from: 2, to: 4, points: 30, fromMs: 0, toMs: 1, reason: 'queue-full' };

describe('a batch', () => {
  it('is stored, committed to the ledger and only then acknowledged, with credits', async () => {
    let release = (): void => undefined;
    bench.store.waitFor = new Promise((resolve) => (release = resolve));
    bench.send('gw-1', 1, [12.5, 13]);
    await settle();
    expect(bench.acks('gw-1')).toEqual([]);
    expect(bench.ledger.isStored('gw-1', EPOCH, 1)).toBe(false);
    const nowMs = bench.clock.now();
    release();
    while (!bench.ledger.isStored('gw-1', EPOCH, 1)) await bench.clock.advance(0);
    await settle();
    expect(bench.acks('gw-1')).toEqual([
      { v: 1, epoch: EPOCH, stored: [[1, 1]], window: 8, backfillPerS: 50, nowMs },
    ]);
    expect(bench.ingest.stats()).toMatchObject({
      receivedBatches: 1,
      storedBatches: 1,
      storedPoints: 2,
      storedValues: 2,
      bufferBytes: 0,
      lagMs: 0,
    });
  });

  it("is stored with central's own row about it, each with a time of its own", async () => {
    const receivedAtMs = bench.clock.now();
    bench.send('gw-1', 1, [1], { backfill: true });
    bench.send('gw-1', 2, [1]);
    await settle();
    const rows = [1, 2].map((seq) => bench.store.batches.get(`gw-1 ${EPOCH} ${seq}`)?.tables.at(-1));
    expect(rows).toMatchObject([
      {
        measurement: 'ingest_batch',
        tags: ['agent'],
        rows: [{ series: { tags: ['gw-1'] }, timeMs: receivedAtMs }],
      },
      { rows: [{ timeMs: receivedAtMs + 1 }] },
    ]);
    expect(rows[0]?.fields).toEqual([
      'epoch',
      'seq',
      'points',
      'sent_at_ms',
      'received_at_ms',
      'lateness_ms',
      'backfill',
    ]);
    expect(rows[0]?.rows[0]?.values).toEqual([EPOCH, 1, 1, receivedAtMs - 20, receivedAtMs, 1_000, true]);
  });

  it('is passed to observers at once, also when another observer throws', async () => {
    bench.send('gw-1', 1, [1]);
    await bench.clock.advance(0);
    expect(observed).toMatchObject([
      { batch: { agent: 'gw-1', seq: 1, tables: [{ measurement: 'ping' }] }, backfill: false },
    ]);
    expect(bench.ingest.stats().internalErrors).toBe(1);
  });

  it('that is resent is acknowledged again when stored, ignored while it is being written, and observed once', async () => {
    bench.send('gw-1', 1);
    bench.send('gw-1', 1);
    await settle();
    bench.send('gw-1', 1);
    await settle();
    expect(bench.acks('gw-1').map((ack) => ack.stored)).toEqual([[[1, 1]], [[1, 1]]]);
    expect(observed).toHaveLength(1);
    expect(bench.store.groups).toEqual([1]);
    expect(bench.ingest.stats()).toMatchObject({ duplicateBatches: 2, storedBatches: 1 });
  });

  it('is written in one group with others, and each agent gets one ack', async () => {
    for (let seq = 1; seq <= 3; seq++) for (const agent of ['gw-1', 'gw-2']) bench.send(agent, seq);
    await settle();
    expect(bench.store.groups).toEqual([6]);
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 3]] }]);
    expect(bench.acks('gw-2')).toMatchObject([{ stored: [[1, 3]] }]);
  });

  it('is written without a delay when there are enough points', async () => {
    const values = Array.from({ length: 1_000 }, (_, index) => index);
    for (let seq = 1; seq <= 5; seq++) bench.send('gw-1', seq, values);
    await bench.clock.advance(0);
    expect(bench.store.groups).toEqual([5]);
  });

  it('that comes while as many writes run as may is written with others, not alone as soon as one ends', async () => {
    let release = (): void => undefined;
    bench.store.waitFor = new Promise((resolve) => (release = resolve));
    for (const seq of [1, 2]) {
      bench.send('gw-1', seq);
      await settle();
    }
    bench.send('gw-1', 3);
    await bench.clock.advance(0);
    release();
    await bench.clock.advance(0);
    bench.send('gw-1', 4);
    await settle();
    expect(bench.store.groups).toEqual([1, 1, 2]);
  });

  it('with a bad row loses only that row: quarantined, and named in the ack', async () => {
    bench.send('gw-1', 1, [5, -1, 6]);
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([
      { stored: [[1, 1]], refused: [{ seq: 1, rows: [1], reason: 'out-of-range: -1' }] },
    ]);
    expect(bench.ingest.stats()).toMatchObject({ storedPoints: 2, refusedRows: { 'out-of-range': 1 } });
    expect(bench.ledger.entries('gw-1')).toMatchObject([{ storedPoints: 2, refusedPoints: 1 }]);
    expect(await bench.quarantine.list({ limit: 5 })).toMatchObject([
      { agent: 'gw-1', epoch: EPOCH, seq: 1, row: 1, code: 'out-of-range', measurement: 'ping' },
    ]);
  });
});

describe("the store's answers", () => {
  it('400: the refused row is named by its number in the batch as sent, the rest is stored', async () => {
    bench.store.rejections.set(1, [{ row: 1, reason: 'field type conflict' }]);
    bench.send('gw-1', 1, [-1, 5, 6]);
    bench.send('gw-1', 2);
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([
      {
        stored: [[1, 2]],
        refused: [
          { seq: 1, rows: [0] },
          { seq: 1, rows: [2], reason: 'field type conflict' },
        ],
      },
    ]);
    expect(bench.ingest.stats()).toMatchObject({
      storedPoints: 2,
      storedValues: 2,
      refusedRows: { store: 1, 'out-of-range': 1 },
    });
    expect(await bench.quarantine.list({ limit: 1, code: 'store' })).toMatchObject([
      { row: 2, reason: 'field type conflict', raw: { fields: { average_response_ms: 6 } } },
    ]);
  });

  it('500: nothing is acknowledged, only backfill stops, and nothing is lost or observed twice', async () => {
    bench.store.mode = 'down';
    bench.send('gw-1', 1);
    await settle();
    expect(bench.flows()).toEqual(['go', 'live-only']);
    expect(bench.ingest.stats()).toMatchObject({ storeAvailable: false, storeFailures: 1, bufferBatches: 1 });
    await bench.clock.advance(3_600_000);
    expect(new Set(bench.flows().slice(1))).toEqual(new Set(['live-only']));
    expect(bench.acks('gw-1')).toEqual([]);
    expect(bench.ingest.stats().lagMs).toBeGreaterThan(3_600_000);
    expect(bench.ingest.stats().unstoredForMs).toBe(3_600_000);
    bench.store.mode = 'good';
    bench.send('gw-1', 1);
    await bench.clock.advance(31_000);
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
    expect(bench.flows().at(-1)).toBe('go');
    expect(observed).toHaveLength(1);
    expect(bench.ingest.stats()).toMatchObject({ storeAvailable: true, storedBatches: 1, flowMode: 'go' });
  });

  it('500: pauses grow up to 30 s', async () => {
    bench.store.mode = 'down';
    bench.send('gw-1', 1);
    await bench.clock.advance(60_000);
    const inFirstMinute = bench.store.groups.length;
    await bench.clock.advance(600_000);
    expect(inFirstMinute).toBeLessThan(10);
    expect(bench.store.groups.length - inFirstMinute).toBeGreaterThan(600 / 30);
  });

  it('none at all: the write times out and is tried again', async () => {
    bench.store.mode = 'silent';
    bench.send('gw-1', 1);
    await bench.clock.advance(31_000);
    expect(bench.ingest.stats()).toMatchObject({ storeFailures: 1, storedBatches: 0 });
    bench.store.mode = 'good';
    await bench.clock.advance(31_000);
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
  });

  it('a batch on which the store fails does not block the others, and ends in quarantine', async () => {
    bench.store.unstorable.add(2);
    for (let seq = 1; seq <= 3; seq++) bench.send('gw-1', seq);
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }, { stored: [[3, 3]] }]);
    let seq = 3;
    await vi.waitFor(async () => {
      bench.send('gw-1', ++seq);
      await bench.clock.advance(31_000);
      expect(bench.ledger.isStored('gw-1', EPOCH, 2)).toBe(true);
    });
    await settle();
    expect(bench.ledger.entries('gw-1')).toMatchObject([{ stored: [[1, seq]], refusedPoints: 1 }]);
    expect(bench.acks('gw-1').flatMap((ack) => ack.refused ?? [])).toMatchObject([
      { seq: 2, reason: 'the store failed on this batch: store bug' },
    ]);
    expect(await bench.quarantine.list({ limit: 5 })).toMatchObject([{ seq: 2, code: 'store' }]);
    expect(bench.store.batches.has(`gw-1 ${EPOCH} 2`)).toBe(false);
  });

  it('a store that fails on everything loses no batch: all wait until it works again', async () => {
    bench.store.mode = 'broken';
    for (let seq = 1; seq <= 3; seq++) bench.send('gw-1', seq);
    await bench.clock.advance(600_000);
    expect(bench.ingest.stats()).toMatchObject({ storedBatches: 0, bufferBatches: 3 });
    bench.store.mode = 'good';
    await bench.clock.advance(31_000);
    expect(bench.ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 3]], refusedPoints: 0 }]);
  });

  it('stored, but the ledger cannot be written: no ack, and the same batch is written again', async () => {
    bench.database
      .prepare(
        "CREATE TRIGGER full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      )
      .run();
    bench.send('gw-1', 1);
    await settle();
    expect(bench.acks('gw-1')).toEqual([]);
    expect(bench.ingest.stats()).toMatchObject({ ledgerFailures: 1, storedBatches: 0 });
    bench.database.prepare('DROP TRIGGER full').run();
    await bench.clock.advance(31_000);
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
    expect(bench.store.groups).toEqual([1, 1]);
  });
});

describe('a full buffer', () => {
  it('leaves batches unacknowledged but has them judged, and stores them when they are resent', async () => {
    await bench.dispose();
    bench = new Workbench({
      limits: { bufferMaxBytes: 3_000 },
      observers: [{ observe: (batch, context) => observed.push({ batch, ...context }) }],
    });
    bench.store.mode = 'down';
    for (let seq = 1; seq <= 5; seq++) bench.send('gw-1', seq, [seq, -1]);
    bench.send('gw-1', 5, [5, -1]);
    await settle();
    expect(observed.map(({ batch }) => batch.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(bench.ingest.stats()).toMatchObject({
      bufferBatches: 3,
      droppedBatches: 3,
      judgedUnstoredBatches: 2,
      flowMode: 'live-only',
      refusedRows: { 'out-of-range': 3 },
    });
    bench.store.mode = 'good';
    await bench.clock.advance(31_000);
    for (let seq = 1; seq <= 6; seq++) bench.send('gw-1', seq, [seq, -1]);
    await settle();
    expect(bench.ledger.entries('gw-1')).toMatchObject([{ stored: [[1, 6]] }]);
    expect(observed.map(({ batch }) => batch.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'out-of-range': 6 });
  });

  it('tells agents to hold only when no more batches can be judged, and then shows observers none twice', async () => {
    await bench.dispose();
    bench = new Workbench({
      limits: { bufferMaxBytes: 1, maxJudgedRanges: 2 },
      observers: [{ observe: (batch, context) => observed.push({ batch, ...context }) }],
    });
    bench.store.mode = 'down';
    for (const seq of [1, 3, 5, 7, 9]) bench.send('gw-1', seq);
    await settle();
    expect(bench.ingest.stats()).toMatchObject({ droppedBatches: 4, flowMode: 'hold' });
    expect(observed.map(({ batch }) => batch.seq)).toEqual([1, 3, 5]);
    bench.store.mode = 'good';
    await bench.clock.advance(31_000);
    bench.send('gw-1', 9, [1], { lowest: 6 });
    await settle();
    expect(observed.map(({ batch }) => batch.seq)).toEqual([1, 3, 5, 9]);
    expect(bench.flows().at(-1)).toBe('go');
  });
});

describe("while central's time is in doubt", () => {
  const HOUR_MS = 3_600_000;

  it('batches of clocks that differ are judged once, and acknowledged only when it is certain', async () => {
    await bench.dispose();
    let isCertain = false;
    bench = new Workbench({
      isClockCertain: () => isCertain,
      observers: [{ observe: (batch, context) => observed.push({ batch, ...context }) }],
    });
    const sentAtMs = bench.clock.now() - HOUR_MS;
    for (const agent of ['gw-1', 'gw-1']) bench.send(agent, 1, [1], { sentAtMs });
    bench.send('gw-2', 1);
    await settle();
    expect(bench.acks('gw-1')).toEqual([]);
    expect(bench.acks('gw-2')).toMatchObject([{ stored: [[1, 1]] }]);
    isCertain = true;
    bench.send('gw-1', 1, [1], { sentAtMs });
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
    expect(observed.map(({ batch }) => batch.agent)).toEqual(['gw-1', 'gw-2']);
  });
});

describe('losses', () => {
  it('that an agent declares are recorded and counted once', async () => {
    bench.send('gw-1', 1);
    bench.sendLoss('gw-1', 5, LOSS, { lowest: 5 });
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([
      {
        stored: [
          [1, 1],
          [5, 5],
        ],
      },
    ]);
    expect(bench.ledger.entries('gw-1')).toMatchObject([
      { declaredLost: [[2, 4]], missing: [], lostPoints: 30 },
    ]);
    await bench.clock.advance(120_000);
    expect(bench.ingest.stats()).toMatchObject({ declaredLostBatches: 3, missingBatches: 0 });
    expect(missing).toEqual([]);
  });

  it('that an agent claims again and again, and beyond all bounds, hide no true loss', async () => {
    const absurd: Loss = { ...LOSS, from: 1_000, to: 10 ** 10 };
    for (let seq = 1; seq <= 50; seq++) bench.sendLoss('gw-bad', seq, absurd);
    for (let epoch = 0; epoch < 50; epoch++)
      bench.sendLoss('gw-bad', 1, absurd, { epoch: `epoch${String(epoch).padStart(4, '0')}` });
    await settle();
    const before = bench.ingest.stats().declaredLostBatches;
    expect(before).toBe(51 * 10_000);
    bench.sendLoss('gw-1', 5, { ...LOSS, to: 2 }, { lowest: 5 });
    await settle();
    expect(bench.ingest.stats().declaredLostBatches).toBe(before + 1);
  });

  it('that were never declared are reported as missing after the grace time', async () => {
    bench.send('gw-1', 1);
    bench.send('gw-1', 5, [1], { lowest: 5 });
    await bench.clock.advance(59_000);
    expect(missing).toEqual([]);
    await bench.clock.advance(3_000);
    expect(missing).toMatchObject([{ agent: 'gw-1', epoch: EPOCH, ranges: [[2, 4]], firstContact: true }]);
    expect(bench.ingest.stats().missingBatches).toBe(3);
    await bench.clock.advance(120_000);
    expect(missing).toHaveLength(1);
  });

  it('of an agent that leaves a gap with each batch fill no log and hide no other agent', async () => {
    for (let sent = 1; sent <= 300; sent++) bench.send('gw-bad', 2 * sent, [1], { lowest: 2 * sent });
    bench.send('gw-1', 5, [1], { lowest: 5 });
    await settle();
    await bench.clock.advance(65_000);
    expect(bench.ingest.stats().missingBatches).toBe(300 + 4);
    const told = missing.map(({ agent }) => agent);
    expect(told.filter((agent) => agent === 'gw-bad').length).toBeLessThanOrEqual(3);
    expect(told.filter((agent) => agent === 'gw-1')).toHaveLength(1);
  });

  it('are not missing when the declaration or the batches arrive within the grace time', async () => {
    bench.send('gw-1', 1);
    bench.send('gw-1', 6, [1], { lowest: 6 });
    await settle();
    bench.sendLoss('gw-1', 7, LOSS, { lowest: 6 });
    bench.send('gw-1', 5, [1], { lowest: 5, backfill: true });
    await bench.clock.advance(120_000);
    expect(missing).toEqual([]);
  });
});

it.each([
  ['spb-power--n1', 'sparkplug-id', 'spb- are those of Sparkplug edge nodes'],
  ['phone-07', 'survey-id', 'phone- are those of phones'],
])(
  'batches and states under the id %s, of a Sparkplug node or a phone, are refused by name',
  async (agent, code, whose) => {
    bench.send(agent, 1);
    bench.bus.receive(agentTopic(agent, 'state'), JSON.stringify({ v: 1, online: true, birth: 1 }));
    await settle();
    expect(bench.store.batches.size).toBe(0);
    expect(states).toEqual([]);
    expect(bench.acks(agent)).toEqual([]);
    expect(bench.ingest.stats().refusedMessages).toEqual({ [code]: 2 });
    const [entry] = await bench.quarantine.list({ limit: 1, agent });
    expect(entry?.reason).toMatch(new RegExp(`^ids that begin with ${whose}, which send no`));
  },
);

describe('state messages', () => {
  const state = (birth: number, online: boolean, more: object = {}): string =>
    JSON.stringify({ v: 1, online, birth, epoch: EPOCH, ...more });
  const topic = agentTopic('gw-1', 'state');

  it('are passed to the hook, except stale wills', async () => {
    for (const payload of [state(1, true), state(2, true), state(1, false), state(2, false)]) {
      bench.bus.receive(topic, payload);
    }
    bench.bus.receive(topic, '');
    await settle();
    expect(states.map(([agent, { birth, online }]) => [agent, birth, online])).toEqual([
      ['gw-1', 1, true],
      ['gw-1', 2, true],
      ['gw-1', 2, false],
    ]);
    expect(bench.ingest.stats()).toMatchObject({ stateMessages: 4, staleStates: 1 });
  });

  it('confirm losses by the lowest seq that the agent still holds', async () => {
    bench.send('gw-1', 1);
    await settle();
    bench.bus.receive(topic, state(1, true, { lowest: 4, highest: 3 }));
    await bench.clock.advance(62_000);
    expect(missing).toMatchObject([{ ranges: [[2, 3]] }]);
  });
});

describe('the flow', () => {
  it('is published at the start, after each reconnect and every minute, retained', async () => {
    expect(bench.flows()).toEqual(['go']);
    bench.bus.reconnect();
    expect(bench.flows()).toEqual(['go', 'go']);
    await bench.clock.advance(61_000);
    expect(bench.flows()).toHaveLength(3);
    expect(bench.bus.published.every(({ qos, retain }) => qos === 1 && retain)).toBe(true);
  });

  it('and acks that cannot be sent lose nothing: the resend is acknowledged', async () => {
    bench.bus.connected = false;
    bench.send('gw-1', 1);
    await settle();
    bench.bus.reconnect();
    bench.send('gw-1', 1);
    await settle();
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
  });

  it('shares the backfill rate among the agents that send backfill', async () => {
    for (let index = 0; index < 40; index++) bench.send(`gw-${index}`, 1, [1], { backfill: true });
    await settle();
    expect(bench.acks('gw-7')[0]?.backfillPerS).toBeCloseTo(400 / 40, 0);
  });
});

describe('stopping', () => {
  it('stores and acknowledges what is held, and takes no more', async () => {
    bench.send('gw-1', 1);
    await bench.ingest.stop();
    await bench.ingest.stop();
    expect(bench.acks('gw-1')).toMatchObject([{ stored: [[1, 1]] }]);
    bench.send('gw-1', 2);
    await bench.clock.advance(1_000);
    expect(bench.ingest.stats().receivedBatches).toBe(1);
  });

  it('does not wait for ever for a store that does not answer', async () => {
    bench.store.mode = 'silent';
    bench.send('gw-1', 1);
    await settle();
    const stopped = bench.ingest.stop();
    await bench.clock.advance(3_000);
    await stopped;
    expect(bench.acks('gw-1')).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { openStateDatabase } from '../../state/database.ts';
import type { BatchContext } from '../../samples/batch-observer.ts';
import { createIngest, type Ingest } from '../ingest.ts';
import { Workbench } from '../testing/workbench.ts';
import { createValidator } from '../validate/validator.ts';
import { openLedger } from '../../ledger/sqlite-ledger.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { join } from 'node:path';
import { openDecisions } from './decisions.ts';
import { openQuarantine } from './quarantine.ts';
import type { ReplayIntake } from './replay-intake.ts';
import { QuarantineReview } from './review.ts';

/** Devices that the inventory gives to another agent, until it is mended. */
let foreign: Set<string>;
let contexts: BatchContext[];
let bench: Workbench;
let review: QuarantineReview;

const validator = () =>
  createValidator(
    CATALOGUE,
    { retentionMs: 3_600_000 },
    {
      findOwners: (device) => (foreign.has(device) ? ['gw-other'] : undefined),
    },
  );

beforeEach(async () => {
  foreign = new Set(['n-0', 'n-1', 'n-2']);
  contexts = [];
  bench = new Workbench({
    validator: validator(),
    observers: [{ observe: (_batch, context) => contexts.push(context) }],
  });
  await bench.ingest.start(new AbortController().signal);
  review = reviewOver(bench, bench.ingest.replay);
});
afterEach(() => bench.dispose());

function reviewOver({ quarantine, database, clock }: Workbench, intake: ReplayIntake): QuarantineReview {
  return new QuarantineReview({
    quarantine,
    decisions: openDecisions(database),
    intake,
    clock,
    random: () => 0.5,
  });
}

async function settle(): Promise<void> {
  while (bench.ingest.stats().messageQueueBytes > 0) await bench.clock.advance(0);
  await bench.clock.advance(200);
  await bench.quarantine.flush();
  await bench.clock.advance(0);
  review.tick();
}

/** Of n-9, that many ms ago. */
function addReplayable(agent: string, code: string, ageMs: number): void {
  const raw = {
    baseMs: bench.clock.now(),
    tags: ['device'],
    fields: ['average_response_ms'],
    row: [['n-9'], -ageMs, [1]],
  };
  bench.quarantine.add({ agent, code, reason: 'r', measurement: 'ping', raw });
}

/** Of a device, by the batches in the store that hold one. */
function stored(device: string): number[] {
  return [...bench.store.batches.values()].flatMap(({ tables }) =>
    tables.flatMap(({ rows }) =>
      rows.filter(({ series }) => series.tags.includes(device)).map(({ timeMs }) => timeMs),
    ),
  );
}

const states = async () => (await review.list({ limit: 10 })).map(({ id, state }) => [id, state]);

describe('a row that was refused', () => {
  it('is taken in again once what refused it is mended: with its own time, as history, once', async () => {
    bench.send('gw-1', 1, [1, 2, 3]);
    await settle();
    const measuredAtMs = bench.clock.now() - 1_200;
    expect(await states()).toEqual([3, 2, 1].map((id) => [id, 'waiting']));
    await bench.clock.advance(1_800_000);
    foreign.clear();
    contexts = [];
    expect(await review.replay({ agent: 'gw-1' }, 'lan')).toEqual({ taken: 3, refused: 0, notReplayable: 0 });
    expect(await states()).toEqual([3, 2, 1].map((id) => [id, 'storing']));
    await settle();
    expect(await states()).toEqual([3, 2, 1].map((id) => [id, 'replayed']));
    expect(stored('n-1')).toEqual([measuredAtMs]);
    expect(contexts).toMatchObject(Array(3).fill({ backfill: true, replayed: true }));
    expect(await review.replay({}, 'lan')).toEqual({ taken: 0, refused: 0, notReplayable: 0 });
    expect(await review.groups()).toEqual([]);
    expect(bench.ledger.entries('gw-1').map(({ missing, awaited }) => [missing, awaited])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  it('stays with its new reason when it is refused again, and counts its tries', async () => {
    bench.send('gw-1', 1, [1, 2]);
    await settle();
    foreign.delete('n-1');
    await bench.clock.advance(3_700_000);
    expect(await review.replay({ ids: [1, 2] }, 'lan')).toMatchObject({ taken: 0, refused: 2 });
    expect(await review.find(1)).toMatchObject({
      ...{ state: 'waiting', code: 'foreign-device', replayable: true },
      decision: { actor: 'lan', tries: 1, code: 'too-old', reason: expect.stringContaining('old') as string },
    });
    await review.replay({ ids: [1] }, 'lan');
    expect(await review.find(1)).toMatchObject({ decision: { tries: 2 } });
    expect(bench.quarantine.stats().entries).toBe(2);
  });

  it('is discarded with a reason, and then no longer taken in', async () => {
    bench.send('gw-1', 1, [1, 2]);
    await settle();
    foreign.clear();
    expect(await review.discard({ ids: [2] }, 'a test bench', 'minh')).toEqual({ discarded: 1 });
    expect(await review.replay({}, 'lan')).toMatchObject({ taken: 1 });
    await settle();
    expect(await states()).toEqual([
      [2, 'discarded'],
      [1, 'replayed'],
    ]);
    expect(await review.find(2)).toMatchObject({ decision: { actor: 'minh', reason: 'a test bench' } });
  });

  it('is one of a group: who, what, why, how many, since when', async () => {
    bench.send('gw-1', 1, [1, 2]);
    bench.send('gw-2', 1, [1]);
    await settle();
    bench.quarantine.add({ agent: 'gw-2', code: 'not-gzip', reason: 'rubbish', payload: Buffer.from([1]) });
    await bench.clock.advance(6_000);
    const of = { code: 'foreign-device', measurement: 'ping' };
    expect(await review.groups()).toMatchObject([
      { agent: 'gw-2', code: 'not-gzip', count: 1, replayable: 0 },
      { ...of, agent: 'gw-2', count: 1, replayable: 1 },
      { ...of, agent: 'gw-1', count: 2, replayable: 2, newestId: 2 },
    ]);
    expect(await review.replay({ code: 'not-gzip' }, 'lan')).toMatchObject({ taken: 0, notReplayable: 1 });
    expect(
      await review.list({ state: 'waiting', measurement: 'ping', agent: 'gw-2', limit: 5 }),
    ).toHaveLength(1);
  });

  it('waits for the store, and is not told as lost when central stops meanwhile', async () => {
    bench.send('gw-1', 1, [1]);
    await settle();
    foreign.clear();
    bench.store.mode = 'down';
    await review.replay({}, 'lan');
    const stopped = bench.ingest.stop();
    await bench.clock.advance(10_000);
    await stopped;
    expect(bench.ledger.entries('gw-1').flatMap(({ declaredLost }) => declaredLost)).toEqual([]);
    expect(await states()).toEqual([[1, 'storing']]);
  });

  it('is kept with the reason of the store when that refuses it, however many they are, and can be taken in once more', async () => {
    for (let at = 0; at < 400; at++) addReplayable('gw-1', at < 200 ? 'store' : 'x', at);
    for (let seq = 1; seq <= 400; seq++)
      bench.store.rejections.set(seq, [{ row: 0, reason: 'type conflict' }]);
    expect(await review.replay({}, 'lan')).toMatchObject({ taken: 400 });
    await settle();
    const all = await review.list({ limit: 1_000 });
    expect(all).toHaveLength(400);
    for (const { state, decision } of all) {
      expect(state).toBe('waiting');
      expect(decision).toMatchObject({ tries: 1, code: 'store', reason: 'type conflict' });
    }
    bench.store.rejections.clear();
    expect(await review.replay({}, 'lan')).toMatchObject({ taken: 400 });
    await settle();
    expect(new Set((await review.list({ limit: 1_000 })).map(({ state }) => state))).toEqual(
      new Set(['replayed']),
    );
    const [entry] = bench.ledger.entries('gw-1');
    expect(entry).toMatchObject({ storedPoints: 400, missing: [], awaited: [] });
  });

  it('is kept too when the store always fails on it', async () => {
    addReplayable('gw-1', 'x', 0);
    bench.store.unstorable.add(1);
    await review.replay({}, 'lan');
    // It is given up only while others are stored.
    for (let seq = 2; (await review.find(1))?.state === 'storing'; seq++) {
      bench.send('gw-2', seq, [1]);
      await bench.clock.advance(2_000);
      review.tick();
    }
    expect(await review.find(1)).toMatchObject({
      state: 'waiting',
      decision: { code: 'store', reason: expect.stringContaining('store bug') as string },
    });
    expect(bench.quarantine.stats().byCode).not.toHaveProperty('store');
  });

  it('waits while there is no room for its agent, and those of others do not; what is refused meanwhile is noted at once', async () => {
    for (let at = 0; at < 3; at++) addReplayable('gw-1', 'x', at);
    for (let at = 0; at < 3; at++) addReplayable('gw-2', 'x', at);
    for (let at = 0; at < 3; at++) addReplayable('gw-3', 'x', at);
    const asked: string[] = [];
    const decisions = openDecisions(bench.database);
    const crowded = new QuarantineReview({
      ...{ quarantine: bench.quarantine, clock: bench.clock, random: () => 0.5 },
      decisions,
      intake: {
        ...bench.ingest.replay,
        take: (agent) => {
          asked.push(agent);
          if (agent === 'gw-1') return 'full';
          return agent === 'gw-2' ? 'taken' : { code: 'late', reason: 'r' };
        },
      },
    });
    const before = decisions.version;
    expect(await crowded.replay({}, 'lan')).toMatchObject({ taken: 9 });
    expect(asked.sort()).toEqual([
      'gw-1',
      ...Array<string>(3).fill('gw-2'),
      ...Array<string>(3).fill('gw-3'),
    ]);
    // One for all that begin, one for all that are refused.
    expect(decisions.version - before).toBe(2);
    expect(await crowded.list({ limit: 9, agent: 'gw-3', state: 'waiting' })).toHaveLength(3);
  });

  it('is looked for only in files that can have it, and groups are not counted anew for each decision', async () => {
    for (let at = 0; at < 3; at++) addReplayable('gw-1', 'x', at);
    const decisions = openDecisions(bench.database);
    const queries: (ReadonlySet<number> | undefined)[] = [];
    const watched = new QuarantineReview({
      ...{ decisions, intake: bench.ingest.replay, clock: bench.clock, random: () => 0.5 },
      quarantine: {
        idRange: () => bench.quarantine.idRange(),
        list: (query) => {
          queries.push(query.ids);
          return bench.quarantine.list(query);
        },
      },
    });
    await watched.discard({ ids: [2] }, 'old', 'lan');
    queries.length = 0;
    expect(await watched.list({ state: 'discarded', limit: 5 })).toMatchObject([{ id: 2 }]);
    expect(await watched.list({ state: 'storing', limit: 5 })).toEqual([]);
    expect(queries).toEqual([new Set([2]), new Set()]);
    expect(await watched.groups()).toMatchObject([{ count: 2 }]);
    await watched.discard({ ids: [1] }, 'old', 'lan');
    expect(await watched.groups()).toMatchObject([{ count: 2 }]);
    await bench.clock.advance(5_000);
    expect(await watched.groups()).toMatchObject([{ count: 1 }]);
  });

  it('in great numbers is taken in call by call', async () => {
    for (let at = 0; at < 600; at++) {
      addReplayable(`gw-${at % 7}`, 'x', at);
    }
    const first = await review.replay({}, 'lan');
    expect(first).toEqual({ taken: 500, refused: 0, notReplayable: 0, next: 101 });
    expect(await review.replay({ before: 101 }, 'lan')).toEqual({ taken: 100, refused: 0, notReplayable: 0 });
    await settle();
    expect(stored('n-9')).toHaveLength(600);
  });
});

describe('central is killed while rows are taken in again', () => {
  /** What a kill leaves: the files, the store, and nothing of memory. */
  const reborn = async (): Promise<{
    ingest: Ingest;
    review: QuarantineReview;
    ledger: ReturnType<typeof openLedger>;
  }> => {
    const database = openStateDatabase(join(bench.directory, 'state.db'));
    const decisions = openDecisions(database);
    const ledger = openLedger(database);
    const { clock, store, bus } = bench;
    const quarantine = openQuarantine({
      ...{
        directory: join(bench.directory, 'quarantine'),
        clock,
        log: silentLogger,
        afterId: decisions.highestId(),
      },
    });
    const ingest = createIngest({
      ...{ bus, validator: validator(), observers: [], store, ledger, quarantine, clock, random: () => 0.7 },
      log: silentLogger,
    });
    await ingest.start(new AbortController().signal);
    return {
      ingest,
      ledger,
      review: new QuarantineReview({
        quarantine,
        decisions,
        intake: ingest.replay,
        clock,
        random: () => 0.7,
      }),
    };
  };

  /** Lets `calls` of them through; at the next one the process is gone. */
  const dyingAfter = (calls: number): ReplayIntake => {
    let left = calls;
    return {
      refusalOf: (agent, batch) => bench.ingest.replay.refusalOf(agent, batch),
      onRefused: (listener) => bench.ingest.replay.onRefused(listener),
      take: (agent, batch) => {
        if (left-- === 0) throw new Error('killed');
        return bench.ingest.replay.take(agent, batch);
      },
    };
  };

  it.each([
    ['before the first is handed on', 0, false],
    ['between the first and the second', 1, false],
    ['once they are in the store, before anybody notes it', 2, true],
  ])('%s: each is stored once', async (_, calls, isStored) => {
    bench.send('gw-1', 1, [1, 2, 3]);
    await settle();
    foreign.clear();
    const dying = reviewOver(bench, dyingAfter(calls));
    await expect(dying.replay({}, 'lan')).rejects.toThrow('killed');
    if (isStored) await bench.clock.advance(500);
    const after = await reborn();
    for (let second = 0; second < 5; second++) {
      after.review.tick();
      await bench.clock.advance(1_000);
    }
    after.review.tick();
    expect((await after.review.list({ limit: 5 })).map(({ state }) => state)).toEqual(
      Array(3).fill('replayed'),
    );
    for (const device of ['n-0', 'n-1', 'n-2']) expect(stored(device), device).toHaveLength(1);
    expect(
      after.ledger.entries('gw-1').flatMap(({ missing, declaredLost }) => [...missing, ...declaredLost]),
    ).toEqual([]);
    const stopped = after.ingest.stop();
    await bench.clock.advance(10_000);
    await stopped;
  });

  it('in the store and not yet in the ledger: the store knows it by its identity', async () => {
    bench.send('gw-1', 1, [1]);
    await settle();
    foreign.clear();
    // The store has it, and central ends before the ledger is written.
    const recordStored = bench.ledger.recordStored.bind(bench.ledger);
    bench.ledger.recordStored = () => {
      throw new Error('killed');
    };
    await review.replay({}, 'lan');
    await bench.clock.advance(500);
    expect(stored('n-0')).toHaveLength(1);
    bench.ledger.recordStored = recordStored;
    // The rule that refused it comes back meanwhile: it waits, and keeps its identity.
    foreign.add('n-0');
    const after = await reborn();
    after.review.tick();
    expect(await after.review.find(1)).toMatchObject({ state: 'waiting', decision: { tries: 1 } });
    foreign.clear();
    expect(await after.review.replay({}, 'lan')).toMatchObject({ taken: 1 });
    await bench.clock.advance(1_000);
    after.review.tick();
    expect(await after.review.find(1)).toMatchObject({ state: 'replayed' });
    expect(stored('n-0')).toHaveLength(1);
    const stopped = after.ingest.stop();
    await bench.clock.advance(10_000);
    await stopped;
  });

  it('a quarantine that was emptied by hand gives no number again', async () => {
    bench.send('gw-1', 1, [1]);
    await settle();
    await review.discard({}, 'old', 'lan');
    const emptied = openQuarantine({
      ...{ directory: join(bench.directory, 'other'), clock: bench.clock, log: silentLogger },
      afterId: openDecisions(bench.database).highestId(),
    });
    emptied.add({ agent: 'gw-1', code: 'x', reason: 'new' });
    expect((await emptied.list({ limit: 5 })).map(({ id }) => id)).toEqual([2]);
  });
});

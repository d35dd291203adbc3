import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPublisher, type Publisher, type PublisherDeps } from '../../edge/publisher/publisher.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { until } from '../support/until.ts';
import { connectBy, QUICK, sampleBody, TestBroker, TestCentral } from './publisher-bench.ts';

const AGENT = 'gw-26734';

let central: TestCentral;
let broker: TestBroker;
let queue: MemoryQueue;
let publishers: Publisher[];
let births: number;

beforeEach(async () => {
  central = new TestCentral();
  broker = new TestBroker(central);
  await broker.start();
  queue = new MemoryQueue();
  publishers = [];
  births = 0;
});

afterEach(async () => {
  for (const publisher of publishers) await publisher.stop();
  await broker.kill();
});

async function startPublisher(more: Partial<PublisherDeps> = {}): Promise<Publisher> {
  const publisher = createPublisher({
    agent: AGENT,
    queue,
    connection: { url: broker.url, username: AGENT, password: 'right' },
    nextBirth: () => ++births,
    describe: () => ({ kind: 'gateway', site: 's-26734', software: '0.1.0', intervalMs: 10_000 }),
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    timings: QUICK,
    ...connectBy,
    ...more,
  });
  publishers.push(publisher);
  await publisher.start(new AbortController().signal);
  return publisher;
}

function append(count: number, ageMs = 0): void {
  for (let index = 0; index < count; index++) queue.add(sampleBody(index), ageMs);
}

const delivered = (): Promise<void> => until(() => expect(queue.stats().pendingBatches).toBe(0));
const connected = (publisher: Publisher): Promise<void> =>
  until(() => expect(publisher.status().connected).toBe(true));

describe('delivery', () => {
  it('brings live and backlog to central, fresh first, and deletes what is acknowledged', async () => {
    append(30, 3_600_000);
    append(3);
    const publisher = await startPublisher();
    await delivered();
    expect(central.seqs.slice(0, 3)).toEqual([31, 32, 33]);
    expect(central.seqs.slice(3)).toEqual([...Array(30).keys()].map((index) => index + 1));
    expect(central.batches.map(({ backfill }) => backfill)).toEqual(central.seqs.map((seq) => seq <= 30));
    expect(central.batches[3]).toMatchObject({ epoch: queue.epoch, lowest: 1 });
    expect(publisher.status()).toMatchObject({
      connected: true,
      acked: 33,
      inFlight: 0,
      resends: 0,
      stuck: 0,
    });
    append(1);
    await delivered();
    expect(central.batches.at(-1)).toMatchObject({ seq: 34, lowest: 34, backfill: false });
  });

  it('loses nothing when the broker is killed and comes back on the same port, over and over', async () => {
    const publisher = await startPublisher();
    for (let round = 0; round < 4; round++) {
      append(20, round % 2 === 0 ? 0 : 60_000);
      await until(() => expect(central.seqs).toContain(queue.highest()));
      append(20);
      await broker.kill();
      await until(() => expect(publisher.status().connected).toBe(false));
      append(20);
      await broker.start();
    }
    await delivered();
    expect(new Set(central.seqs)).toEqual(new Set([...Array(240).keys()].map((index) => index + 1)));
    expect(publisher.status().connects).toBe(5);
  });

  it('sends again what was not acknowledged, and takes the late ack', async () => {
    const seen = new Set<number>();
    central.answers = ({ seq }) => seen.has(seq) || (seen.add(seq), false);
    append(5);
    const publisher = await startPublisher();
    await delivered();
    expect(central.batches).toHaveLength(10);
    expect(publisher.status()).toMatchObject({ acked: 5, resends: 5 });
  });

  it('keeps every batch while central is silent, and sets aside only what central alone ignores', async () => {
    central.answers = () => false;
    append(6);
    const publisher = await startPublisher({ timings: { ...QUICK, ackTimeoutMs: 20, ackTimeoutMaxMs: 40 } });
    await until(() => expect(publisher.status().resends).toBeGreaterThan(6 * 8));
    expect(queue.stats().pendingBatches).toBe(6);
    central.answers = ({ seq }) => seq !== 3;
    const live = setInterval(() => append(1), 30);
    await until(() => expect(queue.setAsideSeqs).toEqual([3]));
    clearInterval(live);
    await delivered();
    expect(publisher.status().stuck).toBe(1);
  });

  it('sets aside at once what is too large to travel', async () => {
    queue.add(Buffer.alloc(50_000));
    append(1);
    const publisher = await startPublisher();
    await delivered();
    expect(queue.setAsideSeqs).toEqual([1]);
    expect(central.seqs).toEqual([2]);
    expect(publisher.status().stuck).toBe(1);
  });

  it('waits for its acks by its own clock', async () => {
    central.answers = () => false;
    const clock = new ManualClock();
    queue = new MemoryQueue(() => clock.now());
    append(1);
    const publisher = await startPublisher({ clock, random: () => 0, timings: {} });
    await clock.advance(0);
    await until(() => expect(central.seqs).toEqual([1]));
    await clock.advance(9_999);
    expect(publisher.status().resends).toBe(0);
    await clock.advance(1);
    expect(publisher.status().resends).toBe(1);
    await clock.advance(19_999);
    expect(publisher.status().resends).toBe(1);
    await clock.advance(1);
    await until(() => expect(central.batches.map(({ backfill }) => backfill)).toEqual([false, false, true]));
    expect(clock.sleeperCount).toBe(1);
  });
});

describe('a broker that refuses', () => {
  it('need not grant the subscription to configs', async () => {
    await broker.kill();
    broker.options = {
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic === agentTopic(AGENT, 'config') ? null : subscription),
    };
    await broker.start();
    append(3);
    const publisher = await startPublisher({ onConfig: () => undefined });
    await delivered();
    expect(publisher.status()).toMatchObject({ connected: true, connects: 1, acked: 3 });
  });

  it('is dialled again when it grants no subscription', async () => {
    await broker.kill();
    let refusing = true;
    broker.options = {
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, refusing && subscription.topic === FLOW_TOPIC ? null : subscription),
    };
    await broker.start();
    append(3);
    const publisher = await startPublisher();
    await until(() => expect(broker.connections).toBeGreaterThan(3));
    expect(publisher.status()).toMatchObject({ connected: false, connects: 0 });
    expect(central.batches).toEqual([]);
    refusing = false;
    await delivered();
    expect(publisher.status().connects).toBe(1);
  });

  it('is dialled again when it knows neither name nor password for a while', async () => {
    await broker.kill();
    let refusing = true;
    broker.options = {
      authenticate: (_client, _username, password, done) => {
        const known = !refusing && password?.toString() === 'right';
        done(known ? null : Object.assign(new Error('no'), { returnCode: 5 }), known);
      },
    };
    await broker.start();
    append(3);
    const publisher = await startPublisher();
    await until(() => expect(broker.connections).toBeGreaterThan(5));
    expect(publisher.status().connected).toBe(false);
    refusing = false;
    await delivered();
    expect(central.states[0]?.birth).toBeGreaterThan(5);
  });

  it('is dialled again when it takes the connection and then says nothing', async () => {
    await broker.kill();
    let silent = true;
    broker.options = {
      preConnect: (_client, _packet, done) => {
        if (!silent) done(null, true);
      },
    };
    await broker.start();
    append(1);
    await startPublisher({ timings: { ...QUICK, connectTimeoutMs: 60 } });
    await until(() => expect(broker.connections).toBeGreaterThan(3));
    silent = false;
    await delivered();
  });
});

describe('rubbish from the broker', () => {
  it('is counted and ignored, in any size, and the connection stays', async () => {
    central.answers = () => false;
    const publisher = await startPublisher();
    await connected(publisher);
    append(2);
    await until(() => expect(central.seqs).toEqual([1, 2]));
    const ack = { v: 1, epoch: queue.epoch, stored: [[1, 2]], window: 8, backfillPerS: 1 };
    central.say(AGENT, 'rubbish');
    central.say(AGENT, '{"v":1}');
    central.say(AGENT, JSON.stringify({ ...ack, window: 1e9 }));
    central.say(AGENT, JSON.stringify({ ...ack, padding: 'x'.repeat(100_000) }));
    central.flow('{"v":1,"mode":"stampede","backfillPerS":-1}');
    await until(() => expect(publisher.status().ignored).toBe(5));
    expect(publisher.status()).toMatchObject({ connected: true, connects: 1, acked: 0, flowMode: 'go' });
    expect(queue.stats().pendingBatches).toBe(2);
    central.say(AGENT, JSON.stringify(ack));
    await delivered();
  });

  it('ends the connection only when a packet would not fit into memory, or is none', async () => {
    const publisher = await startPublisher();
    await connected(publisher);
    broker.writeRaw(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    await until(() => expect(publisher.status().connects).toBe(2));
    broker.writeRaw(Buffer.from([0xf0, 0x00]));
    await until(() => expect(publisher.status().connects).toBe(3));
    append(1);
    await delivered();
  });
});

describe('flow', () => {
  it('is followed: held, then live only, then all', async () => {
    central.flow('{"v":1,"mode":"hold","backfillPerS":0}');
    const publisher = await startPublisher();
    await until(() => expect(publisher.status().flowMode).toBe('hold'));
    append(5, 3_600_000);
    append(2);
    central.flow('{"v":1,"mode":"live-only","backfillPerS":1000}');
    await until(() => expect(central.seqs).toEqual([6, 7]));
    await until(() => expect(publisher.status().acked).toBe(2));
    central.flow('{"v":1,"mode":"go","backfillPerS":1000}');
    await delivered();
    expect(central.seqs).toEqual([6, 7, 1, 2, 3, 4, 5]);
  });
});

describe('state', () => {
  it('tells of birth with the connection’s number, and of a stop', async () => {
    append(1, 3_600_000);
    const publisher = await startPublisher();
    await delivered();
    await publisher.stop();
    await until(() => expect(central.states).toHaveLength(2));
    expect(central.states[0]).toEqual({
      v: 1,
      online: true,
      birth: 1,
      kind: 'gateway',
      site: 's-26734',
      software: '0.1.0',
      intervalMs: 10_000,
      epoch: queue.epoch,
      run: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      lowest: 1,
      highest: 1,
      queueBytes: 0,
      lostBatches: 0,
    });
    expect(central.states[1]).toMatchObject({ online: false, birth: 1, reason: 'stop', lowest: 2 });
    expect(central.states[1]?.run).toBe(central.states[0]?.run);
    // A will would be published before a client that connects later is answered.
    const second = await startPublisher();
    await connected(second);
    await until(() => expect(central.states).toHaveLength(3));
    expect(central.states.filter(({ online }) => !online)).toHaveLength(1);
  });

  it('leaves a will behind that carries the number of the broken connection', async () => {
    const publisher = await startPublisher();
    await connected(publisher);
    // Cut before it has arrived, the birth would be lost.
    await until(() => expect(central.states).toHaveLength(1));
    broker.cutAll();
    await until(() => expect(publisher.status().connects).toBe(2));
    await until(() => expect(central.states).toHaveLength(3));
    expect(central.states.find(({ online }) => !online)).toMatchObject({ birth: 1, reason: 'will' });
    expect(central.states.filter(({ online }) => online).map(({ birth }) => birth)).toEqual([1, 2]);
  });

  it('is told again every five minutes', async () => {
    const clock = new ManualClock();
    const publisher = await startPublisher({ clock, random: () => 0, timings: {} });
    await clock.advance(0);
    await connected(publisher);
    await clock.advance(299_999);
    await until(() => expect(central.states).toHaveLength(1));
    await clock.advance(1);
    await until(() => expect(central.states).toHaveLength(2));
    expect(clock.sleeperCount).toBe(1);
  });
});

describe('stopping', () => {
  it('is quick and may come twice, whatever the broker does', async () => {
    await broker.kill();
    const away = await startPublisher();
    await Promise.all([away.stop(), away.stop()]);
    broker.options = {
      authorizePublish: (_client, packet, done) => {
        // Never answers to the goodbye.
        if (!packet.payload.toString().includes('"stop"')) done(null);
      },
    };
    await broker.start();
    const publisher = await startPublisher({ timings: { ...QUICK, stopWaitMs: 100 } });
    await connected(publisher);
    const startedAtMs = Date.now();
    await publisher.stop();
    expect(Date.now() - startedAtMs).toBeLessThan(2_000);
    expect(publisher.status().connected).toBe(false);
  });

  it('before the start leaves nothing to start', async () => {
    const publisher = createPublisher({
      agent: AGENT,
      queue,
      connection: { url: broker.url },
      nextBirth: () => ++births,
      describe: () => ({}),
      clock: systemClock,
      random: () => 0,
      log: silentLogger,
    });
    await publisher.stop();
    await publisher.start(new AbortController().signal);
    expect(births).toBe(0);
    expect(publisher.status().connected).toBe(false);
  });
});

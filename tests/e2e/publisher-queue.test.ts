import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeLossBody } from '../../contract/codec.ts';
import { persistedBirthCounter } from '../../edge/publisher/birth-counter.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { QUICK, sampleBody, TestBroker, TestCentral } from './publisher-bench.ts';

interface Agent {
  readonly queue: Queue;
  readonly publisher: Publisher;
}

let directory: TemporaryDirectory;
let central: TestCentral;
let broker: TestBroker;
let agent: Agent | undefined;

beforeEach(async () => {
  directory = temporaryDirectory('publisher-queue');
  central = new TestCentral();
  broker = new TestBroker(central);
  await broker.start();
});

afterEach(async () => {
  await stopAgent();
  await broker.kill();
  directory.remove();
});

async function startAgent(): Promise<Agent> {
  const shared = { clock: systemClock, log: silentLogger };
  const queue = await openQueue({
    directory: join(directory.path, 'queue'),
    maxBytes: 16 * 1024 * 1024,
    maxAgeMs: 86_400_000,
    segmentBytes: 8 * 1024,
    commitDelayMs: 5,
    commitMaxRecords: 64,
    encodeLoss: encodeLossBody,
    ...shared,
  });
  const publisher = createPublisher({
    agent: 'gw-1',
    queue,
    connection: { url: broker.url },
    nextBirth: persistedBirthCounter(join(directory.path, 'birth'), shared),
    describe: () => ({}),
    random: Math.random,
    timings: QUICK,
    ...shared,
  });
  await publisher.start(new AbortController().signal);
  agent = { queue, publisher };
  return agent;
}

async function stopAgent(): Promise<void> {
  const stopping = agent;
  agent = undefined;
  await stopping?.publisher.stop();
  await stopping?.queue.close();
}

async function append(queue: Queue, count: number): Promise<void> {
  const item = (value: number) => ({ body: sampleBody(value), points: 1, firstMs: 1_000, lastMs: 1_000 });
  await Promise.all(Array.from({ length: count }, (_, index) => queue.append(item(index))));
}

it('delivers from the disk whatever is cut or restarted meanwhile', async () => {
  let highest = 0;
  for (let round = 0; round < 3; round++) {
    const { queue } = await startAgent();
    await append(queue, 100);
    await until(() => expect(central.seqs.length).toBeGreaterThan(round * 100));
    await broker.kill();
    await append(queue, 50);
    await stopAgent();
    const { queue: reopened } = await startAgent();
    await append(reopened, 50);
    await broker.start();
    await until(() => expect(reopened.stats().pendingBatches).toBe(0));
    highest = reopened.highest();
    await stopAgent();
  }
  expect(highest).toBe(600);
  expect(new Set(central.seqs)).toEqual(new Set([...Array(600).keys()].map((index) => index + 1)));
  const births = central.states.filter(({ online }) => online).map(({ birth }) => birth);
  expect(births).toEqual([...births].sort((a, b) => a - b));
});

it('sets a batch aside that central never answers to, and the queue declares it lost', async () => {
  central.answers = ({ seq, losses }) => seq !== 2 || losses !== undefined;
  const { queue, publisher } = await startAgent();
  const live = setInterval(() => void append(queue, 1), 100);
  try {
    await until(() => expect(publisher.status().stuck).toBe(1));
  } finally {
    clearInterval(live);
  }
  await until(() =>
    expect(central.batches.flatMap(({ losses }) => losses ?? [])).toMatchObject([
      { from: 2, to: 2, reason: 'stuck' },
    ]),
  );
  await until(() => expect(queue.stats().pendingBatches).toBe(0));
  expect(queue.stats().lostBatches).toBe(1);
});

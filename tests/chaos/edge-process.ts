import { join } from 'node:path';
import { encodeLossBody, encodeSamples } from '../../contract/codec.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import { createPublisher } from '../../edge/publisher/publisher.ts';
import { persistedBirthCounter } from '../../edge/publisher/birth-counter.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { createLogger } from '../../runtime/logger.ts';
import { readJournal, writeJournal } from './journal.ts';
import { chaosAgent, samplesOfStep } from './load.ts';

export interface ChaosEdgeConfig {
  readonly brokerUrl: string;
  readonly directory: string;
  readonly journal: string;
  readonly agents: number;
  readonly stepMs: number;
  readonly queueMaxBytes: number;
}

/** What the run tells this process. */
export type ChaosEdgeOrder =
  { readonly kind: 'stop producing' } | { readonly kind: 'set the clock of one'; readonly offsetMs: number };

/** Many agents in one process that can be killed: real queues and publishers, and a journal of the samples. */
async function main(config: ChaosEdgeConfig): Promise<void> {
  // A full disk is part of the run and logs an error at each write.
  const log = createLogger({ name: 'chaos-edge', level: process.env['WARDWATCH_LOG'] ?? 'fatal' });
  const lastCounts = new Map<string, number>();
  for (const line of readJournal(config.journal)) {
    lastCounts.set(line.agent, Math.max(lastCounts.get(line.agent) ?? 0, line.count));
  }
  const queues: Queue[] = [];
  let producing = true;
  let offsetOfOneMs = 0;
  const clockOfOne: Clock = {
    now: () => systemClock.now() + offsetOfOneMs,
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs, signal),
  };
  process.on('message', (message) => {
    const order = message as ChaosEdgeOrder;
    if (order.kind === 'stop producing') producing = false;
    else offsetOfOneMs = order.offsetMs;
  });
  process.on('disconnect', () => process.exit(0));

  for (let index = 0; index < config.agents; index++) {
    const agent = chaosAgent(index);
    const directory = join(config.directory, agent);
    const clock = index === 0 ? clockOfOne : systemClock;
    const queue = await openQueue({
      directory,
      maxBytes: config.queueMaxBytes,
      segmentBytes: Math.min(1024 * 1024, Math.floor(config.queueMaxBytes / 4)),
      maxAgeMs: 30 * 86_400_000,
      commitDelayMs: 50,
      commitMaxRecords: 64,
      clock,
      log,
      encodeLoss: encodeLossBody,
    });
    queues.push(queue);
    const publisher = createPublisher({
      agent,
      queue,
      connection: { url: config.brokerUrl, username: agent, password: 'chaos' },
      nextBirth: persistedBirthCounter(join(directory, 'birth'), { clock, log }),
      describe: () => ({ kind: 'gateway', intervalMs: 2_000 }),
      clock,
      random: Math.random,
      log,
      timings: {
        firstConnectMaxMs: 300,
        backoffCapMs: 1_000,
        backoffBaseMs: 200,
        ackTimeoutMs: 2_000,
        ackTimeoutMaxMs: 4_000,
        backlogDelayMaxMs: 500,
      },
    });
    await publisher.start(new AbortController().signal);
    produce(agent, queue, clock, (lastCounts.get(agent) ?? 0) + 1);
  }

  function produce(agent: string, queue: Queue, clock: Clock, count: number): void {
    if (!producing) return;
    const timeMs = clock.now();
    writeJournal(config.journal, { kind: 'taken', agent, count, timeMs });
    for (const body of encodeSamples(samplesOfStep(agent, count, timeMs)).bodies) {
      void queue
        .append({ body: body.bytes, points: body.points, firstMs: body.firstMs, lastMs: body.lastMs })
        .then((seq) => {
          const line = seq === undefined ? ({ kind: 'lost' } as const) : ({ kind: 'durable', seq } as const);
          writeJournal(config.journal, { ...line, agent, count });
        });
    }
    setTimeout(() => produce(agent, queue, clock, count + 1), config.stepMs);
  }

  setInterval(() => {
    const pending = queues.reduce((sum, queue) => sum + queue.stats().pendingBatches, 0);
    const lost = queues.reduce((sum, queue) => sum + queue.stats().lostBatches, 0);
    process.send?.({ pending, lost, producing });
  }, 200);
}

await main(JSON.parse(process.argv[2] ?? '{}') as ChaosEdgeConfig);

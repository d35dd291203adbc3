import { join } from 'node:path';
import { encodeLossBody } from '../contract/codec.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Service } from '../runtime/service.ts';
import { createAgentCollector } from './agent-collector.ts';
import { collectorSample } from './agent-samples.ts';
import { isOnThisMachine } from './broker-config.ts';
import { OWN_NAME } from './collectors-config.ts';
import { commonTags, type EdgeConfig } from './config.ts';
import { persistedBirthCounter } from './publisher/birth-counter.ts';
import type { PublisherConnection } from './publisher/connection.ts';
import { createPublisher, type Publisher } from './publisher/publisher.ts';
import { openQueue } from './queue/open-queue.ts';
import type { Queue } from './queue/queue.ts';
import { createSampleSink, type SampleSink } from './scheduler/sample-sink.ts';
import { createScheduler, type Job } from './scheduler/scheduler.ts';

export interface AgentDeps {
  readonly config: EdgeConfig;
  readonly connection: PublisherConnection;
  readonly version: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Few writes spare the flash of a gateway; a fifth of a second is not seen on a dashboard. */
const COMMIT = { commitDelayMs: 200, commitMaxRecords: 64 };
const HEALTH_INTERVAL_MS = 30_000;
/** Central calls an agent silent after three of the intervals it promised: a hiccup of some seconds is no silence. */
const MIN_PROMISED_INTERVAL_MS = 10_000;
/** A broker on this very machine has no herd of agents to be spared. */
const NEAR_BROKER_TIMINGS = { firstConnectMaxMs: 500, backlogDelayMaxMs: 1_000 };

/** Opens the queue and puts the agent together: queue, publisher, scheduler, to be started in this order. */
export async function openAgent(deps: AgentDeps): Promise<readonly Service[]> {
  const { config, clock, log } = deps;
  const queue = await openQueue({
    directory: join(config.dataDirectory, 'queue'),
    maxBytes: config.queue.maxBytes,
    maxAgeMs: config.queue.maxAgeHours * 3_600_000,
    segmentBytes: Math.min(SEGMENT_BYTES, Math.floor(config.queue.maxBytes / 8)),
    ...COMMIT,
    clock,
    log,
    encodeLoss: encodeLossBody,
  });
  try {
    const sink = createSampleSink({ queue, log });
    const publisher = openPublisher(deps, queue);
    const tags = commonTags(config);
    const scheduler = createScheduler({
      agent: config.agent,
      jobs: createJobs(deps, { queue, publisher, sink }),
      sink: (samples, settle) => sink.accept(samples, settle),
      describeHealth: (job, health) =>
        job.name === OWN_NAME ? [] : [collectorSample(job.name, health, tags, clock.now())],
      clock,
      log,
    });
    return [queueService(queue, sink), publisher, scheduler];
  } catch (error) {
    await queue.close();
    throw error;
  }
}

function openPublisher(deps: AgentDeps, queue: Queue): Publisher {
  const { config, connection, clock, random, log } = deps;
  const shortestMs = Math.min(
    HEALTH_INTERVAL_MS,
    ...config.collectors.map((collector) => collector.intervalMs),
  );
  const intervalMs = Math.max(shortestMs, MIN_PROMISED_INTERVAL_MS);
  const description = {
    kind: config.kind,
    intervalMs,
    ...(config.site !== undefined && { site: config.site }),
    ...(config.unit !== undefined && { unit: config.unit }),
    ...(deps.version !== undefined && { software: deps.version }),
  };
  return createPublisher({
    agent: config.agent,
    queue,
    connection,
    nextBirth: persistedBirthCounter(join(config.dataDirectory, 'birth'), { clock, log }),
    describe: () => description,
    clock,
    random,
    log,
    ...(isOnThisMachine(connection.url) && { timings: NEAR_BROKER_TIMINGS }),
  });
}

function createJobs(
  deps: AgentDeps,
  parts: { readonly queue: Queue; readonly publisher: Publisher; readonly sink: SampleSink },
): Job[] {
  const { config, clock, log } = deps;
  const tags = commonTags(config);
  const jobs = config.collectors.map(({ name, kind, intervalMs, timeoutMs, options }): Job => {
    const collector = kind.create(options, {
      clock,
      log: log.child({ collector: name }),
      commonTags: tags,
      dataDirectory: config.dataDirectory,
      identity: `wardwatch-${config.agent}-${name}`,
    });
    return { name, collector, intervalMs, timeoutMs };
  });
  const itself = createAgentCollector({ ...parts, tags, clock });
  return [
    ...jobs,
    { name: OWN_NAME, collector: itself, intervalMs: HEALTH_INTERVAL_MS, timeoutMs: HEALTH_INTERVAL_MS },
  ];
}

/** Open since the start; closes last, when all that was collected is on disk. */
function queueService(queue: Queue, sink: SampleSink): Service {
  let stopping: Promise<void> | undefined;
  return {
    name: 'queue',
    start: async () => undefined,
    stop: () => (stopping ??= sink.drain().then(() => queue.close())),
  };
}

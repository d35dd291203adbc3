import { join } from 'node:path';
import { encodeLossBody } from '../contract/codec.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Service } from '../runtime/service.ts';
import type { ReadYaml } from '../runtime/yaml-thread.ts';
import { createAgentCollector } from './health/agent-collector.ts';
import { ClockWriter } from './health/clock-writer.ts';
import { LeftStates } from './health/left-states.ts';
import { isOnThisMachine } from './protocols/mqtt/broker-config.ts';
import { OWN_NAME } from './config/collectors-config.ts';
import { commonTags, type EdgeConfig } from './config/edge-config.ts';
import { persistedBirthCounter } from './publisher/birth-counter.ts';
import type { BrokerConnection } from './protocols/mqtt/connection.ts';
import { createPublisher, type Publisher } from './publisher/publisher.ts';
import { openQueue } from './queue/open-queue.ts';
import type { Queue } from './queue/queue.ts';
import { openAgentCollectors, type AgentCollectors } from './remote-config/agent-collectors.ts';
import { identityOf } from './scheduler/open-collectors.ts';
import { createSampleSink, type SampleSink } from './scheduler/sample-sink.ts';
import { createScheduler } from './scheduler/scheduler.ts';

export interface AgentDeps {
  readonly config: EdgeConfig;
  readonly connection: BrokerConnection;
  readonly version: string | undefined;
  /** For what may take long; missing: it is read in this thread. */
  readonly readYaml?: ReadYaml | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Few writes spare the flash of a gateway; a delay of 200 ms does not show on a dashboard. */
const COMMIT = { commitDelayMs: 200, commitMaxRecords: 64 };
const HEALTH_INTERVAL_MS = 30_000;
/** Central reports an agent as absent after three of its announced intervals: a delay of seconds must not count. */
const MIN_ANNOUNCED_INTERVAL_MS = 10_000;
/** A broker on the same machine has few clients, so there is no need to spread them. */
const LOCAL_BROKER_TIMINGS = { firstConnectMaxMs: 500, backlogDelayMaxMs: 1_000 };

/** Opens the queue and returns the agent's services in start order: queue, publisher, own health, collectors. */
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
    const later: { publisher?: Publisher } = {};
    const collectors = await openAgentCollectors({
      ...deps,
      sink,
      onChange: () => later.publisher?.announce(),
    });
    const publisher = openPublisher(deps, queue, collectors);
    later.publisher = publisher;
    const health = createHealth(deps, { queue, publisher, sink, collectors });
    return [queueService(queue, sink), publisher, health, collectors.service];
  } catch (error) {
    await queue.close();
    throw error;
  }
}

function openPublisher(deps: AgentDeps, queue: Queue, collectors: AgentCollectors): Publisher {
  const { config, connection, clock, random, log } = deps;
  const fixed = {
    kind: config.kind,
    ...(config.site !== undefined && { site: config.site }),
    ...(config.unit !== undefined && { unit: config.unit }),
    ...(deps.version !== undefined && { software: deps.version }),
  };
  return createPublisher({
    agent: config.agent,
    queue,
    connection,
    nextBirth: persistedBirthCounter(join(config.dataDirectory, 'birth'), { clock, log }),
    describe: () => {
      const shortestMs = Math.min(HEALTH_INTERVAL_MS, collectors.shortestIntervalMs());
      const { revision, trial, problem } = collectors.status();
      return {
        ...fixed,
        intervalMs: Math.max(shortestMs, MIN_ANNOUNCED_INTERVAL_MS),
        configRevision: revision,
        ...(trial && { configTrial: true }),
        ...(problem !== undefined && { configProblem: problem }),
      };
    },
    ...(collectors.receive !== undefined && { onConfig: collectors.receive }),
    clock,
    random,
    log,
    ...(isOnThisMachine(connection.url) && { timings: LOCAL_BROKER_TIMINGS }),
  });
}

/** Runs under every config. */
function createHealth(
  { config, clock, log }: AgentDeps,
  parts: {
    readonly queue: Queue;
    readonly publisher: Publisher;
    readonly sink: SampleSink;
    readonly collectors: AgentCollectors;
  },
): Service {
  const { sink, collectors } = parts;
  const left = new LeftStates({
    dataDirectory: config.dataDirectory,
    identityOf: (name) => identityOf(config.agent, name),
    tags: commonTags(config),
    clock,
    log,
  });
  const collector = createAgentCollector({
    ...parts,
    config: () => {
      const { revision, problem } = collectors.status();
      return { revision, failed: problem !== undefined };
    },
    clockWriter: new ClockWriter(config.dataDirectory, clock, log),
    leftStates: () => left.take(collectors.names()),
    tags: commonTags(config),
    clock,
  });
  return createScheduler({
    agent: config.agent,
    jobs: [{ name: OWN_NAME, collector, intervalMs: HEALTH_INTERVAL_MS, timeoutMs: HEALTH_INTERVAL_MS }],
    sink: (samples, reportDurable) => sink.accept(samples, reportDurable),
    describeHealth: () => [],
    clock,
    log,
  });
}

/** Already open; closes last, when all collected samples are on disk. */
function queueService(queue: Queue, sink: SampleSink): Service {
  let stopping: Promise<void> | undefined;
  return {
    name: 'queue',
    start: async () => undefined,
    stop: () => (stopping ??= sink.drain().then(() => queue.close())),
  };
}

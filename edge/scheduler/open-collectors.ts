import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ReadYaml } from '../../runtime/yaml-thread.ts';
import { commonTags, type EdgeConfig } from '../config/edge-config.ts';
import { CollectorSet } from './collector-set.ts';
import type { SampleSink } from './sample-sink.ts';

export interface OpenCollectorsDeps {
  readonly config: EdgeConfig;
  readonly sink: SampleSink;
  readonly readYaml?: ReadYaml | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OpenedCollectors {
  /** Empty until its first replace(). */
  readonly collectors: CollectorSet;
  /** For the agent and its collectors; undefined: the level of edge.yaml. */
  readonly setLogLevel: (level: string | undefined) => void;
}

/** Unique in the city. */
export function identityOf(agent: string, collector: string): string {
  return `wardwatch-${agent}-${collector}`;
}

/** Makes collectors from their configs, with what an agent gives each of them: clock, log, tags, directory, identity. */
export function openCollectors({ config, sink, readYaml, clock, log }: OpenCollectorsDeps): OpenedCollectors {
  const tags = commonTags(config);
  const ownLevel = log.level;
  const logs = new Map<string, Logger>();
  const logOf = (name: string): Logger => {
    const own = logs.get(name) ?? log.child({ collector: name });
    logs.set(name, own);
    return own;
  };
  const collectors = new CollectorSet({
    agent: config.agent,
    create: ({ name, kind, options, guard, timeoutMs }) =>
      kind.create(options, {
        ...(guard !== undefined && { guard }),
        clock,
        log: logOf(name),
        commonTags: tags,
        dataDirectory: config.dataDirectory,
        ...(config.profilesDirectory !== undefined && { profilesDirectory: config.profilesDirectory }),
        ...(readYaml !== undefined && { readYaml }),
        timeoutMs,
        handOver: (samples, reportDurable) => sink.accept(samples, reportDurable),
        identity: identityOf(config.agent, name),
      }),
    sink: (samples, reportDurable) => sink.accept(samples, reportDurable),
    commonTags: tags,
    clock,
    log,
  });
  return {
    collectors,
    // A child logger does not follow its parent's level.
    setLogLevel: (level = ownLevel) => {
      for (const one of [log, ...logs.values()]) one.level = level;
    },
  };
}

import { join } from 'node:path';
import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import { commonTags, type EdgeConfig } from '../config/edge-config.ts';
import { nodeDisk } from '../queue/disk.ts';
import type { SampleSink } from '../scheduler/sample-sink.ts';
import { checkPushedConfig } from './check-pushed-config.ts';
import { CollectorSet } from '../scheduler/collector-set.ts';
import { ConfigFiles } from './config-files.ts';
import { openRemoteConfig, type ConfigStatus } from './remote-config.ts';

export interface AgentCollectors {
  readonly service: Service;
  /** Missing where the agent's own file alone counts. */
  readonly receive?: (message: AgentConfigMessage) => void;
  status(): ConfigStatus;
  /** Infinity while none runs. */
  shortestIntervalMs(): number;
}

export interface OpenCollectorsDeps {
  readonly config: EdgeConfig;
  readonly sink: SampleSink;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where the records of pushed configs stand. */
export function configDirectory(config: EdgeConfig): string {
  return join(config.dataDirectory, 'config');
}

/** The collectors of this agent: those of its file, or those that central pushed last and that work. */
export async function openCollectors(deps: OpenCollectorsDeps): Promise<AgentCollectors> {
  const { config, onChange, clock, log } = deps;
  const logs = new Map<string, Logger>();
  const ownLevel = log.level;
  const collectors = createCollectorSet(deps, logs);
  const shortestIntervalMs = (): number => collectors.shortestIntervalMs;
  if (!config.configFromCentral.accept) {
    const service = {
      name: 'collectors',
      start: () => collectors.replace(config.collectors),
      stop: () => collectors.close(),
    };
    return { service, shortestIntervalMs, status: () => ({ revision: 0, trial: false, problem: undefined }) };
  }
  const remote = await openRemoteConfig({
    files: new ConfigFiles({ directory: configDirectory(config), disk: nodeDisk, log }),
    own: config.collectors,
    collectors,
    check: (pushed) => checkPushedConfig(pushed, config.configFromCentral.secretsDirectory),
    // A child keeps the level that it was born with.
    setLogLevel: (level = ownLevel) => {
      for (const one of [log, ...logs.values()]) one.level = level;
    },
    onChange,
    clock,
    log,
  });
  return {
    service: remote,
    receive: (message) => remote.receive(message),
    status: () => remote.status(),
    shortestIntervalMs,
  };
}

/** `logs`: of each collector, by name. */
function createCollectorSet(
  { config, sink, clock, log }: OpenCollectorsDeps,
  logs: Map<string, Logger>,
): CollectorSet {
  const tags = commonTags(config);
  const logOf = (name: string): Logger => {
    const own = logs.get(name) ?? log.child({ collector: name });
    logs.set(name, own);
    return own;
  };
  return new CollectorSet({
    agent: config.agent,
    create: ({ name, kind, options }) =>
      kind.create(options, {
        clock,
        log: logOf(name),
        commonTags: tags,
        dataDirectory: config.dataDirectory,
        handOver: (samples, settle) => sink.accept(samples, settle),
        identity: `wardwatch-${config.agent}-${name}`,
      }),
    sink: (samples, settle) => sink.accept(samples, settle),
    commonTags: tags,
    clock,
    log,
  });
}

import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { ReadYaml } from '../../runtime/yaml-thread.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { nodeDisk } from '../queue/disk.ts';
import { openCollectors } from '../scheduler/open-collectors.ts';
import type { SampleSink } from '../scheduler/sample-sink.ts';
import { checkPushedConfig } from './check-pushed-config.ts';
import { configDirectory, ConfigFiles } from './config-files.ts';
import { pushedLimitsOf } from './pushed-limits.ts';
import { openRemoteConfig, type ConfigStatus } from './remote-config.ts';

export interface AgentCollectors {
  readonly service: Service;
  /** Missing when configs from central are not accepted. */
  readonly receive?: (message: AgentConfigMessage) => void;
  status(): ConfigStatus;
  /** Of those that run. */
  names(): readonly string[];
  /** Infinity while none runs. */
  shortestIntervalMs(): number;
}

export interface AgentCollectorsDeps {
  readonly config: EdgeConfig;
  readonly sink: SampleSink;
  readonly onChange: () => void;
  readonly readYaml?: ReadYaml | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The collectors of the agent's own file, or those of the last good config from central. */
export async function openAgentCollectors(deps: AgentCollectorsDeps): Promise<AgentCollectors> {
  const { config, onChange, clock, log } = deps;
  const { collectors, setLogLevel } = openCollectors(deps);
  const running = {
    names: () => collectors.names,
    shortestIntervalMs: () => collectors.shortestIntervalMs,
  };
  if (!config.configFromCentral.accept) {
    const service = {
      name: 'collectors',
      start: () => collectors.replace(config.collectors),
      stop: () => collectors.close(),
    };
    return { service, ...running, status: () => ({ revision: 0, trial: false, problem: undefined }) };
  }
  const limits = pushedLimitsOf(config);
  const remote = await openRemoteConfig({
    files: new ConfigFiles({ directory: configDirectory(config), disk: nodeDisk, log }),
    own: config.collectors,
    collectors,
    check: (pushed) => checkPushedConfig(pushed, limits),
    setLogLevel,
    onChange,
    clock,
    log,
  });
  return {
    service: remote,
    receive: (message) => remote.receive(message),
    status: () => remote.status(),
    ...running,
  };
}

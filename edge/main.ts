import { systemClock } from '../runtime/clock.ts';
import { lockDirectory } from '../runtime/directory-lock.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { createLogger, type Logger } from '../runtime/logger.ts';
import { runServices } from '../runtime/service.ts';
import { systemdNotifier } from '../runtime/systemd.ts';
import type { ReadYaml } from '../runtime/yaml-thread.ts';
import { openAgent } from './agent.ts';
import { readConnection, sendsPasswordInClear } from './protocols/mqtt/broker-config.ts';
import { loadEdgeConfig, type EdgeConfig } from './config/edge-config.ts';

export interface EdgeOptions {
  /** Required unless `config` is given. */
  readonly configFile?: string;
  readonly config?: EdgeConfig;
  readonly shutdown: AbortSignal;
  readonly log?: Logger;
  /** Sent to central in the birth message. */
  readonly version?: string;
  /** Reads YAML of others beside everything else. */
  readonly readYaml?: ReadYaml;
  readonly onReady?: () => void;
}

const STOP_TIMEOUT_MS = 8_000;

/**
 * Runs an edge agent (collectors, disk queue, publisher) until `shutdown`. An unreachable broker is no error. Throws a
 * UserError on an invalid configuration (exit 2) and on a data directory that is unusable or in use (exit 4).
 */
export async function runEdge(options: EdgeOptions): Promise<void> {
  const config = options.config ?? (await readConfig(options.configFile));
  const connection = readConnection(config.broker, process.env);
  const log = options.log ?? createLogger({ name: 'wardwatch-edge', level: config.log.level });
  if (sendsPasswordInClear(connection)) {
    log.warn({ url: connection.url }, 'the password crosses the network in the clear; use mqtts://');
  }
  const lock = lockDirectory(config.dataDirectory);
  try {
    const { version, readYaml, shutdown, onReady } = options;
    const services = await openAgent({
      config,
      connection,
      version,
      readYaml,
      clock: systemClock,
      random: Math.random,
      log,
    });
    const collectors = config.collectors.map((collector) => collector.name);
    log.info({ agent: config.agent, broker: connection.url, collectors }, 'agent starts');
    const systemd = systemdNotifier(process.env, log);
    await runServices([...services, ...(systemd === undefined ? [] : [systemd])], {
      log,
      shutdown,
      stopTimeoutMs: STOP_TIMEOUT_MS,
      ...(onReady !== undefined && { onReady }),
    });
    log.info({ agent: config.agent }, 'agent stopped');
  } finally {
    lock.release();
  }
}

async function readConfig(file: string | undefined): Promise<EdgeConfig> {
  if (file === undefined) throw new UserError(EXIT.badConfig, ['no configuration file given']);
  return loadEdgeConfig(file);
}

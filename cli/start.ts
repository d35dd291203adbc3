import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { CentralConfig } from '../central/config/config.ts';
import { centralConfigSchema } from '../central/config/config.ts';
import { createCentral, type Central } from '../central/main.ts';
import { notifyConfigSchema } from '../central/notify/settings/notify-config.ts';
import { deriveAgentPassword } from '../contract/credentials.ts';
import { checkAll, checkConfig, loadConfig } from '../runtime/config.ts';
import { lockDirectory } from '../runtime/directory-lock.ts';
import { keepHeapSmall } from '../runtime/heap.ts';
import { makeDirectory } from '../runtime/make-directory.ts';
import { createLogger, type Logger } from '../runtime/logger.ts';
import { runServices, type Service } from '../runtime/service.ts';
import { buildCity } from '../simulators/city/build-city.ts';
import { DemoCity } from '../simulators/demo/demo-city.ts';
import { checkAgentConfig } from './check-agent-config.ts';
import { createChild } from './child.ts';
import { keepFilesPrivate } from './file-modes.ts';
import { createProgress } from './progress.ts';
import { createSecretFile } from './secret-file.ts';
import { VERSION } from './version.ts';
import { print, terminalJson } from './terminal.ts';
import { readYaml } from './yaml-thread.ts';

export interface StartOptions {
  readonly units: number;
  readonly for?: number;
  readonly dataDir: string;
  readonly port: number;
  readonly brokerPort: number;
  readonly influx?: string;
  readonly broker?: string;
  /** A file with section `notify` of `central.yaml`. */
  readonly notify?: string;
  /** A directory. */
  readonly rules?: string;
  readonly seed: number;
  readonly json?: true;
  readonly logLevel: string;
}

/** Of each child process. */
const STOP_TIMEOUT_MS = 10_000;
/** More than the parts of central take together at most. */
const CENTRAL_STOP_TIMEOUT_MS = 30_000;

/**
 * The whole city on one machine: central with its broker and store in this process, and two child processes that end
 * with it: the real agent of this machine and the simulated fleet.
 */
export async function runStart(options: StartOptions, shutdown: AbortSignal): Promise<void> {
  keepHeapSmall();
  keepFilesPrivate();
  const config = configOfStart(options);
  const lock = lockDirectory(options.dataDir);
  try {
    const log = createLogger({ name: 'wardwatch', level: options.logLevel });
    await runCity(options, config, log, shutdown);
  } finally {
    lock.release();
  }
}

async function runCity(
  options: StartOptions,
  config: CentralConfig,
  log: Logger,
  shutdown: AbortSignal,
): Promise<void> {
  const secretFile = join(options.dataDir, 'fleet-secret');
  const secret = createSecretFile(secretFile);
  const model = buildCity({ seed: options.seed, unitCount: options.units });
  const own = ownAgentId();
  const demo = new DemoCity({
    inventory: model.inventory,
    now: () => Date.now(),
    send: (demoFaults) => city.tell({ demoFaults }),
  });
  const central = createCentral(config, {
    log,
    demo,
    inventory: model.inventory,
    version: VERSION,
    env: process.env,
    checkAgentConfig,
    readYaml,
  });
  const fleetArguments = (): string[] => [
    'simulate',
    ...['--broker', central.brokerUrl()],
    ...['--data-dir', join(options.dataDir, 'city')],
    ...['--secret-file', secretFile],
    ...['--units', String(options.units)],
    ...['--seed', String(options.seed)],
    '--json',
  ];
  const city = createChild({
    name: 'simulated city',
    args: fleetArguments,
    // A city makes little garbage at a time: large young generations and threads for them cost more than they save.
    nodeOptions: ['--max-semi-space-size=2', '--single-threaded-gc'],
    log,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    onLaunch: () => demo.tell(),
  });
  const services: Service[] = [
    central,
    prepareAgents(central, [...model.inventory.agents.map((agent) => agent.id), own], secret),
    createChild({
      name: 'edge agent',
      args: () => ['edge', '--config', writeEdgeConfig(options, central, own, secret)],
      // As in packaging/systemd: an agent makes little garbage, and this saves 15 MiB.
      nodeOptions: ['--max-semi-space-size=1'],
      log,
      stopTimeoutMs: STOP_TIMEOUT_MS,
    }),
    city,
    createProgress({
      central,
      json: options.json === true,
      expectedAgents: model.inventory.agents.length + 1,
    }),
  ];
  await runServices(services, {
    log,
    shutdown,
    stopTimeoutMs: CENTRAL_STOP_TIMEOUT_MS,
    onReady: () => announce(options, central, own),
  });
}

/** Gives each agent of the city its password at the embedded broker before it connects. */
function prepareAgents(central: Central, agents: readonly string[], secret: string): Service {
  return {
    name: 'agent credentials',
    start: async () => {
      central.credentials().register(
        agents.map((agent) => [agent, deriveAgentPassword(secret, agent)] as const),
        Date.now(),
      );
    },
    stop: async () => undefined,
  };
}

/** Throws a UserError (exit 2) with every problem of the options and of the file that `notify` names. */
export function configOfStart(options: StartOptions): CentralConfig {
  const [config, notify] = checkAll(
    () => checkConfig('command line', centralConfigOf(options), centralConfigSchema),
    () => (options.notify === undefined ? undefined : loadConfig(options.notify, notifyConfigSchema)),
  );
  return { ...config, ...(notify !== undefined && { notify }) };
}

function centralConfigOf(options: StartOptions): unknown {
  return {
    dataDirectory: join(options.dataDir, 'central'),
    api: { port: options.port },
    broker:
      options.broker === undefined
        ? { kind: 'embedded', port: options.brokerPort }
        : { kind: 'external', url: options.broker },
    store: options.influx === undefined ? { kind: 'duckdb' } : { kind: 'influx', url: options.influx },
    ...(options.rules !== undefined && { rulesDirectory: options.rules }),
  };
}

function writeEdgeConfig(options: StartOptions, central: Central, agent: string, secret: string): string {
  const directory = join(options.dataDir, 'edge');
  makeDirectory(directory, 0o750);
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, deriveAgentPassword(secret, agent), { mode: 0o600 });
  const file = join(directory, 'edge.yaml');
  const config = {
    agent,
    kind: 'server',
    dataDirectory: directory,
    broker: { url: central.brokerUrl(), username: agent, passwordFile },
    log: { level: options.logLevel },
    collectors: [
      { kind: 'server', intervalMs: 5_000 },
      { kind: 'ping', intervalMs: 30_000, targets: ['127.0.0.1'] },
    ],
  };
  // JSON is valid YAML.
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** This machine's host name, in the characters that an agent id may have. */
function ownAgentId(): string {
  const name = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 58);
  return `host-${name}`;
}

function announce(options: StartOptions, central: Central, own: string): void {
  const adminToken = central.firstAdminToken();
  const url = central.apiUrl();
  // Whoever reads it has the token below as well.
  const page = central.pageLink('admin');
  if (options.json === true) {
    const ready = {
      event: 'ready',
      apiUrl: url,
      docsUrl: `${url}/docs`,
      pageUrl: page,
      brokerUrl: central.brokerUrl(),
      store: central.storeName(),
      dataDirectory: options.dataDir,
      agent: own,
      ...(adminToken !== undefined && { adminToken }),
    };
    print(terminalJson(ready));
    return;
  }
  const lines: [string, string][] = [
    ['Board', `${page}   (opens once, within ten minutes)`],
    ['Another link', `wardwatch page-link --url ${url} --token-file FILE   (a file with a token)`],
    ['API', `${url}/api/v1   documentation: ${url}/docs`],
    ['MQTT broker', central.brokerUrl()],
    ['Samples in', central.storeName()],
    ['This machine', `agent ${own}: ${url}/api/v1/latest?measurement=cpu&tag.agent=${own}`],
    ['City', `${options.units} units, simulated`],
    ['Data', options.dataDir],
    adminToken === undefined
      ? [
          'Token',
          `as printed before; for another: wardwatch tokens add NAME --role admin --data-dir ${join(options.dataDir, 'central')}`,
        ]
      : [
          'Admin token',
          `${adminToken}   (keep it: it is printed at each start, each time another, until one was used)`,
        ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  print('\n  Wardwatch is running. Ctrl-C stops it.\n\n');
  for (const [name, text] of lines) print(`  ${name.padEnd(width)}  ${text}\n`);
  print('\n');
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../../central/access/tokens.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { openStateDatabase, type StateDatabase } from '../../../central/state/database.ts';
import { freePort } from '../../support/free-port.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { BEAT_RULE, BEAT_RULE_ID } from './alert-beat.ts';
import { BENCH_PASSWORD } from './sender.ts';

/** As in packaging/systemd/wardwatch-central.service. */
const CENTRAL_NODE_OPTIONS = ['--max-semi-space-size=8'];
const CENTRAL_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

export interface CentralOptions {
  readonly dist: string;
  /** Empty; removed by the caller. */
  readonly directory: string;
  readonly broker: 'embedded' | 'external';
  readonly brokerPort: number;
  /** Missing: the embedded store. */
  readonly influxUrl?: string;
  readonly influxPid?: number;
  /** Agents that may connect to the embedded broker, all with BENCH_PASSWORD. */
  readonly agents: readonly string[];
  /** Files of the rules directory, by id; default: the rule of the beat. */
  readonly rules?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly inventory?: InventoryFile;
  /** Further settings of central.yaml. */
  readonly settings?: object;
  /** Writes what central knows when it starts; default: nothing. */
  readonly fillPast?: FillPast;
}

/** Of a state.db and a store that nobody else has opened; without `influxUrl` the store is that file. */
export interface PastPlace {
  readonly database: StateDatabase;
  readonly storeFile: string;
  readonly influxUrl: string | undefined;
  /** Of its own process. */
  readonly storePid: number | undefined;
}

export type FillPast = (place: PastPlace) => Promise<void>;

export interface CentralProcess {
  readonly pid: number;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** Points of one agent that are stored so far. */
  storedPoints(agent: string): Promise<number>;
  /** The text of the API's answer, as a viewer. */
  get(path: string): Promise<string>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** The same command again; resolves once it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real `wardwatch central` with its own broker and store, for `agents` that are measured. */
export async function startCentralWithBroker(
  options: Pick<CentralOptions, 'dist' | 'directory' | 'agents'>,
): Promise<{ readonly central: CentralProcess; readonly brokerPort: number }> {
  const brokerPort = await freePort();
  return { central: await startCentral({ ...options, broker: 'embedded', brokerPort }), brokerPort };
}

/** A real `wardwatch central`, with the shipped rules and those of the bench. */
export async function startCentral(options: CentralOptions): Promise<CentralProcess> {
  const { directory, dist, inventory, rules = { [BEAT_RULE_ID]: BEAT_RULE } } = options;
  const dataDirectory = join(directory, 'central');
  const rulesDirectory = join(directory, 'rules');
  mkdirSync(dataDirectory);
  mkdirSync(rulesDirectory);
  for (const [id, text] of Object.entries(rules)) writeFileSync(join(rulesDirectory, `${id}.yaml`), text);
  const token = await prepareState(dataDirectory, options);
  const apiPort = await freePort();
  const file = join(directory, 'central.yaml');
  const inventoryFile = join(directory, 'inventory.yaml');
  if (inventory !== undefined) writeFileSync(inventoryFile, JSON.stringify(inventory));
  const config = {
    ...configOf(options),
    ...{ dataDirectory, rulesDirectory, api: { port: apiPort, exemptAddresses: ['127.0.0.1'] } },
    ...(inventory !== undefined && { inventoryFile }),
    ...options.settings,
  };
  writeFileSync(file, JSON.stringify(config));
  const url = `http://127.0.0.1:${apiPort}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [...CENTRAL_NODE_OPTIONS, join(dist, 'wardwatch.js'), 'central', '--config', file],
    env: { ...process.env, ...CENTRAL_ENVIRONMENT },
    isReady: () => answers(`${url}/healthz`),
  });
  await server.start();
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    return answer;
  };
  return {
    get pid() {
      return server.pid;
    },
    metrics: async () => (await get('/metrics')).text(),
    get: async (path) => (await get(path)).text(),
    kill: () => server.kill('SIGKILL'),
    restart: () => server.start(),
    storedPoints: async (agent) => {
      const { items } = (await (await get(`/api/v1/ledger?agent=${agent}`)).json()) as LedgerPage;
      return items.reduce((sum, { storedPoints }) => sum + storedPoints, 0);
    },
    stop: () => server.dispose(),
  };
}

interface LedgerPage {
  readonly items: readonly { readonly storedPoints: number }[];
}

/** Returns a token with the role viewer. */
async function prepareState(
  dataDirectory: string,
  { agents, influxUrl, influxPid, fillPast }: CentralOptions,
): Promise<string> {
  const state = openStateDatabase(join(dataDirectory, 'state.db'));
  try {
    const credentials = agents.map((agent) => [agent, BENCH_PASSWORD] as const);
    openAgentCredentials(state).register(credentials, Date.now());
    const storeFile = join(dataDirectory, 'wardwatch.duckdb');
    await fillPast?.({ database: state, storeFile, influxUrl, storePid: influxPid });
    return openTokenStore(state).create('bench', 'viewer', Date.now()).token;
  } finally {
    state.close();
  }
}

function configOf({ broker, brokerPort, influxUrl }: CentralOptions): object {
  return {
    broker:
      broker === 'embedded'
        ? // Thousands of agents behind one address, all at once.
          { kind: 'embedded', port: brokerPort, exemptAddresses: ['127.0.0.1'] }
        : { kind: 'external', url: `mqtt://127.0.0.1:${brokerPort}` },
    store: influxUrl === undefined ? { kind: 'duckdb' } : { kind: 'influx', url: influxUrl },
    log: { level: 'error' },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

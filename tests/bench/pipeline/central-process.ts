import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../../central/access/tokens.ts';
import { writeInventoryText } from '../../../central/inventory/inventory-text.ts';
import { openStateDatabase, type StateDatabase } from '../../../central/state/database.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { freePort } from '../../support/free-port.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { BEAT_RULE } from './alert-beat.ts';
import { BENCH_PASSWORD } from './sender.ts';

const TIME_ZONE = 'Asia/Ho_Chi_Minh';
/** As in packaging/systemd/wardwatch-central.service. */
const CENTRAL_NODE_OPTIONS = ['--max-semi-space-size=8'];

export interface CentralOptions {
  readonly dist: string;
  /** Empty; removed by the caller. */
  readonly directory: string;
  readonly broker: 'embedded' | 'external';
  readonly brokerPort: number;
  /** Missing: the embedded store. */
  readonly influxUrl?: string;
  /** Agents that may connect to the embedded broker, all with BENCH_PASSWORD. */
  readonly agents: readonly string[];
  readonly past?: CentralPast;
}

/** What a central knows when it starts. */
export interface CentralPast {
  readonly inventory: InventoryFile;
  /** Writes to its state.db and its store, which nobody else has opened. */
  fill(place: PastPlace): Promise<void>;
}

export interface PastPlace {
  readonly database: StateDatabase;
  readonly storeFile: string;
  readonly influxUrl: string | undefined;
}

export interface CentralProcess {
  readonly pid: number;
  /** Asks the API; rejects where it refuses. */
  get(path: string): Promise<Response>;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** Points of one agent that are stored so far. */
  storedPoints(agent: string): Promise<number>;
  stop(): Promise<void>;
}

/** A real `wardwatch central` with its own broker and store, for `agents` that are measured. */
export async function startCentralWithBroker(
  options: Pick<CentralOptions, 'dist' | 'directory' | 'agents'>,
): Promise<{ readonly central: CentralProcess; readonly brokerPort: number }> {
  const brokerPort = await freePort();
  return { central: await startCentral({ ...options, broker: 'embedded', brokerPort }), brokerPort };
}

/** A real `wardwatch central`, with the shipped rules and that of the bench. */
export async function startCentral(options: CentralOptions): Promise<CentralProcess> {
  const { directory, dist, past } = options;
  const dataDirectory = join(directory, 'central');
  const rulesDirectory = join(directory, 'rules');
  mkdirSync(dataDirectory);
  mkdirSync(rulesDirectory);
  writeFileSync(join(rulesDirectory, 'bench_beat.yaml'), BEAT_RULE);
  const token = await prepareState(dataDirectory, options);
  const apiPort = await freePort();
  const file = join(directory, 'central.yaml');
  const inventoryFile = join(directory, 'inventory.yaml');
  if (past !== undefined) writeFileSync(inventoryFile, writeInventoryText(past.inventory, 'bench'));
  const api = { port: apiPort, exemptAddresses: ['127.0.0.1'] };
  const config = {
    ...configOf(options),
    ...{ dataDirectory, rulesDirectory, api },
    ...(past !== undefined && { inventoryFile, timeZone: TIME_ZONE }),
  };
  writeFileSync(file, JSON.stringify(config));
  const url = `http://127.0.0.1:${apiPort}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [...CENTRAL_NODE_OPTIONS, join(dist, 'wardwatch.js'), 'central', '--config', file],
    isReady: () => answers(`${url}/healthz`),
  });
  await server.start();
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    return answer;
  };
  return {
    pid: server.pid,
    get,
    metrics: async () => (await get('/metrics')).text(),
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
  { agents, past, influxUrl }: CentralOptions,
): Promise<string> {
  const state = openStateDatabase(join(dataDirectory, 'state.db'));
  try {
    const credentials = agents.map((agent) => [agent, BENCH_PASSWORD] as const);
    openAgentCredentials(state).register(credentials, Date.now());
    await past?.fill({ database: state, storeFile: join(dataDirectory, 'wardwatch.duckdb'), influxUrl });
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

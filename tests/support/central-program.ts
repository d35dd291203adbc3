import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../central/access/tokens.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import type { ShiftedClock } from './shifted-clock.ts';
import { Wardwatch, type Ended } from './wardwatch.ts';

/** As packaging/systemd/wardwatch-central.service starts it. */
const NODE_OPTIONS = ['--max-semi-space-size=8'];
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

export const AGENT_PASSWORD = 'only in tests';

export interface CentralOptions {
  /** Empty, or the data directory of an earlier central. */
  readonly directory: string;
  readonly agents: readonly string[];
  readonly store?: object;
  /** Default: the embedded broker on a free port. */
  readonly broker?: object;
  /** Additional settings of central.yaml. */
  readonly settings?: object;
  /** Its machine's clock; default: the real one. */
  readonly clock?: ShiftedClock | undefined;
}

export interface QuarantineItem {
  readonly id: number;
  readonly agent: string;
  readonly seq?: number;
  readonly row?: number;
  readonly code: string;
  readonly reason: string;
}

export interface LedgerItem {
  readonly agent: string;
  readonly stored: readonly (readonly [number, number])[];
  readonly missing: readonly unknown[];
  readonly declaredLost: readonly unknown[];
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly completeness: number;
}

/** The built `wardwatch central` with its embedded broker, and its API with an admin's token. */
export class CentralProgram {
  readonly #program: Wardwatch;
  readonly #token: string;
  readonly apiUrl: string;
  readonly brokerUrl: string;

  private constructor(program: Wardwatch, token: string, ready: Record<string, unknown>) {
    this.#program = program;
    this.#token = token;
    this.apiUrl = String(ready['apiUrl']);
    this.brokerUrl = String(ready['brokerUrl']);
  }

  static async start({
    directory,
    agents,
    store = { kind: 'duckdb' },
    broker = { kind: 'embedded', host: '127.0.0.1', port: 0 },
    settings = {},
    clock,
  }: CentralOptions): Promise<CentralProgram> {
    const dataDirectory = join(directory, 'data');
    mkdirSync(dataDirectory, { recursive: true });
    const state = openStateDatabase(join(dataDirectory, 'state.db'));
    const { token } = openTokenStore(state).create('test', 'admin', Date.now());
    openAgentCredentials(state).register(
      agents.map((agent) => [agent, AGENT_PASSWORD] as const),
      Date.now(),
    );
    state.close();
    const file = join(directory, 'central.yaml');
    writeFileSync(
      file,
      JSON.stringify({
        dataDirectory,
        api: { port: 0 },
        broker,
        store,
        log: { level: 'silent' },
        ...settings,
      }),
    );
    const program = new Wardwatch(['central', '--config', file, '--json'], clock, NODE_OPTIONS, ENVIRONMENT);
    return new CentralProgram(program, token, await program.event('ready'));
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.fetch(path);
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  fetch(path: string, init: { readonly method?: string; readonly body?: unknown } = {}): Promise<Response> {
    const { method = 'GET', body } = init;
    return fetch(`${this.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  get token(): string {
    return this.#token;
  }

  /** A value of /metrics, such as `wardwatch_refused_rows{code="future"}`; 0 when it is missing. */
  async metric(name: string): Promise<number> {
    const lines = (await (await this.fetch('/metrics')).text()).split('\n');
    const line = lines.find((text) => text.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  /** Newest first. */
  async quarantined(query: string): Promise<readonly QuarantineItem[]> {
    const path = `/api/v1/quarantine?limit=1000&${query}`;
    return (await this.get<{ items: readonly QuarantineItem[] }>(path)).items;
  }

  async ledgerOf(agent: string): Promise<LedgerItem | undefined> {
    return (await this.get<{ items: readonly LedgerItem[] }>(`/api/v1/ledger?agent=${agent}`)).items[0];
  }

  /** What it logged so far, as far as `settings.log` lets it. */
  get log(): string {
    return this.#program.stderr;
  }

  /** `SIGSTOP`, `SIGCONT`. */
  signal(signal: NodeJS.Signals): void {
    this.#program.signal(signal);
  }

  end(signal: NodeJS.Signals): Promise<Ended> {
    return this.#program.end(signal);
  }
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { AGENT_PASSWORD, CentralProgram } from './central-program.ts';
import { freePort } from './free-port.ts';
import { startMosquitto, type MosquittoServer } from './mosquitto.ts';
import { temporaryDirectory } from './server-process.ts';
import { Wardwatch, type Ended } from './wardwatch.ts';

export const AGENT = 'gw-26734-01';

export interface ConfigView {
  readonly state: string;
  readonly desired: number;
  readonly running: number;
  readonly problem?: { readonly revision: number; readonly reason: string };
  readonly history: readonly { readonly revision: number }[];
}

/** The ACL of docs/central.md. */
const ACL = [
  'user central',
  'topic readwrite wardwatch/1/#',
  'pattern write wardwatch/1/+/%u/up',
  'pattern write wardwatch/1/+/%u/state',
  'pattern read wardwatch/1/+/%u/ack',
  'pattern read wardwatch/1/+/%u/config',
  'pattern read wardwatch/1/control/flow',
];

/** A real central, a real broker (embedded or Mosquitto) and one real agent; each can be killed and started again. */
export class ConfigCity {
  readonly #scratch = temporaryDirectory('agent-config');
  readonly #broker: 'embedded' | 'mosquitto';
  /** Of edge.yaml, from the next start of the agent on. What is there to be reached is on this machine. */
  configFromCentral: object = { allowTargets: ['127.0.0.0/8'] };
  #brokerConfig: object = {};
  #brokerUrl = '';
  #central: CentralProgram | undefined;
  #edge: Wardwatch | undefined;
  mosquitto: MosquittoServer | undefined;

  constructor(broker: 'embedded' | 'mosquitto') {
    this.#broker = broker;
  }

  get central(): CentralProgram {
    if (this.#central === undefined) throw new Error('central does not run');
    return this.#central;
  }

  get edge(): Wardwatch {
    if (this.#edge === undefined) throw new Error('the agent does not run');
    return this.#edge;
  }

  get brokerUrl(): string {
    return this.#brokerUrl;
  }

  file(name: string, content: unknown): string {
    const file = join(this.#scratch.path, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  /** A file in the directory from which pushed configs may read secrets. */
  secretFile(name: string, secret: string): string {
    mkdirSync(join(this.#scratch.path, 'secrets'), { recursive: true });
    return this.file(join('secrets', name), secret);
  }

  async start(): Promise<void> {
    if (this.#broker === 'mosquitto') {
      const users = { central: 'of central', [AGENT]: AGENT_PASSWORD };
      this.mosquitto = await startMosquitto({ users, acl: ACL, settings: ['max_inflight_messages 0'] });
      this.#brokerUrl = this.mosquitto.url;
      const password = { value: users.central };
      this.#brokerConfig = { kind: 'external', url: this.#brokerUrl, username: 'central', password };
    } else {
      const port = await freePort();
      this.#brokerUrl = `mqtt://127.0.0.1:${port}`;
      this.#brokerConfig = { kind: 'embedded', host: '127.0.0.1', port };
    }
    await this.startCentral();
    this.startEdge();
  }

  async startCentral(): Promise<void> {
    const directory = join(this.#scratch.path, 'central');
    mkdirSync(directory, { recursive: true });
    this.#central = await CentralProgram.start({ directory, agents: [AGENT], broker: this.#brokerConfig });
  }

  startEdge(): void {
    const config = this.file('edge.yaml', {
      agent: AGENT,
      dataDirectory: join(this.#scratch.path, 'edge'),
      broker: { url: this.#brokerUrl, username: AGENT, passwordFile: this.secretFile('own', AGENT_PASSWORD) },
      collectors: [{ kind: 'server', intervalMs: 2_000 }],
      configFromCentral: { secretsDirectory: join(this.#scratch.path, 'secrets'), ...this.configFromCentral },
    });
    this.#edge = new Wardwatch(['edge', '--config', config]);
  }

  loseEdgeData(): void {
    rmSync(join(this.#scratch.path, 'edge'), { recursive: true });
  }

  async stop(): Promise<void> {
    await this.#edge?.end('SIGKILL');
    await this.#central?.end('SIGKILL');
    await this.mosquitto?.stop();
    this.#scratch.remove();
  }

  /** Pushes collectors over the API; returns its answer. */
  async push(
    collectors: readonly object[] | object,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const config = Array.isArray(collectors) ? { collectors: collectors as unknown } : collectors;
    const { desired: expectedRevision } = await this.config();
    const path = `/api/v1/agents/${AGENT}/config`;
    const answer = await this.central.fetch(path, { method: 'PUT', body: { expectedRevision, config } });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  }

  config(): Promise<ConfigView> {
    return this.central.get(`/api/v1/agents/${AGENT}/config`);
  }

  until(check: () => Promise<void>): Promise<void> {
    return vi.waitFor(check, { timeout: 60_000, interval: 100 });
  }

  async untilState(expected: Partial<ConfigView>): Promise<ConfigView> {
    const wanted = Object.entries(expected);
    let seen: ConfigView | undefined;
    await this.until(async () => {
      seen = await this.config();
      const now = new Map(Object.entries(seen));
      const wrong = wanted.filter(([key, value]) => now.get(key) !== value);
      if (wrong.length > 0)
        throw new Error(`expected ${JSON.stringify(expected)}, is ${JSON.stringify(seen)}`);
    });
    if (seen === undefined) throw new Error('no attempt was made');
    return seen;
  }

  /** `wardwatch agents config` against this central. */
  command(...args: readonly string[]): Promise<Ended> {
    return this.run('config', ...args);
  }

  /** A subcommand of `wardwatch agents` against this central. */
  run(subcommand: string, ...args: readonly string[]): Promise<Ended> {
    const tokenFile = this.file('token', this.central.token);
    const options = ['--url', this.central.apiUrl, '--token-file', tokenFile];
    return new Wardwatch(['agents', subcommand, ...args, ...options]).end();
  }

  /** Lines of the agent's log with this message. */
  logged(message: string): readonly Record<string, unknown>[] {
    return this.edge.stderr
      .split('\n')
      .filter((line) => line.includes(`"msg":${JSON.stringify(message)}`))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

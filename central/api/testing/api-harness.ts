import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBatch, encodeSamples } from '../../../contract/codec.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { Sample } from '../../../contract/sample.ts';
import { agentTopic } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { ServiceStack } from '../../../runtime/service.ts';
import type { Role } from '../../access/tokens.ts';
import { rolloutSettingsSchema } from '../../agent-config/rollout/rollout.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../alerts/rules/load-rules.ts';
import { readInventory } from '../../inventory/inventory.ts';
import { FakeBus } from '../../mqtt/testing/fake-bus.ts';
import type { OnCallCalendars } from '../../notify/on-call/calendars.ts';
import { FakeReceiver } from '../../notify/testing/fake-channel.ts';
import { createParts, type SharedParts } from '../../parts.ts';
import { openStateDatabase } from '../../state/database.ts';
import { statusPage, STATUS_PAGE_PATH } from '../../status-page/status-page.ts';
import { boardRoutes } from '../../board/board-routes.ts';
import { readBoard } from '../../board/read-board.ts';
import { writeStandInBoard } from '../../board/testing/stand-in-board.ts';
import { createStore } from '../../store/create-store.ts';
import { buildApi } from '../app.ts';
import type { App } from '../fastify-app.ts';
import type { OidcLogin } from '../routes/oidc-login.ts';
import { RealWork } from './real-work.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: Record<string, unknown>;
}

interface CallOptions {
  readonly token?: string;
  readonly payload?: string;
  readonly type?: string;
  readonly address?: string;
  readonly accept?: string;
  /** Others than those. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HarnessLogins {
  /** Over the virtual time of the harness. */
  readonly oidc?: (deps: { readonly clock: Clock }) => OidcLogin;
}

export interface HarnessCity {
  /** The caller waits until what it sent is stored: no other waiting, which takes long over days. */
  readonly waitsItself?: boolean;
  readonly inventory: InventoryFile;
  readonly timeZone: string;
  readonly startMs: number;
  readonly onCall?: OnCallCalendars;
}

/** The whole API and the page over a central with a few of everything, on virtual time and without a port. */
export class ApiHarness {
  readonly app: App;
  readonly parts: SharedParts;
  readonly bus: FakeBus;
  readonly tokens: Readonly<Record<Role, string>>;
  readonly #stack: ServiceStack;
  readonly #clock: ManualClock;
  readonly #lastSeq = new Map<string, number>();
  #calls = 0;

  private constructor(app: App, parts: SharedParts, bus: FakeBus, stack: ServiceStack, clock: ManualClock) {
    this.bus = bus;
    this.app = app;
    this.parts = parts;
    this.#stack = stack;
    this.#clock = clock;
    const tokenOf = (role: Role): string => parts.tokens.create(role, role, clock.now()).token;
    this.tokens = {
      viewer: tokenOf('viewer'),
      operator: tokenOf('operator'),
      engineer: tokenOf('engineer'),
      admin: tokenOf('admin'),
    };
  }

  /** With `city`, over its inventory and without data; else over three of everything. */
  static async open(city?: HarnessCity, logins: HarnessLogins = {}): Promise<ApiHarness> {
    const directory = mkdtempSync(join(tmpdir(), 'wardwatch-api-'));
    const stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
    stack.add('directory', () => rmSync(directory, { recursive: true }));
    const database = openStateDatabase(':memory:');
    stack.add('state database', () => database.close());
    const file = join(directory, 'wardwatch.duckdb');
    const realWork = new RealWork();
    const store = realWork.watch(
      await createStore(
        { kind: 'duckdb', file, memoryLimitMiB: 256 },
        { catalogue: CATALOGUE, log: silentLogger, now: Date.now },
      ),
    );
    stack.add('store', () => store.close());
    const { signal } = new AbortController();
    await store.open(signal);
    let flushFiles = (): Promise<void> => Promise.resolve();
    const startMs = city?.startMs ?? 1_800_000_000_000;
    const clock =
      city?.waitsItself === true
        ? new ManualClock(startMs)
        : new ManualClock(startMs, () => realWork.whenDone(flushFiles));
    const bus = new FakeBus();
    const { api: parts, services } = await createParts({
      clock,
      random: () => 0.5,
      log: silentLogger,
      version: 'test',
      database,
      store,
      openBus: () => ({ bus, url: () => 'none', refused: () => ({}), disconnect: () => undefined }),
      quarantineDirectory: join(directory, 'quarantine'),
      rules: loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE),
      notify: {
        ...{ channels: [new FakeReceiver().channel('noc')], routes: [], groupWindow: 0, parentWindow: 0 },
        ...(city?.onCall !== undefined && { onCall: city.onCall }),
      },
      inventory: readInventory('test', city?.inventory ?? INVENTORY),
      ...(city !== undefined && { timeZone: city.timeZone }),
      rawRetentionMs: 7 * 86_400_000,
      historyRetention: { minuteMs: 90 * 86_400_000, hourMs: 1_095 * 86_400_000 },
      checkAgentConfig: () => Promise.resolve([]),
      readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
      readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
      heapLimitBytes: 2 ** 30,
      readEventLoopDelayP99Ms: () => 0,
    });
    flushFiles = () => parts.quarantine.flush();
    for (const service of services) await stack.start(service, signal);
    const board = readBoard(writeStandInBoard(join(directory, 'board')));
    const app = await buildApi(parts, {
      log: silentLogger,
      oidc: logins.oidc?.({ clock }),
      pages: (scope) => statusPage(scope, parts),
      openPages: (scope) => boardRoutes(scope, board, STATUS_PAGE_PATH),
    });
    stack.add('api', () => app.close());
    const harness = new ApiHarness(app, parts, bus, stack, clock);
    if (city === undefined) await harness.#fill();
    return harness;
  }

  async close(): Promise<readonly unknown[]> {
    const stopped = this.#stack.stop();
    await this.#clock.advance(60_000);
    return stopped;
  }

  /** As an administrator, unless `token` is given; '' sends none. */
  async call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
    const { token = this.tokens.admin, payload, type = 'application/json' } = options;
    const answer = await this.app.inject({
      method,
      url,
      // The rate limit counts by address.
      remoteAddress: options.address ?? `10.0.0.${Math.floor(this.#calls++ / 1_000)}`,
      headers: {
        ...(options.accept !== undefined && { accept: options.accept }),
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'content-type': type }),
        ...options.headers,
      },
      ...(payload !== undefined && { payload }),
      payloadAsStream: true,
    });
    const contentType = answer.headers['content-type'] ?? '';
    const text = await textOf(answer, contentType === EVENT_STREAM);
    return {
      status: answer.statusCode,
      type: String(contentType),
      text,
      headers: answer.headers,
      json: IS_JSON.test(String(contentType)) ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  /** As if the process was stopped for so long. */
  standStill(ms: number): void {
    this.#clock.freeze(ms);
  }

  /** Without waiting for the store. */
  tick(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }

  /** In steps of a second, as central's own jobs come. */
  async advance(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += 1_000) {
      await this.#clock.advance(1_000);
      await this.#until(() => this.parts.ingest.stats().bufferBatches === 0);
    }
  }

  /** As one of the agents of the inventory; resolves once all is stored. */
  async send(agent: string, samples: readonly Sample[]): Promise<void> {
    this.receive(agent, samples);
    await this.#untilStored();
  }

  /** As `send`, without waiting: time stands still meanwhile. */
  receive(agent: string, samples: readonly Sample[]): void {
    const { bodies, oversize } = encodeSamples(samples);
    if (oversize.length > 0) throw new Error('a sample is too large');
    for (const { bytes } of bodies) {
      const seq = (this.#lastSeq.get(agent) ?? 0) + 1;
      this.#lastSeq.set(agent, seq);
      const header = { epoch: EPOCH, seq, lowest: 1, sentAtMs: this.#clock.now(), backfill: false };
      this.bus.receive(agentTopic(agent, 'up'), encodeBatch(header, bytes));
    }
  }

  /** Three of everything that can be listed. */
  async #fill(): Promise<void> {
    const { parts } = this;
    const timeMs = this.#clock.now();
    for (const [index, agent] of AGENTS.entries()) {
      const smokeAt = (device: string): Sample => {
        return { measurement: 'environment', tags: { device }, fields: { smoke: true }, timeMs };
      };
      // One of its own, one that the inventory lacks.
      await this.send(agent, [smokeAt(`node-${index}`), smokeAt(`sensor-of-${agent}`)]);
      parts.quarantine.add({ agent, code: 'out-of-range', reason: 'a test' });
      await parts.notifications.test('noc');
      const author = { actor: 'test', from: '10.0.0.1' };
      const hourMs = { startsAtMs: timeMs, endsAtMs: timeMs + 3_600_000 };
      parts.silences.create({ match: { device: [`nothing-${index}`] }, ...hourMs, reason: 'a test' }, author);
      parts.maintenance.create(
        {
          ...{ covers: [`link:link-${index}`], withDependents: false, reason: 'a test', approvedBy: 'test' },
          schedule: { repeats: 'once', ...hourMs },
        },
        author,
      );
      const { id } = await parts.rollouts.create({
        ...{ agents: [agent], change: { config: { collectors: [{ kind: 'server' }] } }, reason: 'a test' },
        ...{ settings: rolloutSettingsSchema.parse({}), actor: 'test' },
      });
      // Before anything is sent.
      parts.rollouts.act(id, 'cancel', 'test');
      parts.sessions.openForPerson({ subject: agent, name: `${agent} (OIDC)`, role: 'viewer' }, timeMs);
      parts.audit.append({ atMs: timeMs, actor: 'test', action: 'test', target: agent });
    }
  }

  #untilStored(): Promise<void> {
    const isStored = (): boolean =>
      [...this.#lastSeq].every(([agent, seq]) => {
        const entry = this.parts.ledger.entries(agent).find(({ epoch }) => epoch === EPOCH);
        return JSON.stringify(entry?.stored) === JSON.stringify([[1, seq]]);
      });
    return this.#until(isStored);
  }

  async #until(isSo: () => boolean): Promise<void> {
    const latestMs = this.#clock.now() + 60_000;
    while (!isSo()) {
      if (this.#clock.now() > latestMs) throw new Error('not stored within a minute of its time');
      await this.#clock.advance(100);
    }
  }
}

/** Not JSON Lines. */
const IS_JSON = /[/+]json(?:;|$)/;
const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Of a stream that does not end its first part; the caller then goes. */
async function textOf(answer: Awaited<ReturnType<App['inject']>>, isEndless: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer.stream()) {
    chunks.push(chunk as Buffer);
    if (!isEndless) continue;
    answer.raw.res.destroy();
    break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const EPOCH = 'abcdefgh';
const AGENTS = ['gw-1', 'gw-2', 'gw-3'] as const;
const UNITS = ['26734', '26737', '26740'] as const;

const INVENTORY = {
  units: UNITS.map((code, index) => ({
    code,
    name: `Phường ${index}`,
    nameEn: `Ward ${index}`,
    kind: 'ward',
    longitude: 106.69,
    latitude: 10.79,
    areaKm2: 1.2,
  })),
  sites: UNITS.map((unit, index) => ({
    id: `site-${index}`,
    unit,
    name: `Site ${index}`,
    kind: 'site',
    longitude: 106.69,
    latitude: 10.79,
  })),
  agencies: UNITS.map((_, index) => ({ id: `agency-${index}`, name: `Sở ${index}` })),
  agents: AGENTS.map((id, index) => ({ id, kind: 'gateway', site: `site-${index}`, unit: UNITS[index] })),
  devices: AGENTS.map((agent, index) => ({
    id: `node-${index}`,
    kind: 'node',
    site: `site-${index}`,
    unit: UNITS[index],
    agent,
  })),
  interfaces: UNITS.map((_, index) => ({ device: `node-${index}`, name: 'ge-0/0/1', link: `link-${index}` })),
  links: UNITS.map((_, index) => ({
    id: `link-${index}`,
    kind: 'fibre',
    ends: [{ site: `site-${index}`, device: `node-${index}` }, { site: `site-${(index + 1) % 3}` }],
    agency: `agency-${index}`,
  })),
  pools: UNITS.map((_, index) => ({ id: `pool-${index}`, site: `site-${index}`, resource: 'storage' })),
  services: UNITS.map((_, index) => ({
    id: `service-${index}`,
    name: `Dịch vụ ${index}`,
    needs: [`device:node-${index}`],
  })),
};

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePayload, metric, type MetricFields } from '../../contract/sparkplug/encode-payload.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { CentralProgram } from '../support/central-program.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { SparkplugNode, type SparkplugNodeOptions } from '../support/sparkplug-node.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/sparkplug-node.js', import.meta.url));
const ROOM = { group: 'Power', node: 'Room 1' };
const AGENT = agentIdOf(ROOM);
const OTHER = { group: 'power', node: 'room-2' };
const OTHER_AGENT = 'spb-power--room-2';
const HOST_STATE = 'spBv1.0/STATE/wardwatch';
const SOON = { timeout: 30_000, interval: 50 };

const SPARKPLUG = {
  hostId: 'wardwatch',
  reorderTimeoutMs: 500,
  devices: [
    {
      group: 'Power',
      device: 'UPS 1',
      tags: { device: 'ups-1' },
      metrics: [{ name: 'Battery/Voltage', measurement: 'power', field: 'battery_voltage_v', scale: 0.1 }],
    },
  ],
};

const celsius = (value: number, more?: MetricFields): MetricFields =>
  metric('environment/temperature_celsius', 'Float', value, more);
const smoke = (value: boolean, more?: MetricFields): MetricFields =>
  metric('environment/smoke', 'Boolean', value, more);
const volts = (value: number): MetricFields => metric('Battery/Voltage', 'UInt16', value, { alias: 7 });

interface AgentItem {
  readonly phase: string;
  readonly software?: string;
  readonly sparkplug?: {
    readonly session: string;
    readonly bdSeq?: number;
    readonly devices: readonly string[];
    readonly lostMessages: number;
    readonly rebirthRequests: number;
  };
}
interface Setting {
  readonly central: () => CentralProgram;
  readonly brokerUrl: () => string;
  readonly login: (name: typeof ROOM) => Promise<{ username: string; password: string }>;
  /** `kill -9`, then the same again. */
  readonly restartCentral: () => Promise<void>;
}

/** The stories that hold on every broker. */
function stories(setting: Setting): void {
  const fromMs = Date.now() - 3_600_000;
  const nodes: { end(): void }[] = [];
  let bdSeq = 0;
  let child: ChildProcess | undefined;
  const central = (): CentralProgram => setting.central();

  afterEach(() => {
    for (const node of nodes.splice(0)) node.end();
    child?.kill('SIGKILL');
  });

  const options = async (name: typeof ROOM): Promise<SparkplugNodeOptions> => ({
    ...name,
    ...(await setting.login(name)),
    url: setting.brokerUrl(),
    bdSeq: bdSeq++ % 256,
    metrics: [celsius(21), smoke(false)],
    devices: name === ROOM ? { 'UPS 1': [volts(541)] } : {},
  });
  const connect = async (name = ROOM): Promise<SparkplugNode> => {
    const node = await SparkplugNode.connect(await options(name));
    nodes.push(node);
    return node;
  };
  const agent = (id = AGENT): Promise<AgentItem> => central().get<AgentItem>(`/api/v1/agents/${id}`);
  const untilBorn = (id = AGENT): Promise<void> =>
    vi.waitFor(
      async () => expect(await agent(id)).toMatchObject({ phase: 'live', sparkplug: { session: 'born' } }),
      SOON,
    );
  const values = async (measurement: string, field: string, device: string): Promise<unknown[]> => {
    const query = `measurement=${measurement}&field=${field}&group=device&tag.device=${device}&from=${fromMs}`;
    const { series } = await central().get<{ series: { points: [number, unknown][] }[] }>(
      `/api/v1/series?${query}`,
    );
    return series.flatMap(({ points }) => points.map(([, value]) => value));
  };
  const untilStored = (measurement: string, field: string, device: string, last: unknown): Promise<void> =>
    vi.waitFor(async () => expect((await values(measurement, field, device)).at(-1)).toBe(last), SOON);
  const roomTag = `power.room-1--${AGENT.slice(-10)}`;

  it('births and data arrive in the store, under the node as an agent', async () => {
    const node = await connect();
    await untilBorn();
    node.data([celsius(22.5)]);
    node.data([volts(539)], 'UPS 1');
    await untilStored('environment', 'temperature_celsius', roomTag, 22.5);
    await untilStored('power', 'battery_voltage_v', 'ups-1', 53.9);
    await untilStored('device', 'up', 'ups-1', true);
    node.deviceDeath('UPS 1');
    await untilStored('device', 'reachable', 'ups-1', false);
    expect(await agent()).toMatchObject({
      phase: 'live',
      software: 'Sparkplug B',
      sparkplug: { devices: [], lostMessages: 0, rebirthRequests: 0 },
    });
    expect(await central().ledgerOf(AGENT)).toMatchObject({ missing: [], declaredLost: [], completeness: 1 });
  });

  it('a node that is killed is silent at once by its will, and live again with its next birth', async () => {
    const given = await options(ROOM);
    child = spawn(process.execPath, [PROGRAM, JSON.stringify(given)], { stdio: ['pipe', 'pipe', 'inherit'] });
    await untilBorn();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await vi.waitFor(
      async () => expect(await agent()).toMatchObject({ phase: 'silent', sparkplug: { session: 'dead' } }),
      SOON,
    );
    await connect();
    await untilBorn();
  });

  it('a gap is counted, named in the ledger, and ends with a rebirth', async () => {
    const node = await connect();
    await untilBorn();
    const before = (await central().ledgerOf(AGENT))?.declaredLost.length ?? 0;
    node.lose(5);
    node.data([celsius(23)]);
    await vi.waitFor(() => expect(node.births).toBe(2), SOON);
    await vi.waitFor(async () => expect((await agent()).sparkplug).toMatchObject({ lostMessages: 5 }), SOON);
    await vi.waitFor(
      async () => expect((await central().ledgerOf(AGENT))?.declaredLost.length).toBe(before + 1),
      SOON,
    );
    node.data([volts(530)], 'UPS 1');
    await untilStored('power', 'battery_voltage_v', 'ups-1', 53);
    expect(await central().metric('wardwatch_sparkplug_lost_messages_total')).toBe(5);
  });

  it('rubbish is named in the quarantine, and another node is not harmed', async () => {
    const node = await connect();
    const other = await connect(OTHER);
    await untilBorn();
    await untilBorn(OTHER_AGENT);
    node.publishRaw('NDATA', Buffer.from('this is no protobuf'));
    node.data([metric('environment/temperature_celsius', 'String', 'warm')]);
    node.publishRaw('NDATA', encodePayload({ timestamp: Date.now(), metrics: [celsius(1)] }));
    other.data([celsius(19.5)]);
    await untilStored('environment', 'temperature_celsius', 'power.room-2', 19.5);
    await vi.waitFor(async () => {
      const codes = (await central().quarantined(`agent=${AGENT}`)).map(({ code }) => code);
      expect(codes).toEqual(
        expect.arrayContaining(['sparkplug-not-sparkplug', 'sparkplug-type-changed', 'sparkplug-no-seq']),
      );
    }, SOON);
    const named = await central().quarantined('code=sparkplug-type-changed');
    expect(named[0]?.reason).toMatch(/temperature_celsius is sent as String, but was born as Float/);
    expect((await central().fetch('/healthz')).status).toBe(200);
    expect(await central().quarantined(`agent=${OTHER_AGENT}`)).toEqual([]);
  });

  it('history does not page, the same as a current value does', async () => {
    const node = await connect(OTHER);
    await untilBorn(OTHER_AGENT);
    const alerts = async (): Promise<unknown[]> =>
      (await central().get<{ items: { rule: string }[] }>('/api/v1/alerts')).items.filter(
        ({ rule }) => rule === 'room_smoke',
      );
    node.data([smoke(true, { isHistorical: true, timestamp: Date.now() - 60_000 })]);
    node.data([celsius(17.25)]);
    await untilStored('environment', 'temperature_celsius', 'power.room-2', 17.25);
    expect(await values('environment', 'smoke', 'power.room-2')).toContain(true);
    expect(await alerts()).toEqual([]);
    node.data([smoke(true)]);
    await vi.waitFor(async () => expect(await alerts()).toHaveLength(1), SOON);
  });

  it('central says that it is there as primary host, and a killed one is followed by rebirths', async () => {
    const node = await connect();
    await untilBorn();
    await setting.restartCentral();
    const isStillThere = node.client.connected;
    const again = isStillThere ? node : await connect();
    await untilBorn();
    // On a broker of its own it never noticed: only a request makes it say again what it is.
    if (isStillThere) expect(node.births).toBeGreaterThanOrEqual(2);
    again.data([celsius(24.75)]);
    await untilStored('environment', 'temperature_celsius', roomTag, 24.75);
    const login = await setting.login(ROOM);
    again.end();
    const watcher = await connectAsync(setting.brokerUrl(), {
      ...login,
      clientId: login.username,
      reconnectPeriod: 0,
    });
    nodes.push({ end: () => watcher.end(true) });
    const state = new Promise<unknown>((resolve) =>
      watcher.once('message', (_topic, payload) => resolve(JSON.parse(String(payload)))),
    );
    await watcher.subscribeAsync(HOST_STATE, { qos: 1 });
    expect(await state).toEqual({ online: true, timestamp: expect.any(Number) as number });
  });
}

describe('Sparkplug B on the embedded broker', () => {
  const directory = temporaryDirectory('sparkplug');
  const logins = new Map<string, { username: string; password: string }>();
  let central: CentralProgram;
  const start = async (): Promise<CentralProgram> =>
    CentralProgram.start({ directory: directory.path, agents: ['gw-1'], settings: { sparkplug: SPARKPLUG } });

  beforeAll(async () => {
    central = await start();
  });
  afterAll(async () => {
    await central.end('SIGKILL');
    directory.remove();
  });

  /** As its operator does it. */
  const login: Setting['login'] = async ({ group, node }) => {
    const known = logins.get(group);
    if (known !== undefined) return known;
    const args = ['agents', 'add', '--sparkplug', `${group}/${node}`, '--data-dir', `${directory.path}/data`];
    const { code, stdout } = await new Wardwatch(args).end();
    expect(code).toBe(0);
    const [username = '', password = ''] = stdout.split('\t');
    logins.set(group, { username, password });
    return { username, password };
  };

  stories({
    central: () => central,
    brokerUrl: () => central.brokerUrl,
    login,
    restartCentral: async () => {
      await central.end('SIGKILL');
      central = await start();
    },
  });

  it('an edge node has the rights of itself alone', async () => {
    const { username, password } = await login(OTHER);
    const client = await connectAsync(central.brokerUrl, {
      clientId: username,
      username,
      password,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    await expect(client.subscribeAsync('spBv1.0/#')).rejects.toThrow();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish('spBv1.0/Power/NDATA/Room 1', encodePayload({ timestamp: 1, seq: 1, metrics: [] }));
    await closed;
    const reasons = (await central.quarantined('code=broker-publish')).map(({ reason }) => reason);
    expect(reasons[0]).toContain("another edge node's topic");
    const will = {
      topic: 'spBv1.0/Power/NDEATH/Room 1',
      payload: Buffer.alloc(0),
      qos: 1,
      retain: false,
    } as const;
    const forger = connectAsync(central.brokerUrl, {
      clientId: username,
      username,
      password,
      protocolVersion: 4,
      reconnectPeriod: 0,
      will,
    });
    await expect(forger).rejects.toThrow(/Not authorized/);
  });

  it('ids of edge nodes cannot be given to other agents', async () => {
    const { code, stderr } = await new Wardwatch([
      'agents',
      'add',
      OTHER_AGENT,
      '--data-dir',
      `${directory.path}/data`,
    ]).end();
    expect(code).toBe(2);
    expect(stderr).toContain('--sparkplug GROUP/NODE');
  });
});

describeWith(['mosquitto'], 'Sparkplug B on Mosquitto', () => {
  const PASSWORD = 'only in tests';
  let directory: TemporaryDirectory;
  let mosquitto: MosquittoServer;
  let central: CentralProgram;
  const nodeRights = ({ group, node }: typeof ROOM): string[] => [
    `user ${agentIdOf({ group, node })}`,
    ...['NBIRTH', 'NDATA', 'NDEATH'].map((type) => `topic write spBv1.0/${group}/${type}/${node}`),
    ...['DBIRTH', 'DDATA', 'DDEATH'].map((type) => `topic write spBv1.0/${group}/${type}/${node}/+`),
    `topic read spBv1.0/${group}/NCMD/${node}`,
    `topic read spBv1.0/${group}/DCMD/${node}/+`,
    'topic read spBv1.0/STATE/+',
  ];
  const start = async (): Promise<CentralProgram> => {
    const started = await CentralProgram.start({
      directory: directory.path,
      agents: [],
      broker: { kind: 'external', url: mosquitto.url, username: 'central', password: { value: PASSWORD } },
      settings: { sparkplug: SPARKPLUG },
    });
    // A birth that is published before central has subscribed is not sent again.
    await vi.waitFor(async () => expect((await started.fetch('/readyz')).status).toBe(200), SOON);
    return started;
  };

  beforeAll(async () => {
    directory = temporaryDirectory('sparkplug');
    mosquitto = await startMosquitto({
      users: { central: PASSWORD, [AGENT]: PASSWORD, [OTHER_AGENT]: PASSWORD },
      acl: [
        'user central',
        'topic readwrite wardwatch/1/#',
        'topic read spBv1.0/#',
        'topic write spBv1.0/+/NCMD/+',
        `topic write ${HOST_STATE}`,
        ...nodeRights(ROOM),
        ...nodeRights(OTHER),
      ],
    });
    central = await start();
  });
  afterAll(async () => {
    await central.end('SIGKILL');
    await mosquitto.stop();
    directory.remove();
  });

  const brokerUrl = (): string => mosquitto.url;
  const login: Setting['login'] = (name) =>
    Promise.resolve({ username: agentIdOf(name), password: PASSWORD });
  stories({
    central: () => central,
    brokerUrl,
    login,
    restartCentral: async () => {
      await central.end('SIGKILL');
      central = await start();
    },
  });

  describe('the STATE of central', () => {
    let states: { online: boolean; timestamp: number }[];
    let watcher: Awaited<ReturnType<typeof connectAsync>>;
    beforeEach(async () => {
      states = [];
      const { username, password } = await login(OTHER);
      watcher = await connectAsync(brokerUrl(), {
        clientId: username,
        username,
        password,
        reconnectPeriod: 0,
      });
      watcher.on('message', (_topic, payload) =>
        states.push(JSON.parse(String(payload)) as (typeof states)[number]),
      );
      await watcher.subscribeAsync(HOST_STATE, { qos: 1 });
      await vi.waitFor(() => expect(states.at(-1)?.online).toBe(true), SOON);
    });
    afterEach(() => watcher.end(true));

    it('is offline by its will when it is killed, with the time of that connection, and online again', async () => {
      const [first] = states;
      await central.end('SIGKILL');
      await vi.waitFor(
        () => expect(states.at(-1)).toEqual({ online: false, timestamp: first?.timestamp }),
        SOON,
      );
      central = await start();
      await vi.waitFor(() => expect(states.at(-1)?.online).toBe(true), SOON);
      expect(states.at(-1)?.timestamp).toBeGreaterThan(first?.timestamp ?? Infinity);
    });

    it('is offline at once when it is stopped', async () => {
      await central.end('SIGTERM');
      await vi.waitFor(() => expect(states.at(-1)?.online).toBe(false), SOON);
      central = await start();
      await vi.waitFor(() => expect(states.at(-1)?.online).toBe(true), SOON);
    });
  });

  it('a birth that was retained makes nobody live when central subscribes', async () => {
    const { username, password } = await login(ROOM);
    const client = await connectAsync(brokerUrl(), {
      clientId: username,
      username,
      password,
      reconnectPeriod: 0,
    });
    const topic = `spBv1.0/${ROOM.group}/NBIRTH/${ROOM.node}`;
    const payload = encodePayload({ timestamp: Date.now(), seq: 0, metrics: [celsius(20)] });
    await client.publishAsync(topic, payload, { qos: 1, retain: true });
    await central.end('SIGKILL');
    central = await start();
    await vi.waitFor(async () => {
      const [entry] = await central.quarantined('code=sparkplug-retained');
      expect(entry).toMatchObject({
        agent: AGENT,
        reason: expect.stringContaining('NBIRTH Power/Room 1') as string,
      });
    }, SOON);
    const item = await central.get<AgentItem>(`/api/v1/agents/${AGENT}`);
    expect(item).toMatchObject({ sparkplug: { session: 'unborn' } });
    await client.publishAsync(topic, Buffer.alloc(0), { qos: 1, retain: true });
    await client.endAsync();
  });

  it('nodes are born again after the broker restarted', async () => {
    const given: SparkplugNodeOptions = {
      ...ROOM,
      ...(await login(ROOM)),
      url: brokerUrl(),
      bdSeq: 200,
      metrics: [celsius(20)],
    };
    await SparkplugNode.connect(given);
    const born = async (session: string, bdSeq: number): Promise<void> =>
      vi.waitFor(async () => {
        const { sparkplug } = await central.get<AgentItem>(`/api/v1/agents/${AGENT}`);
        expect(sparkplug).toMatchObject({ session, bdSeq });
      }, SOON);
    await born('born', 200);
    await mosquitto.restart();
    await vi.waitFor(async () => expect(await central.metric('wardwatch_broker_connected')).toBe(1), {
      timeout: 30_000,
      interval: 100,
    });
    const again = await SparkplugNode.connect({ ...given, bdSeq: 201 });
    await born('born', 201);
    again.end();
    await born('dead', 201);
  });
});

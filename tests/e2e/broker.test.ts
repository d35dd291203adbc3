import type { EventEmitter } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createEmbeddedBroker,
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
} from '../../central/mqtt/broker/embedded-broker.ts';
import type { BrokerRefusal } from '../../central/mqtt/broker/refusal.ts';
import type { BusMessage } from '../../central/mqtt/bus.ts';
import { agentTopic, FLOW_TOPIC, UP_FILTER } from '../../contract/topics.ts';
import { systemClock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'right';

let broker: EmbeddedBroker;
let refusals: BrokerRefusal[];
let received: BusMessage[];
let clients: MqttClient[];
let sockets: Socket[];

function makeBroker(more: Partial<EmbeddedBrokerOptions> = {}): EmbeddedBroker {
  const made = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: (_name, password) => (password === PASSWORD ? 'agent' : undefined),
    clock: systemClock,
    log: silentLogger,
    onRefused: (refusal) => refusals.push(refusal),
    ...more,
  });
  made.onMessage((message) => received.push(message));
  return made;
}

async function restartWith(more: Partial<EmbeddedBrokerOptions>): Promise<void> {
  await broker.stop();
  broker = makeBroker(more);
  await broker.start(AbortSignal.abort());
}

beforeEach(async () => {
  refusals = [];
  received = [];
  clients = [];
  sockets = [];
  broker = makeBroker();
  await broker.start(new AbortController().signal);
});

afterEach(async () => {
  for (const client of clients) client.end(true);
  for (const socket of sockets) socket.destroy();
  await broker.stop();
});

function dial(id: string, more: IClientOptions = {}): MqttClient {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port: broker.port,
    protocolVersion: 4,
    clientId: id,
    username: id,
    password: PASSWORD,
    reconnectPeriod: 0,
    keepalive: 30,
    ...more,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Unlike events.once, it does not reject on an 'error' before. */
function happens(emitter: MqttClient | Socket, event: 'connect' | 'close'): Promise<void> {
  return new Promise((resolve) => (emitter as EventEmitter).once(event, () => resolve()));
}

async function connect(id: string, more: IClientOptions = {}): Promise<MqttClient> {
  const client = dial(id, more);
  await happens(client, 'connect');
  return client;
}

async function connectRaw(): Promise<Socket> {
  const socket = connectSocket(broker.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  sockets.push(socket);
  await happens(socket, 'connect');
  return socket;
}

function grantedBy(client: MqttClient, topic: string, qos: 0 | 1 = 0): Promise<number | undefined> {
  return new Promise((resolve) => {
    client.subscribe(topic, { qos }, (_error, _grants, packet) =>
      resolve(packet?.granted[0] as number | undefined),
    );
  });
}

describe('an agent at the embedded broker', () => {
  it('reaches central in-process, and central reaches it', async () => {
    const client = await connect('gw-1');
    expect(await grantedBy(client, agentTopic('gw-1', 'ack'))).toBe(0);
    const answer = new Promise<string>((resolve) =>
      client.once('message', (_topic, payload) => resolve(String(payload))),
    );
    await client.publishAsync(agentTopic('gw-1', 'up'), 'batch', { qos: 1 });
    await until(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ topic: agentTopic('gw-1', 'up'), payload: Buffer.from('batch') });
    await broker.publish(agentTopic('gw-1', 'ack'), 'stored', { qos: 0, retain: false });
    expect(await answer).toBe('stored');
    expect(broker.clientCount()).toBe(1);
  });

  it('reaches a central elsewhere, too, once that has subscribed', async () => {
    await restartWith({ authenticate: (name) => (name === 'elsewhere' ? 'central' : 'agent') });
    const agent = await connect('gw-1');
    await agent.publishAsync(agentTopic('gw-1', 'up'), 'first', { qos: 1 });
    const elsewhere = await connect('elsewhere');
    expect(await grantedBy(elsewhere, UP_FILTER, 1)).toBe(1);
    const there: string[] = [];
    elsewhere.on('message', (_topic, payload) => there.push(String(payload)));
    await agent.publishAsync(agentTopic('gw-1', 'up'), 'second', { qos: 1 });
    await until(() => expect(there).toEqual(['second']));
    expect(received.map(({ payload }) => String(payload))).toEqual(['first', 'second']);
  });

  it('gets the retained messages when it subscribes: the flow and its own config, nothing else', async () => {
    await broker.publish(FLOW_TOPIC, 'go', { qos: 1, retain: true });
    await broker.publish(agentTopic('gw-1', 'config'), 'one', { qos: 1, retain: true });
    await broker.publish(agentTopic('gw-2', 'config'), 'two', { qos: 1, retain: true });
    const client = await connect('gw-1');
    const got: string[] = [];
    client.on('message', (_topic, payload) => got.push(String(payload)));
    await client.subscribeAsync([FLOW_TOPIC, agentTopic('gw-1', 'config')], { qos: 0 });
    await until(() => expect(got).toHaveLength(2));
    expect(got.sort()).toEqual(['go', 'one']);
  });

  it("is disconnected when it publishes under another's name, and nobody receives it", async () => {
    const client = await connect('gw-1');
    const closed = happens(client, 'close');
    client.publish(agentTopic('gw-2', 'up'), 'forged', { qos: 1 });
    await closed;
    expect(received).toEqual([]);
    expect(refusals).toEqual([
      expect.objectContaining({
        kind: 'publish',
        client: 'gw-1',
        topic: agentTopic('gw-2', 'up'),
        reason: "another agent's topic",
        address: '127.0.0.1',
      }),
    ]);
    expect(broker.stats().refused.publish).toBe(1);
  });

  it.each([
    ['a foreign partition', 'wardwatch/1/000/gw-1/up', {}],
    ['the flow topic', FLOW_TOPIC, {}],
    ['a retained batch', agentTopic('gw-1', 'up'), { retain: true }],
  ])('is disconnected when it publishes to %s', async (_what, topic, options) => {
    const client = await connect('gw-1');
    const closed = happens(client, 'close');
    client.publish(topic, 'x', { qos: 1, ...options });
    await closed;
    expect(refusals).toMatchObject([{ kind: 'publish', client: 'gw-1', topic }]);
  });

  it('gets SUBACK 128 for topics that are not its own, and stays connected', async () => {
    const client = await connect('gw-1');
    expect(await grantedBy(client, '#')).toBe(128);
    expect(await grantedBy(client, agentTopic('gw-2', 'ack'))).toBe(128);
    expect(await grantedBy(client, FLOW_TOPIC, 1)).toBe(128);
    expect(await grantedBy(client, FLOW_TOPIC)).toBe(0);
    expect(client.connected).toBe(true);
    expect(refusals.map((refusal) => refusal.kind)).toEqual(['subscribe', 'subscribe', 'subscribe']);
  });

  it("has its will published when its connection is lost, but not a will on another agent's topic", async () => {
    const will = {
      topic: agentTopic('gw-1', 'state'),
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
    } as const;
    const client = await connect('gw-1', { will });
    client.stream.destroy();
    await until(() => expect(received.map((message) => String(message.payload))).toEqual(['gone']));

    const forger = dial('gw-2', { will });
    await happens(forger, 'close');
    expect(refusals).toMatchObject([
      { kind: 'publish', client: 'gw-2', reason: "last will: another agent's topic" },
    ]);
    expect(received).toHaveLength(1);
  });

  it('keeps no session: messages are not queued while it is disconnected', async () => {
    const first = await connect('gw-1', { clean: false });
    await first.subscribeAsync(agentTopic('gw-1', 'ack'), { qos: 0 });
    await first.endAsync();
    await broker.publish(agentTopic('gw-1', 'ack'), 'unheard', { qos: 1, retain: false });
    const second = dial('gw-1', { clean: false });
    const connack = await new Promise<{ sessionPresent: boolean }>((resolve) =>
      second.once('connect', resolve),
    );
    expect(connack.sessionPresent).toBe(false);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'wrong user name or password'],
    ['a client id that is not its user name', { username: 'gw-2' }, 'client id and user name differ'],
    ['an id that is no agent id', { clientId: 'GW 1', username: 'GW 1' }, 'not a valid agent id'],
  ])('is refused with %s', async (_what, options, reason) => {
    const client = dial('gw-1', options);
    await happens(client, 'close');
    expect(client.connected).toBe(false);
    expect(refusals).toMatchObject([{ kind: 'authentication', reason }]);
    expect(broker.clientCount()).toBe(0);
  });

  it('is refused when passwords cannot be checked', async () => {
    await restartWith({
      authenticate: () => {
        throw new Error('disk gone');
      },
    });
    const client = dial('gw-1');
    await happens(client, 'close');
    expect(refusals).toMatchObject([{ kind: 'authentication', reason: 'password could not be checked' }]);
  });

  it('must use a keepalive within the limit', async () => {
    const client = dial('gw-1', { keepalive: 0 });
    await happens(client, 'close');
    expect(refusals).toMatchObject([{ kind: 'protocol', reason: 'keep alive limit exceeded' }]);
  });

  it('is read more slowly, not disconnected, when it floods', async () => {
    await restartWith({ limits: { clientBurstBytes: 64 * 1024, clientBytesPerS: 256 * 1024 } });
    const client = await connect('gw-1');
    const startedMs = performance.now();
    const payload = Buffer.alloc(32 * 1024);
    for (let sent = 0; sent < 6; sent++) client.publish(agentTopic('gw-1', 'up'), payload, { qos: 1 });
    await until(() => expect(received).toHaveLength(6));
    expect(performance.now() - startedMs).toBeGreaterThan(400);
    expect(client.connected).toBe(true);
  });
});

describe('an agent that asks for too much', () => {
  const pings = (count: number): Buffer => Buffer.alloc(count * 2, Buffer.from([0xc0, 0x00]));

  it('is read more slowly whatever packets it sends, and its next connection goes on where it was', async () => {
    const lines: unknown[] = [];
    const log = {
      ...silentLogger,
      warn: (line: unknown) => lines.push(line),
    } as unknown as typeof silentLogger;
    await restartWith({ limits: { clientBurstBytes: 64 * 1024, clientBytesPerS: 256 * 1024 }, log });
    const first = await connect('gw-1');
    first.stream.write(pings(50));
    await until(() => expect(broker.stats().heldBack).toBe(1));
    expect(lines).toMatchObject([{ client: 'gw-1', count: 1 }]);
    first.end(true);
    const startedMs = performance.now();
    const second = await connect('gw-1');
    second.publish(agentTopic('gw-1', 'up'), 'one', { qos: 1 });
    await happens(second, 'packetreceive' as 'close');
    second.publish(agentTopic('gw-1', 'up'), 'two', { qos: 1 });
    await until(() => expect(received).toHaveLength(2));
    // 50 packets count as 16 KiB each: 800 KiB, of which 64 KiB are free.
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
  });

  it('owes at most ten seconds, so that whoever had a stolen password does not silence the honest agent', async () => {
    let laterMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + laterMs };
    await restartWith({ limits: { clientBurstBytes: 64 * 1024, clientBytesPerS: 256 * 1024 }, clock });
    const thief = await connect('gw-1');
    // 16 KiB each: 34 minutes at this rate.
    thief.stream.write(pings(32 * 1024));
    await until(() => expect(broker.stats().heldBack).toBeGreaterThan(0));
    thief.end(true);
    laterMs = 10_000;
    const honest = await connect('gw-1');
    // A debt is noticed behind what arrives first.
    for (const text of ['one', 'two', 'three'])
      await honest.publishAsync(agentTopic('gw-1', 'up'), text, { qos: 1 });
    expect(received).toHaveLength(3);
  });

  it('is read on when there is room for its messages, and others are read all the time', async () => {
    let makeRoom = (): void => undefined;
    const room = new Promise<void>((resolve) => (makeRoom = resolve));
    await broker.stop();
    broker = makeBroker();
    broker.holdBack(({ topic }) => (topic.includes('gw-flood') ? room : undefined));
    await broker.start(new AbortController().signal);
    const flood = await connect('gw-flood');
    const good = await connect('gw-good');
    flood.publish(agentTopic('gw-flood', 'up'), 'first', { qos: 1 });
    await until(() => expect(received).toHaveLength(1));
    flood.publish(agentTopic('gw-flood', 'up'), 'second', { qos: 1 });
    await good.publishAsync(agentTopic('gw-good', 'up'), 'good', { qos: 1 });
    await until(() => expect(received).toHaveLength(2));
    expect(received.map(({ payload }) => String(payload))).toEqual(['first', 'good']);
    makeRoom();
    await until(() => expect(received).toHaveLength(3));
  });

  it('may be subscribed to so many topics, and is disconnected when it asks for many that are not its own', async () => {
    await restartWith({
      authenticate: () => ({ role: 'sparkplug', node: { group: 'g', node: 'n' } }),
      limits: { maxSubscriptions: 3 },
    });
    const node = await connect('spb-g--n');
    for (const at of [1, 2, 3]) expect(await grantedBy(node, `spBv1.0/g/DCMD/n/d${at}`)).toBe(0);
    expect(await grantedBy(node, 'spBv1.0/g/DCMD/n/d4')).toBe(128);
    expect(await grantedBy(node, 'spBv1.0/g/DCMD/n/d1')).toBe(0);
    expect(await grantedBy(node, `spBv1.0/g/DCMD/n/${'x'.repeat(300)}`)).toBe(128);
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'more than 3 topics',
      'a topic of more than 256 characters',
    ]);
    const closed = happens(node, 'close');
    node.subscribe(Array.from({ length: 2_000 }, (_, at) => `other/${at}`));
    await closed;
    expect(refusals).toHaveLength(100);
  });
});

describe('logins that fail', () => {
  it('are told to come again later after too many from one address, and no right one is held up there', async () => {
    await restartWith({ limits: { wrongLoginBurst: 5, wrongLoginsPerS: 0.001 } });
    for (let tried = 0; tried < 8; tried++) {
      const guess = dial(`gw-${tried}`, { password: 'wrong' });
      await happens(guess, 'close');
    }
    expect(refusals).toHaveLength(8);
    expect(refusals[4]).toMatchObject({ claimed: 'gw-4', reason: 'wrong user name or password' });
    expect(refusals.at(-1)).toMatchObject({
      kind: 'authentication',
      claimed: 'gw-7',
      reason: 'too many wrong logins from this address: wrong user name or password',
    });
    const neverSeen = await connect('gw-new');
    expect(neverSeen.connected).toBe(true);
  });
});

describe('an agent that stops reading', () => {
  it('delays nobody else, and when it goes, what waited for it harms nothing', async () => {
    const slow = await connect('gw-slow');
    expect(await grantedBy(slow, agentTopic('gw-slow', 'ack'))).toBe(0);
    // Never done with a message, so it reads no more once its buffers are full.
    slow.handleMessage = () => undefined;
    const publish = (agent: string, payload: Buffer): Promise<void> =>
      broker.publish(agentTopic(agent, 'ack'), payload, { qos: 0, retain: false });
    for (let sent = 0; sent < 400; sent++) await publish('gw-slow', Buffer.alloc(60_000));
    for (let sent = 0; sent < 20_000; sent++) await publish(`gw-${sent}`, Buffer.from('x'));

    const good = await connect('gw-good');
    await good.publishAsync(agentTopic('gw-good', 'up'), 'while it stands', { qos: 1 });
    slow.end(true);
    await good.publishAsync(agentTopic('gw-good', 'up'), 'after it has gone', { qos: 1 });

    await until(() =>
      expect(received.map(({ payload }) => String(payload))).toEqual([
        'while it stands',
        'after it has gone',
      ]),
    );
  });
});

describe('invalid bytes at the broker port', () => {
  afterEach(async () => {
    const client = await until(async () => {
      const tried = dial('gw-9');
      await Promise.race([happens(tried, 'connect'), happens(tried, 'close')]);
      expect(tried.connected).toBe(true);
      return tried;
    });
    await client.publishAsync(agentTopic('gw-9', 'up'), 'still here', { qos: 1 });
    await until(() => expect(received.map((message) => String(message.payload))).toContain('still here'));
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'first packet is not CONNECT'],
    ['random bytes', Buffer.from([0xf3, 0x11, 0x99, 0x00, 0xff]), 'first packet is not CONNECT'],
    [
      'a huge length header',
      Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
      'packet is larger than 16384 bytes',
    ],
    [
      'a CONNECT full of rubbish',
      Buffer.from([0x10, 0x04, 0xff, 0xff, 0x01, 0x02]),
      'Cannot parse protocolId',
    ],
    ['a packet before CONNECT', Buffer.from([0xc0, 0x00]), 'first packet is not CONNECT'],
  ])('%s is disconnected and counted', async (_what, bytes, reason) => {
    const socket = await connectRaw();
    const closed = happens(socket, 'close');
    socket.write(bytes);
    await closed;
    expect(refusals).toMatchObject([{ kind: 'protocol', reason }]);
  });

  it('an incomplete frame and a very slow one are closed at the time limit for connecting', async () => {
    await restartWith({ limits: { connectTimeoutMs: 300 } });
    const half = await connectRaw();
    half.write(Buffer.from([0x10, 0x20, 0x00, 0x04]));
    const slow = await connectRaw();
    const drip = setInterval(() => slow.write(Buffer.from([0x10])), 20);
    slow.write(Buffer.from([0x10, 0x7f]));
    const silent = await connectRaw();
    await Promise.all([happens(half, 'close'), happens(slow, 'close'), happens(silent, 'close')]);
    clearInterval(drip);
    expect(refusals.map((refusal) => refusal.reason)).toEqual(
      Array.from({ length: 3 }, () => 'connect did not arrive in time'),
    );
  });

  it('a frame above the limit ends the connection of an authenticated client, and is not buffered', async () => {
    const client = await connect('gw-1');
    const closed = happens(client, 'close');
    client.publish(agentTopic('gw-1', 'up'), Buffer.alloc(70 * 1024), { qos: 1 });
    await closed;
    expect(refusals).toMatchObject([{ kind: 'protocol', reason: 'packet is larger than 65536 bytes' }]);
    expect(received).toEqual([]);
  });

  it('a flood of connections from one address is refused before MQTT', async () => {
    await restartWith({ limits: { newBurst: 3, newPerS: 20 } });
    const all = await Promise.all(Array.from({ length: 5 }, connectRaw));
    await Promise.all(
      all.slice(3).map((socket) => (socket.closed ? Promise.resolve() : happens(socket, 'close'))),
    );
    expect(refusals).toMatchObject([{ kind: 'connection' }, { kind: 'connection' }]);
  });

  it('above the limit of connections the oldest that has not logged in is closed', async () => {
    await restartWith({ limits: { maxOpen: 2 } });
    const first = await connectRaw();
    const agent = await connect('gw-1');
    const second = await connectRaw();
    if (!first.closed) await happens(first, 'close');
    expect(refusals).toMatchObject([{ kind: 'connection', reason: 'too many connections' }]);
    expect([second.closed, agent.connected]).toEqual([false, true]);
  });

  it('above the limit of clients a new connection is refused, and clients stay', async () => {
    await restartWith({ limits: { maxOpen: 2 } });
    const agents = [await connect('gw-1'), await connect('gw-2')];
    const third = await connectRaw();
    if (!third.closed) await happens(third, 'close');
    expect(refusals).toMatchObject([{ kind: 'connection', reason: 'too many connections' }]);
    expect(agents.map(({ connected }) => connected)).toEqual([true, true]);
    agents[0]!.end(true);
    await until(async () => expect((await connectRaw()).closed).toBe(false));
    for (const socket of sockets) socket.destroy();
  });
});

describe('the broker itself', () => {
  it('names a port in use in one line, with exit code 3', async () => {
    const second = makeBroker({ port: broker.port });
    const failure = await second.start(new AbortController().signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({
      exitCode: 3,
      problems: [`MQTT broker on 127.0.0.1:${broker.port}: the port is already in use`],
    });
  });

  it('stops with clients connected, twice, and does not report their wills', async () => {
    await connect('gw-1', {
      will: { topic: agentTopic('gw-1', 'state'), payload: Buffer.from('gone'), qos: 1, retain: true },
    });
    await Promise.all([broker.stop(), broker.stop()]);
    expect(broker.connected).toBe(false);
    expect(received).toEqual([]);
    await expect(broker.publish(FLOW_TOPIC, 'x', { qos: 0, retain: false })).rejects.toThrow('not running');
  });

  it('takes a whole fleet of 2,000 from one address at once', async () => {
    const fleet = await Promise.all(Array.from({ length: 2_000 }, (_, index) => connect(`gw-${index}`)));
    expect(broker.clientCount()).toBe(2_000);
    await Promise.all(
      fleet.map((client, index) =>
        client.subscribeAsync([FLOW_TOPIC, agentTopic(`gw-${index}`, 'ack')], { qos: 0 }),
      ),
    );
    expect(refusals).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import type { Bus } from '../../central/mqtt/bus.ts';
import { createIngest, type Ingest } from '../../central/ingest/ingest.ts';
import { createMqttBus } from '../../central/mqtt/mqtt-bus.ts';
import { openQuarantine, type Quarantine } from '../../central/ingest/quarantine/quarantine.ts';
import { KnobStore } from '../../central/ingest/testing/knob-store.ts';
import { PingValidator } from '../../central/ingest/testing/ping-validator.ts';
import { openLedger } from '../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase, type StateDatabase } from '../../central/state/database.ts';
import { ackSchema, flowSchema, type Ack, type Flow } from '../../contract/ack.ts';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { until } from '../support/until.ts';

const EPOCH = 'abcdefgh';
const PASSWORD = 'right';

let directory: string;
let database: StateDatabase;
let quarantine: Quarantine;
let store: KnobStore;
let ingest: Ingest;
let agents: Agent[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ingest-e2e-'));
  database = openStateDatabase(join(directory, 'state.db'));
  quarantine = openQuarantine({
    directory: join(directory, 'quarantine'),
    clock: systemClock,
    log: silentLogger,
  });
  store = new KnobStore();
  agents = [];
});

afterEach(() => {
  for (const agent of agents) agent.client.end(true);
  database.close();
  rmSync(directory, { recursive: true });
});

async function startIngest(bus: Bus): Promise<void> {
  ingest = createIngest({
    bus,
    validator: new PingValidator(),
    observers: [],
    store,
    ledger: openLedger(database),
    quarantine,
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    limits: { retryBaseMs: 50, retryCapMs: 100 },
  });
  await ingest.start(new AbortController().signal);
}

interface Agent {
  readonly client: MqttClient;
  readonly acks: Ack[];
  readonly flows: Flow['mode'][];
  send(seq: number): void;
}

async function connectAgent(id: string, port: number): Promise<Agent> {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port,
    protocolVersion: 4,
    clientId: id,
    username: id,
    password: PASSWORD,
    reconnectPeriod: 0,
    keepalive: 30,
  });
  client.on('error', () => undefined);
  const agent: Agent = {
    client,
    acks: [],
    flows: [],
    send: (seq) => {
      const samples = [
        {
          measurement: 'ping',
          tags: { device: id },
          fields: { average_response_ms: seq },
          timeMs: Date.now(),
        },
      ];
      const body = encodeSamples(samples).bodies[0]?.bytes ?? Buffer.alloc(0);
      const header = { epoch: EPOCH, seq, lowest: 1, sentAtMs: Date.now(), backfill: false };
      client.publish(agentTopic(id, 'up'), encodeBatch(header, body), { qos: 1 });
    },
  };
  client.on('message', (topic, payload) => {
    const json: unknown = JSON.parse(payload.toString());
    if (topic === FLOW_TOPIC) agent.flows.push(flowSchema.parse(json).mode);
    else agent.acks.push(ackSchema.parse(json));
  });
  agents.push(agent);
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync([agentTopic(id, 'ack'), FLOW_TOPIC], { qos: 0 });
  return agent;
}

function seqsAcked(agent: Agent): number[] {
  const seqs = agent.acks.flatMap((ack) =>
    ack.stored.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
  );
  return [...new Set(seqs)].sort((a, b) => a - b);
}

function embedded(central = false): EmbeddedBroker {
  return createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: (name, password) => {
      if (password !== PASSWORD) return undefined;
      return central && name === 'central' ? 'central' : 'agent';
    },
    clock: systemClock,
    log: silentLogger,
  });
}

function externalBus(port: number): Bus {
  return createMqttBus({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: 'central',
    username: 'central',
    password: PASSWORD,
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    timings: { backoffBaseMs: 20, backoffCapMs: 100 },
  });
}

describe('ingest behind the embedded broker', () => {
  let broker: EmbeddedBroker;

  beforeEach(async () => {
    broker = embedded();
    await startIngest(broker);
    await broker.start(new AbortController().signal);
  });

  afterEach(async () => {
    await ingest.stop();
    await broker.stop();
  });

  it('acknowledges what it stores, also after an outage of the store, and publishes the flow modes', async () => {
    const agent = await connectAgent('gw-1', broker.port);
    await until(() => expect(agent.flows).toEqual(['go']));
    agent.send(1);
    await until(() => expect(seqsAcked(agent)).toEqual([1]));
    store.mode = 'down';
    agent.send(2);
    await until(() => expect(agent.flows).toEqual(['go', 'live-only']));
    expect(seqsAcked(agent)).toEqual([1]);
    store.mode = 'good';
    await until(() => expect(seqsAcked(agent)).toEqual([1, 2]));
    await until(() => expect(agent.flows.at(-1)).toBe('go'));
  });

  it('keeps invalid messages in the quarantine and continues', async () => {
    const agent = await connectAgent('gw-1', broker.port);
    await agent.client.publishAsync(agentTopic('gw-1', 'up'), 'rubbish', { qos: 1 });
    await agent.client.publishAsync(agentTopic('gw-1', 'up'), Buffer.alloc(50 * 1024), { qos: 1 });
    agent.send(1);
    await until(() => expect(seqsAcked(agent)).toEqual([1]));
    const entries = await quarantine.list({ limit: 9 });
    expect(entries.map(({ agent: id, code }) => [id, code])).toEqual([
      ['gw-1', 'oversize'],
      ['gw-1', 'not-gzip'],
    ]);
  });
});

describe('ingest behind an external broker', () => {
  let broker: EmbeddedBroker;
  let bus: Bus;

  beforeEach(async () => {
    broker = embedded(true);
    await broker.start(new AbortController().signal);
    bus = externalBus(broker.port);
    await startIngest(bus);
  });

  afterEach(async () => {
    await ingest.stop();
    await bus.stop();
    await broker.stop();
  });

  it('stores and acknowledges over MQTT, and publishes the flow', async () => {
    await bus.start(new AbortController().signal);
    await until(() => expect(bus.connected).toBe(true));
    const agent = await connectAgent('gw-1', broker.port);
    agent.send(1);
    await until(() => expect(seqsAcked(agent)).toEqual([1]));
    await until(() => expect(agent.flows).toEqual(['go']));
    expect(broker.stats().refused).toEqual({
      connection: 0,
      protocol: 0,
      authentication: 0,
      publish: 0,
      subscribe: 0,
    });
  });

  it('rejects a message while it is not connected, and stops before it was ever connected', async () => {
    await expect(bus.publish(FLOW_TOPIC, 'x', { qos: 0, retain: false })).rejects.toThrow('not connected');
    const nowhere = externalBus(1);
    await nowhere.start(new AbortController().signal);
    await nowhere.stop();
    expect(nowhere.connected).toBe(false);
  });

  it('treats a refused subscription as a failed connection and tries again until it is granted', async () => {
    const stranger = createMqttBus({
      url: `mqtt://127.0.0.1:${broker.port}`,
      clientId: 'not-central',
      username: 'not-central',
      password: PASSWORD,
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
      timings: { backoffBaseMs: 20, backoffCapMs: 50 },
    });
    let connects = 0;
    stranger.onMessage(() => undefined);
    stranger.onConnected(() => connects++);
    await stranger.start(new AbortController().signal);
    // Two filters are refused at each attempt.
    await until(() => expect(broker.stats().refused.subscribe).toBeGreaterThanOrEqual(6));
    expect(stranger.connected).toBe(false);
    expect(connects).toBe(0);
    await stranger.stop();
  });
});

describeWith(['mosquitto'], 'ingest behind Mosquitto', () => {
  let mosquitto: MosquittoServer;
  let bus: Bus;

  beforeEach(async () => {
    mosquitto = await startMosquitto();
    bus = externalBus(mosquitto.port);
    await startIngest(bus);
    await bus.start(new AbortController().signal);
    await until(() => expect(bus.connected).toBe(true));
  });

  afterEach(async () => {
    await ingest.stop();
    await bus.stop();
    await mosquitto.stop();
  });

  it('survives a kill -9 of the broker: reconnects, publishes the flow again, acknowledges resends', async () => {
    const before = await connectAgent('gw-1', mosquitto.port);
    before.send(1);
    await until(() => expect(seqsAcked(before)).toEqual([1]));
    await mosquitto.restart();
    await until(() => expect(bus.connected).toBe(true));
    const after = await connectAgent('gw-1', mosquitto.port);
    await until(() => expect(after.flows).toEqual(['go']));
    after.send(1);
    after.send(2);
    await until(() => expect(seqsAcked(after)).toEqual([1, 2]));
    expect(store.batches.size).toBe(2);
    expect(ingest.stats()).toMatchObject({ duplicateBatches: 1, storedBatches: 2 });
  });
});

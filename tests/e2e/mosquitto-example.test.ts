import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { refusePublish, refuseSubscribe, type Principal } from '../../central/mqtt/broker/topic-rights.ts';
import { SPARKPLUG_FILTERS } from '../../contract/sparkplug/topic.ts';
import { agentTopic, FLOW_TOPIC, STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import { createPublisher } from '../../edge/publisher/publisher.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { matchesFilter } from '../../runtime/mqtt/topic-filter.ts';
import { CentralProgram } from '../support/central-program.ts';
import { makeIdentity, openssl } from '../support/identity.ts';
import { startMosquittoWith, writePasswords, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { QUICK, sampleBody } from './publisher-bench.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const AGENT = 'gw-26737-01';
const OTHER_AGENT = 'gw-26732-01';
const NODE = 'spb-power--room-1';
/** May do everything: sends what others shall or shall not receive. */
const TESTER = 'tester';
const passwordOf = (user: string): string => `password of ${user}`;

const PRINCIPALS: readonly Principal[] = [
  { id: 'central', role: 'central' },
  { id: AGENT, role: 'agent' },
  { id: NODE, role: 'sparkplug', node: { group: 'power', node: 'room-1' } },
];
const TOPICS: readonly string[] = [
  ...[AGENT, OTHER_AGENT].flatMap((agent) =>
    (['up', 'ack', 'state', 'config', 'command', 'result'] as const).map((kind) => agentTopic(agent, kind)),
  ),
  FLOW_TOPIC,
  ...['room-1', 'room-2'].flatMap((node) => [
    ...['NBIRTH', 'NDATA', 'NDEATH', 'NCMD'].map((type) => `spBv1.0/power/${type}/${node}`),
    ...['DBIRTH', 'DDATA', 'DDEATH', 'DCMD'].map((type) => `spBv1.0/power/${type}/${node}/ups`),
  ]),
  'spBv1.0/STATE/wardwatch',
  'wardwatch/1/control/other',
  'elsewhere',
];

/** The examples, with this test's port and files, and with the Sparkplug lines that they have as comments. */
function configure(directory: string, port: number): string {
  makeIdentity(directory, 'broker');
  const users = ['central', AGENT, OTHER_AGENT, NODE, TESTER];
  const passwords = writePasswords(
    directory,
    Object.fromEntries(users.map((user) => [user, passwordOf(user)])),
  );
  const acl = readFileSync(join(EXAMPLES, 'mosquitto.acl'), 'utf8').replace(/^#(user|topic) /gm, '$1 ');
  writeFileSync(join(directory, 'acl'), `${acl}\nuser ${TESTER}\ntopic readwrite #\n`, { mode: 0o600 });
  mkdirSync(join(directory, 'data'));
  const text = readFileSync(join(EXAMPLES, 'mosquitto.conf'), 'utf8')
    .replace('listener 8883', `listener ${port} 127.0.0.1`)
    .replaceAll('/etc/mosquitto/certs', directory)
    .replaceAll('/etc/mosquitto/wardwatch.passwords', passwords)
    .replace('/etc/mosquitto/wardwatch.acl', join(directory, 'acl'))
    .replace('/var/lib/mosquitto/', `${join(directory, 'data')}/`);
  // Started by root, Mosquitto would change to a user that cannot read the temporary directory.
  return process.getuid?.() === 0 ? `${text}\nuser root\n` : text;
}

describeWith(['mosquitto'], 'Mosquitto with examples/mosquitto.conf', () => {
  describe.skipIf(openssl === undefined)('[needs openssl]', () => {
    let broker: MosquittoServer;
    let caFile: string;

    beforeAll(async () => {
      broker = await startMosquittoWith((directory, port) => {
        caFile = join(directory, 'broker.crt');
        return configure(directory, port);
      }, 'mqtts');
    });
    afterAll(() => broker.stop());

    /** With MQTT 5, whose broker says when it refuses a message. */
    async function connect(user: string, clientId = user): Promise<MqttClient> {
      const client = await connectAsync(broker.url, {
        ...{ clientId, username: user, password: passwordOf(user), protocolVersion: 5, reconnectPeriod: 0 },
        ca: readFileSync(caFile),
      });
      client.on('error', () => undefined);
      onTestFinished(() => void client.end(true));
      return client;
    }

    it.each(PRINCIPALS)(
      'lets $id publish what the embedded broker lets it publish, no more',
      async (principal) => {
        const client = await connect(principal.id);
        const outcomes = await Promise.all(
          TOPICS.map((topic) =>
            client.publishAsync(topic, 'x', { qos: 1 }).then(
              () => [topic, 'accepted'],
              (error: unknown) => [
                topic,
                String(error).includes('Not authorized') ? 'refused' : String(error),
              ],
            ),
          ),
        );
        const expected = TOPICS.map((topic) => {
          const refusal = refusePublish(principal, { topic, qos: 1, retain: false, payloadBytes: 1 });
          return [topic, refusal === undefined ? 'accepted' : 'refused'];
        });
        expect(outcomes).toEqual(expected);
      },
    );

    it.each([
      [PRINCIPALS[0]!, agentTopic(AGENT, 'up')],
      [PRINCIPALS[1]!, FLOW_TOPIC],
      [PRINCIPALS[2]!, 'spBv1.0/power/NCMD/room-1'],
    ])(
      'delivers to $id what the embedded broker lets it read, whatever it subscribes to',
      async (principal, last) => {
        const client = await connect(principal.id);
        const received: string[] = [];
        client.on('message', (topic) => received.push(topic));
        await client.subscribeAsync('#', { qos: 0 });
        const tester = await connect(TESTER);
        for (const topic of [...TOPICS, last]) await tester.publishAsync(topic, 'x', { qos: 1 });
        // The broker delivers in order: after the second message on this topic nothing else is under way.
        await until(() => expect(received.filter((topic) => topic === last)).toHaveLength(2));
        // Patterns apply to all users: central and edge nodes may read the flow too, which is no secret.
        const allowed = TOPICS.filter((topic) => topic === FLOW_TOPIC || mayRead(principal, topic));
        expect(new Set(received)).toEqual(new Set(allowed));
      },
    );

    it('lets nobody in without a password, with a wrong one, or in the clear', async () => {
      const refused = async (options: mqtt.IClientOptions, url = broker.url): Promise<string> => {
        const client = mqtt.connect(url, { reconnectPeriod: 0, ca: readFileSync(caFile), ...options });
        onTestFinished(() => void client.end(true));
        return new Promise((resolve) => {
          client.once('connect', () => resolve('connected'));
          client.once('error', (error) => resolve(error.message));
          client.once('close', () => resolve('closed'));
        });
      };
      expect(await refused({})).toMatch(/Not authorized/i);
      expect(await refused({ username: AGENT, password: 'wrong' })).toMatch(/Not authorized/i);
      const inClear = { username: AGENT, password: passwordOf(AGENT) };
      expect(await refused(inClear, broker.url.replace('mqtts', 'mqtt'))).not.toBe('connected');
    });

    it('does not let an agent disconnect another by its client id', async () => {
      const victim = await connect(OTHER_AGENT);
      const intruder = await connect(AGENT, OTHER_AGENT);
      await intruder.publishAsync(agentTopic(AGENT, 'up'), 'x', { qos: 1 });
      await victim.publishAsync(agentTopic(OTHER_AGENT, 'up'), 'x', { qos: 1 });
      expect(victim.connected).toBe(true);
    });

    it('is all that central and an agent need', async () => {
      const directory = temporaryDirectory('mosquitto-example');
      onTestFinished(() => directory.remove());
      const central = await CentralProgram.start({
        directory: directory.path,
        agents: [],
        broker: {
          ...{ kind: 'external', url: broker.url, username: 'central', tls: { caFile } },
          password: { value: passwordOf('central') },
        },
      });
      onTestFinished(async () => {
        await central.end('SIGTERM');
      });
      const queue = new MemoryQueue();
      const publisher = createPublisher({
        ...{ agent: AGENT, queue, nextBirth: () => 1, describe: () => ({ kind: 'gateway' }) },
        connection: {
          ...{ url: broker.url, username: AGENT, password: passwordOf(AGENT) },
          ca: readFileSync(caFile, 'utf8'),
        },
        ...{ clock: systemClock, random: Math.random, log: silentLogger, timings: QUICK },
      });
      await publisher.start(new AbortController().signal);
      onTestFinished(() => publisher.stop());
      for (let value = 0; value < 20; value++) queue.add(sampleBody(value), 0);
      await until(() => expect(queue.stats().pendingBatches).toBe(0));
      expect(await central.get(`/api/v1/agents/${AGENT}`)).toMatchObject({ phase: 'live', kind: 'gateway' });
      await publisher.stop();

      const body = { expectedRevision: 0, config: { collectors: [{ kind: 'server' }] } };
      const pushed = await central.fetch(`/api/v1/agents/${AGENT}/config`, { method: 'PUT', body });
      expect(pushed.status).toBe(200);
      const agent = await connect(AGENT);
      const received = new Map<string, unknown>();
      agent.on('message', (topic, payload) => received.set(topic, JSON.parse(payload.toString())));
      await agent.subscribeAsync([agentTopic(AGENT, 'config'), FLOW_TOPIC], { qos: 0 });
      await until(() => expect(received.size).toBe(2));
      expect(received.get(agentTopic(AGENT, 'config'))).toMatchObject({ revision: 1 });
      expect(received.get(FLOW_TOPIC)).toMatchObject({ mode: 'go' });
    });
  });
});

function mayRead(principal: Principal, topic: string): boolean {
  if (principal.role !== 'central') return refuseSubscribe(principal, { topic, qos: 0 }) === undefined;
  const filters = [UP_FILTER, STATE_FILTER, ...SPARKPLUG_FILTERS, 'spBv1.0/STATE/wardwatch'];
  for (const filter of filters) expect(refuseSubscribe(principal, { topic: filter, qos: 1 })).toBeUndefined();
  return filters.some((filter) => matchesFilter(filter, topic));
}

import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { agentTopic, UP_FILTER } from '../../contract/topics.ts';
import { acceptsConnections } from '../support/accepts-connections.ts';
import { freePort } from '../support/free-port.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { ServerProcess } from '../support/server-process.ts';
import { usageOf } from './process-usage.ts';
import { ratioOf, rounded, sleep, type Section } from './section.ts';

const AGENTS = 50;
const WINDOW = 8;
/** A gateway's usual batch. */
const PAYLOAD = randomBytes(1_500);
const ROUNDS = 3;

interface Broker {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Turn {
  readonly messagesPerS: number;
  readonly cpuSPer10k: number;
}

/** Agents publish at QoS 1, eight in flight each; one subscriber takes all. The brokers take turns. */
export const brokersSection: Section = {
  name: 'brokers',
  title: `Bare brokers: ${AGENTS} agents, QoS 1, ${PAYLOAD.length} bytes, one subscriber`,
  run: async ({ dist, seconds }) => {
    const brokers = [await startEmbedded(dist), await startMosquittoBroker()];
    try {
      const turns = brokers.map((): Turn[] => []);
      for (let round = 0; round < ROUNDS; round++) {
        for (const [index, broker] of brokers.entries()) {
          turns[index]?.push(await flood(broker, seconds / (ROUNDS * brokers.length)));
        }
      }
      const medians = turns.map((list) => ({
        messagesPerS: median(list.map(({ messagesPerS }) => messagesPerS)),
        cpuSPer10k: median(list.map(({ cpuSPer10k }) => cpuSPer10k)),
      }));
      const mosquitto = medians.at(-1);
      return {
        head: ['broker', 'messages/s', 'beside Mosquitto', 'CPU s of the broker per 10,000 messages'],
        rows: medians.map(({ messagesPerS, cpuSPer10k }, index) => [
          brokers[index]?.name ?? '',
          rounded(messagesPerS),
          ratioOf(messagesPerS, mosquitto?.messagesPerS ?? messagesPerS),
          cpuSPer10k.toFixed(2),
        ]),
        raw: brokers.map(({ name }, index) => ({ name, ...medians[index], turns: turns[index] })),
      };
    } finally {
      for (const broker of brokers) await broker.stop();
    }
  },
};

async function startEmbedded(dist: string): Promise<Broker> {
  const port = await freePort();
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(dist, 'chaos-broker.js'), String(port)],
    isReady: () => acceptsConnections(port),
  });
  await server.start();
  return {
    name: 'aedes, as embedded in central',
    url: `mqtt://127.0.0.1:${port}`,
    pid: server.pid,
    stop: () => server.dispose(),
  };
}

async function startMosquittoBroker(): Promise<Broker> {
  const server = await startMosquitto();
  return { name: 'Mosquitto', url: server.url, pid: server.pid, stop: () => server.stop() };
}

async function flood({ url, pid }: Broker, seconds: number): Promise<Turn> {
  const clients: MqttClient[] = [];
  const open = async (clientId: string): Promise<MqttClient> => {
    const client = await connectAsync(url, {
      clientId,
      username: clientId,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    clients.push(client);
    return client;
  };
  try {
    let received = 0;
    const subscriber = await open('central');
    subscriber.on('message', () => received++);
    await subscriber.subscribeAsync(UP_FILTER, { qos: 0 });
    let isOver = false;
    for (let index = 0; index < AGENTS; index++) {
      const client = await open(`bench-${index}`);
      const topic = agentTopic(`bench-${index}`, 'up');
      const send = (): void => {
        if (!isOver) client.publish(topic, PAYLOAD, { qos: 1 }, send);
      };
      for (let inFlight = 0; inFlight < WINDOW; inFlight++) send();
    }
    const before = { received, cpuS: usageOf(pid).cpuS, atMs: performance.now() };
    await sleep(seconds * 1_000);
    const messages = received - before.received;
    const elapsedS = (performance.now() - before.atMs) / 1_000;
    const cpuS = usageOf(pid).cpuS - before.cpuS;
    isOver = true;
    return { messagesPerS: messages / elapsedS, cpuSPer10k: (cpuS / messages) * 10_000 };
  } finally {
    for (const client of clients) client.end(true);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

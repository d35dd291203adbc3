import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { MqttClient } from 'mqtt';
import { ackSchema, flowSchema, type Ack, type Flow } from '../../contract/ack.ts';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { AGENT_PASSWORD } from './central-program.ts';

export const RAW_EPOCH = 'rawagent';

type Refusal = NonNullable<Ack['refused']>[number];

/** Where it differs from an agent that has everything since its first batch, and a right clock. */
export interface RawHeader {
  readonly lowest?: number;
  readonly sentAtMs?: number;
}

/** A valid batch; the samples must fit into one. */
export function rawBatch(seq: number, samples: readonly Sample[], header: RawHeader = {}): Buffer {
  const { bodies, oversize } = encodeSamples(samples);
  const [body] = bodies;
  if (body === undefined || bodies.length > 1 || oversize.length > 0) throw new Error('not one batch');
  const rest = { lowest: 1, sentAtMs: Date.now(), ...header };
  return encodeBatch({ epoch: RAW_EPOCH, seq, backfill: false, ...rest }, body.bytes);
}

export interface ConnectFrom {
  /** An address of this machine, such as 127.0.0.2: limits for each address then see two machines. */
  readonly localAddress?: string;
  /** What to trust at an `mqtts:` broker, PEM. */
  readonly ca?: string;
}

/** An MQTT client in the place of an agent: it can publish anything, and receives its acknowledgements and the flow. */
export class RawAgent {
  readonly name: string;
  readonly client: MqttClient;
  readonly stored = new Set<number>();
  /** When each acknowledgement came, by `performance.now()`. */
  readonly storedAtMs = new Map<number, number>();
  readonly refused: Refusal[] = [];
  readonly flows: Flow['mode'][] = [];
  readonly #waiting = new Set<() => void>();
  #sentBatches = 0;

  private constructor(name: string, client: MqttClient) {
    this.name = name;
    this.client = client;
    client.on('message', (topic, payload) => {
      if (topic === FLOW_TOPIC) this.flows.push(flowSchema.parse(JSON.parse(payload.toString())).mode);
      else this.#onAck(payload);
    });
  }

  static async connect(
    brokerUrl: string,
    name: string,
    password: string = AGENT_PASSWORD,
    from: ConnectFrom = {},
  ): Promise<RawAgent> {
    const client = await openClient(brokerUrl, name, password, from);
    const agent = new RawAgent(name, client);
    await client.subscribeAsync([agentTopic(name, 'ack'), FLOW_TOPIC], { qos: 0 });
    return agent;
  }

  /** Publishes anything; the broker may close the connection. */
  publish(topic: string, payload: Buffer | string): void {
    this.client.publish(topic, payload, { qos: 1 }, () => undefined);
  }

  /** Publishes its next batch; returns the seq, which counts from 1. */
  send(samples: readonly Sample[], header: RawHeader = {}): number {
    const seq = ++this.#sentBatches;
    this.publish(agentTopic(this.name, 'up'), rawBatch(seq, samples, header));
    return seq;
  }

  /** Says that it is there, and how often it sends. */
  announce(intervalMs: number): void {
    const birth = { v: 1, online: true, birth: 1, epoch: RAW_EPOCH, intervalMs };
    this.publish(agentTopic(this.name, 'state'), JSON.stringify(birth));
  }

  /** Leaves out so many batches, which are never sent. */
  skip(batches: number): void {
    this.#sentBatches += batches;
  }

  get sentBatches(): number {
    return this.#sentBatches;
  }

  /** Its next batch has the number behind this one, as after a restart. */
  continueAfter(seq: number): void {
    this.#sentBatches = seq;
  }

  async untilStored(seq: number): Promise<void> {
    while (!this.stored.has(seq)) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  end(): void {
    this.client.end(true);
  }

  #onAck(payload: Buffer): void {
    const { stored, refused } = ackSchema.parse(JSON.parse(payload.toString()));
    const nowMs = performance.now();
    for (const [from, to] of stored) {
      for (let seq = from; seq <= to; seq++) {
        if (!this.stored.has(seq)) this.storedAtMs.set(seq, nowMs);
        this.stored.add(seq);
      }
    }
    this.refused.push(...(refused ?? []));
    for (const wake of this.#waiting) wake();
  }
}

async function openClient(
  brokerUrl: string,
  name: string,
  password: string,
  { localAddress, ca }: ConnectFrom,
): Promise<MqttClient> {
  const { protocol, hostname: host, port } = new URL(brokerUrl);
  const target = { host, port: Number(port), ...(localAddress !== undefined && { localAddress }) };
  const client = new MqttClient(
    () =>
      protocol === 'mqtts:' ? connectTls({ ...target, ...(ca !== undefined && { ca }) }) : connectTcp(target),
    { clientId: name, username: name, password, protocolVersion: 4, reconnectPeriod: 0 },
  );
  client.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    const refuse = (): void => {
      client.end(true);
      reject(new Error(`${brokerUrl} closed the connection of ${name}`));
    };
    client.once('close', refuse);
    client.once('connect', () => {
      client.off('close', refuse);
      resolve(client);
    });
  });
}

import { connectAsync, type MqttClient } from 'mqtt';
import { ackSchema, flowSchema, type Ack, type Flow } from '../../contract/ack.ts';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { AGENT_PASSWORD } from './central-program.ts';

export const RAW_EPOCH = 'rawagent';

type Refusal = NonNullable<Ack['refused']>[number];

/** A valid batch; the samples must fit into one. */
export function rawBatch(seq: number, samples: readonly Sample[]): Buffer {
  const { bodies, oversize } = encodeSamples(samples);
  const [body] = bodies;
  if (body === undefined || bodies.length > 1 || oversize.length > 0) throw new Error('not one batch');
  const header = { epoch: RAW_EPOCH, seq, lowest: 1, sentAtMs: Date.now(), backfill: false };
  return encodeBatch(header, body.bytes);
}

/** An MQTT client in the place of an agent: it can publish anything, and receives its acknowledgements and the flow. */
export class RawAgent {
  readonly name: string;
  readonly client: MqttClient;
  readonly stored = new Set<number>();
  readonly refused: Refusal[] = [];
  readonly flows: Flow['mode'][] = [];
  readonly #waiting = new Set<() => void>();
  #sentBatches = 0;

  private constructor(name: string, client: MqttClient) {
    this.name = name;
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      if (topic === FLOW_TOPIC) this.flows.push(flowSchema.parse(JSON.parse(payload.toString())).mode);
      else this.#onAck(payload);
    });
  }

  static async connect(
    brokerUrl: string,
    name: string,
    password: string = AGENT_PASSWORD,
  ): Promise<RawAgent> {
    const client = await connectAsync(brokerUrl, {
      clientId: name,
      username: name,
      password,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    const agent = new RawAgent(name, client);
    await client.subscribeAsync([agentTopic(name, 'ack'), FLOW_TOPIC], { qos: 0 });
    return agent;
  }

  /** Publishes anything; the broker may close the connection. */
  publish(topic: string, payload: Buffer | string): void {
    this.client.publish(topic, payload, { qos: 1 }, () => undefined);
  }

  /** Publishes its next batch; returns the seq, which counts from 1. */
  send(samples: readonly Sample[]): number {
    const seq = ++this.#sentBatches;
    this.publish(agentTopic(this.name, 'up'), rawBatch(seq, samples));
    return seq;
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
    for (const [from, to] of stored) for (let seq = from; seq <= to; seq++) this.stored.add(seq);
    this.refused.push(...(refused ?? []));
    for (const wake of this.#waiting) wake();
  }
}

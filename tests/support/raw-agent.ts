import { connectAsync, type MqttClient } from 'mqtt';
import { ackSchema } from '../../contract/ack.ts';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { AGENT_PASSWORD } from './central-program.ts';

export const RAW_EPOCH = 'rawagent';

/** An agent's end of the wire without an agent: it can say anything, and hears its acknowledgements. */
export class RawAgent {
  readonly name: string;
  readonly client: MqttClient;
  readonly stored = new Set<number>();
  readonly refused: unknown[] = [];
  readonly #waiting = new Set<() => void>();
  #seq = 0;

  private constructor(name: string, client: MqttClient) {
    this.name = name;
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => this.#onAck(payload));
  }

  static async connect(brokerUrl: string, name: string): Promise<RawAgent> {
    const client = await connectAsync(brokerUrl, {
      clientId: name,
      username: name,
      password: AGENT_PASSWORD,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    const agent = new RawAgent(name, client);
    await client.subscribeAsync(agentTopic(name, 'ack'));
    return agent;
  }

  /** Hands over whatever it is given; the broker may cut the connection for it. */
  say(topic: string, payload: Buffer | string): void {
    this.client.publish(topic, payload, { qos: 1 }, () => undefined);
  }

  /** A good batch; returns its seq. */
  send(samples: readonly Sample[]): number {
    const seq = ++this.#seq;
    const body = encodeSamples(samples).bodies[0];
    if (body === undefined) throw new Error('no samples');
    const header = { epoch: RAW_EPOCH, seq, lowest: 1, sentAtMs: Date.now(), backfill: false };
    this.say(agentTopic(this.name, 'up'), encodeBatch(header, body.bytes));
    return seq;
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

import { agentTopic, UP_FILTER } from '../../../contract/topics.ts';
import { sleep, until } from '../sleep.ts';
import { WireClient } from './mqtt-wire.ts';

const PUBLISHERS = 40;
const WINDOW = 8;
const PAYLOAD_BYTES = 1_024;
const DRAIN_LIMIT_S = 10;

/**
 * Publishers with QoS 1 and one subscriber with QoS 1 on one broker. Each publisher has at most eight messages that the
 * subscriber has not received, so that no broker can hide a growing queue.
 */
export class BrokerLoad {
  static readonly description = `${PUBLISHERS} publishers, 1 subscriber, QoS 1, ${PAYLOAD_BYTES} B`;
  readonly #publishers: readonly (() => void)[];
  readonly #clients: readonly WireClient[];
  #underWay = 0;
  #received = 0;
  #isRunning = false;
  #isBroken = false;

  private constructor(subscriber: WireClient, publishers: readonly WireClient[]) {
    this.#clients = [subscriber, ...publishers];
    this.#publishers = publishers.map((client, index) => {
      const topic = agentTopic(nameOf(index), 'up');
      const payload = Buffer.alloc(PAYLOAD_BYTES);
      payload.writeUInt16BE(index);
      return () => client.publish(topic, payload);
    });
    for (const client of this.#clients) {
      client.onClosed = () => {
        this.#isBroken = true;
      };
    }
    subscriber.onPublish = (payload) => this.#onReceived(payload.readUInt16BE(0));
  }

  static async open(port: number): Promise<BrokerLoad> {
    const clients: WireClient[] = [];
    try {
      // Both brokers allow only this user to read the topics of all agents.
      const subscriber = await WireClient.open(port, 'central');
      clients.push(subscriber);
      await subscriber.subscribe(UP_FILTER);
      for (let index = 0; index < PUBLISHERS; index++)
        clients.push(await WireClient.open(port, nameOf(index)));
      return new BrokerLoad(subscriber, clients.slice(1));
    } catch (error) {
      for (const client of clients) client.close();
      throw error;
    }
  }

  get received(): number {
    return this.#received;
  }

  /** Resolves when the subscriber has received everything. */
  async run(seconds: number): Promise<void> {
    this.#isRunning = true;
    for (let index = 0; index < PUBLISHERS; index++) {
      for (let message = 0; message < WINDOW; message++) this.#publish(index);
    }
    await sleep(seconds);
    this.#isRunning = false;
    await until('everything published arrived', DRAIN_LIMIT_S, () => this.#underWay === 0);
    if (this.#isBroken) throw new Error('the broker closed a connection');
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #onReceived(index: number): void {
    this.#received++;
    this.#underWay--;
    if (this.#isRunning) this.#publish(index);
  }

  #publish(index: number): void {
    this.#underWay++;
    this.#publishers[index]?.();
  }
}

function nameOf(index: number): string {
  return `load-${index}`;
}

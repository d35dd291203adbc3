import { connect, type MqttClient } from 'mqtt';
import { ackSchema } from '../../../contract/ack.ts';
import { encodeBatch } from '../../../contract/codec.ts';
import { agentTopic } from '../../../contract/topics.ts';
import type { LoadAgent } from './load-shape.ts';
import type { Percentiles } from './percentiles.ts';
import type { Totals } from './totals.ts';

export const BENCH_PASSWORD = 'bench';

/** One agent with its own connection. */
export interface LoadSender {
  readonly isConnected: boolean;
  readonly unackedBatches: number;
  send(): void;
}

export interface SenderDeps {
  readonly brokerUrl: string;
  readonly epoch: string;
  readonly load: LoadAgent;
  readonly totals: Totals;
  readonly latencies: () => Percentiles;
  /** Time of the samples in batch `seq`. Two batches of one agent must differ in it. */
  readonly stampOf: (seq: number, nowMs: number) => number;
  readonly onReady: (sender: Sender) => void;
  readonly onAck: (sender: Sender) => void;
}

/** One agent with its own connection: publishes prepared bodies and remembers what is not acknowledged. */
export class Sender implements LoadSender {
  readonly #deps: SenderDeps;
  readonly #client: MqttClient;
  readonly #sent = new Map<number, { readonly atMs: number; readonly acked: () => void }>();
  #seq = 1;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    const { agent } = deps.load;
    this.#client = connect(deps.brokerUrl, {
      clientId: agent,
      username: agent,
      password: BENCH_PASSWORD,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    this.#client.on('error', (error) => process.stderr.write(`${agent}: ${error.message}\n`));
    this.#client.on('message', (_topic, payload) => this.#onAck(payload));
    this.#client.on('connect', () => {
      this.#client.subscribe(agentTopic(agent, 'ack'), { qos: 0 }, () => deps.onReady(this));
    });
  }

  get isConnected(): boolean {
    return this.#client.connected;
  }

  get unackedBatches(): number {
    return this.#sent.size;
  }

  send(): void {
    const { load, epoch, totals, stampOf } = this.#deps;
    for (const { at, points, values } of load.bodies) {
      const seq = this.#seq++;
      const nowMs = Date.now();
      const header = { epoch, seq, lowest: seq, sentAtMs: nowMs, backfill: false };
      this.#client.publish(agentTopic(load.agent, 'up'), encodeBatch(header, at(stampOf(seq, nowMs))), {
        qos: 1,
      });
      this.#sent.set(seq, { atMs: performance.now(), acked: totals.sent(points, values) });
    }
  }

  #onAck(payload: Buffer): void {
    const { epoch, latencies, onAck } = this.#deps;
    const ack = ackSchema.parse(JSON.parse(payload.toString('utf8')));
    if (ack.epoch !== epoch) return;
    for (const [from, to] of ack.stored) {
      for (let seq = from; seq <= to; seq++) {
        const sent = this.#sent.get(seq);
        if (sent === undefined) continue;
        this.#sent.delete(seq);
        latencies().add(performance.now() - sent.atMs);
        sent.acked();
      }
    }
    onAck(this);
  }
}

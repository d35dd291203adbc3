import { connect, type MqttClient } from 'mqtt';
import type { LoadAgent } from './load-shape.ts';
import type { LoadSender } from './sender.ts';
import type { Totals } from './totals.ts';

export interface LineSenderDeps {
  readonly brokerUrl: string;
  readonly load: LoadAgent;
  readonly totals: Totals;
  /** Time of the samples in message `seq`. Two messages of one agent must differ in it. */
  readonly stampOf: (seq: number, nowMs: number) => number;
  readonly onReady: (sender: LineSender) => void;
}

/** One agent with its own connection that publishes line protocol for a Telegraf; nobody acknowledges that it is stored. */
export class LineSender implements LoadSender {
  readonly unackedBatches = 0;
  readonly #deps: LineSenderDeps;
  readonly #client: MqttClient;
  #seq = 1;

  constructor(deps: LineSenderDeps) {
    this.#deps = deps;
    const { agent } = deps.load;
    this.#client = connect(deps.brokerUrl, { clientId: agent, protocolVersion: 4, reconnectPeriod: 0 });
    this.#client.on('error', (error) => process.stderr.write(`${agent}: ${error.message}\n`));
    this.#client.on('connect', () => deps.onReady(this));
  }

  get isConnected(): boolean {
    return this.#client.connected;
  }

  send(): void {
    const { load, totals, stampOf } = this.#deps;
    for (const { at, points, values } of load.bodies) {
      const body = at(stampOf(this.#seq++, Date.now()));
      this.#client.publish(`telegraf/${load.agent}`, body, { qos: 1 });
      totals.sent(points, values);
    }
  }
}

import type { Batch } from '../../contract/batch.ts';
import { FLOW_TOPIC, parseAgentTopic } from '../../contract/topics.ts';
import { AGENT_FILTERS, type Bus, type BusMessage } from '../../central/mqtt/bus.ts';

/** What an agent hears of central: an acknowledgement, as published. */
export type OnAck = (agent: string, payload: Buffer | string) => void;

const NO_BYTES = Buffer.alloc(0);

/** The broker of a rehearsal: in this process, loses nothing, and passes on what agents have to know. */
export class InProcessBus implements Bus {
  readonly name = 'in-process bus';
  readonly connected = true;
  /** Of all that arrived. */
  readonly measured = new Set<string>();
  readonly #onAck: OnAck;
  readonly #handlers: ((message: BusMessage) => void)[] = [];

  constructor(onAck: OnAck) {
    this.#onAck = onAck;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  onMessage(handler: (message: BusMessage) => void, filters = AGENT_FILTERS): void {
    if (filters === AGENT_FILTERS) this.#handlers.push(handler);
  }

  holdBack(): void {
    // Agents of a rehearsal send at the pace that central's acknowledgements allow.
  }

  onConnected(): void {
    // It is always connected.
  }

  announce(): void {
    // Nobody asks.
  }

  publish(topic: string, payload: Buffer | string): Promise<void> {
    if (topic !== FLOW_TOPIC) {
      const parsed = parseAgentTopic(topic);
      if (parsed?.kind === 'ack') this.#onAck(parsed.agent, payload);
    }
    return Promise.resolve();
  }

  /** A birth or a will of an agent arrives. */
  deliverState(topic: string, payload: Buffer): void {
    for (const handler of this.#handlers) handler({ topic, payload });
  }

  /** A batch arrives, as central's decoder would hand it on. */
  deliverBatch(topic: string, batch: Batch): void {
    for (const { measurement } of batch.tables) this.measured.add(measurement);
    for (const handler of this.#handlers) handler({ topic, payload: NO_BYTES, batch });
  }
}

import type { Bus, BusMessage } from '../../../central/mqtt/bus.ts';
import { ackSchema } from '../../../contract/ack.ts';
import { parseAgentTopic } from '../../../contract/topics.ts';

/** No broker: delivers what the bench passes to it, and only counts acknowledgements. */
export class NullBus implements Bus {
  readonly name = 'null bus';
  readonly connected = true;
  onAcked: (batches: number) => void = () => undefined;
  #handler: (message: BusMessage) => void = () => undefined;

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  onMessage(handler: (message: BusMessage) => void): void {
    this.#handler = handler;
  }

  announce(): void {
    // Nothing subscribes to it.
  }

  holdBack(): void {
    // The bench looks after that itself.
  }

  onConnected(): void {
    // It is always connected.
  }

  receive(message: BusMessage | undefined): void {
    if (message !== undefined) this.#handler(message);
  }

  publish(topic: string, payload: Buffer | string): Promise<void> {
    if (parseAgentTopic(topic)?.kind === 'ack') {
      const { stored } = ackSchema.parse(JSON.parse(String(payload)));
      this.onAcked(stored.reduce((sum, [from, to]) => sum + to - from + 1, 0));
    }
    return Promise.resolve();
  }
}

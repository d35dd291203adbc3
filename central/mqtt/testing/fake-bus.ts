import { AGENT_FILTERS, type Bus, type BusMessage, type Presence } from '../bus.ts';
import { matchesFilter } from '../../../runtime/mqtt/topic-filter.ts';

export interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** A bus on which the test is the broker. */
export class FakeBus implements Bus {
  readonly name = 'fake bus';
  readonly published: Published[] = [];
  connected = true;
  presence: Presence | undefined;
  roomAfter: (message: BusMessage) => Promise<void> | undefined = () => undefined;
  readonly #listeners: { handler: (message: BusMessage) => void; filters: readonly string[] }[] = [];
  readonly #connectedHandlers: (() => void)[] = [];

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  onMessage(handler: (message: BusMessage) => void, filters = AGENT_FILTERS): void {
    this.#listeners.push({ handler, filters });
  }

  holdBack(roomAfter: (message: BusMessage) => Promise<void> | undefined): void {
    this.roomAfter = roomAfter;
  }

  announce(presence: Presence): void {
    this.presence = presence;
  }

  onConnected(handler: () => void): void {
    this.#connectedHandlers.push(handler);
  }

  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void> {
    if (!this.connected) return Promise.reject(new Error('not connected'));
    this.published.push({ topic, payload: String(payload), ...options });
    return Promise.resolve();
  }

  receive(topic: string, payload: Buffer | string, more: { readonly retained?: boolean } = {}): void {
    const isAdapters = (filters: readonly string[]): boolean =>
      filters !== AGENT_FILTERS && filters.some((filter) => matchesFilter(filter, topic));
    const adapters = this.#listeners.filter(({ filters }) => isAdapters(filters));
    // Ingest must cope with any message, also one that no broker would deliver to it.
    const own = this.#listeners.filter(({ filters }) => filters === AGENT_FILTERS);
    for (const { handler } of adapters.length > 0 ? adapters : own)
      handler({ topic, payload: Buffer.from(payload), ...more });
  }

  reconnect(): void {
    this.connected = true;
    for (const handler of this.#connectedHandlers) handler();
  }

  /** Payloads published to a topic, parsed. */
  jsonOn(topic: string): unknown[] {
    return this.published
      .filter((each) => each.topic === topic)
      .map((each) => JSON.parse(each.payload) as unknown);
  }
}

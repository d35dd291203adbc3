import type { Batch } from '../../contract/batch.ts';
import { STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import type { Service } from '../../runtime/service.ts';

export interface BusMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** The broker had retained it: it may be old. */
  readonly retained?: boolean;
  /** Of a bus within this process, which has nothing to decode; `payload` is then empty. What came over a network never has it. */
  readonly batch?: Batch;
}

/** What edge agents publish. */
export const AGENT_FILTERS: readonly string[] = [UP_FILTER, STATE_FILTER];

/** A retained message with central's state, online or offline; offline is also the connection's last will. */
export interface Presence {
  readonly topic: string;
  /** `atMs`: when the connection was opened, also in later messages about the same connection. */
  payload(online: boolean, atMs: number): string;
  /** Whether a received payload says that central is offline: it may be the last will of an older connection. */
  isOffline(payload: Buffer): boolean;
}

/** Central's view of a broker, embedded or external. It may lose or repeat messages. */
export interface Bus extends Service {
  readonly connected: boolean;
  /**
   * Adds a handler for messages on these filters, those of edge agents by default. Call it before start(); filters must
   * not overlap. The handler must return at once, since the bus waits for it.
   */
  onMessage(handler: (message: BusMessage) => void, filters?: readonly string[]): void;
  /**
   * Call it before start(). Where the bus can, it reads no more from the sender of a message until what `roomAfter` returns
   * for it resolves.
   */
  holdBack(roomAfter: (message: BusMessage) => Promise<void> | undefined): void;
  /** Called after each (re)connect, when retained messages have to be published again. */
  onConnected(handler: () => void): void;
  /** Call it before start(): publishes that central is online while it is connected, and offline afterwards. */
  announce(presence: Presence): void;
  /** Best effort: resolves when handed to the broker or its connection, rejects when not connected. */
  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void>;
}

import { STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import type { Service } from '../../runtime/service.ts';

export interface BusMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** The broker kept it: it was said some time ago. */
  readonly retained?: boolean;
}

/** What our own agents publish. */
export const AGENT_FILTERS: readonly string[] = [UP_FILTER, STATE_FILTER];

/** A retained message that says whether central is there; its opposite is the connection's last will. */
export interface Presence {
  readonly topic: string;
  /** `atMs`: when the connection was opened, also in what is published later about it. */
  payload(online: boolean, atMs: number): string;
  /** Somebody, such as the broker with the will of an older connection, says that central is away. */
  deniesIt(payload: Buffer): boolean;
}

/** Central's view of a broker, embedded or external: a pipe that may lose or repeat. */
export interface Bus extends Service {
  readonly connected: boolean;
  /**
   * Messages on these filters, of our own agents by default. Before start(); filters must not overlap. The handler must
   * return at once; the pipe is never blocked by it.
   */
  onMessage(handler: (message: BusMessage) => void, filters?: readonly string[]): void;
  /** Called after each (re)connect, when retained messages have to be published again. */
  onConnected(handler: () => void): void;
  /** Before start(): says that central is there while it is connected, and that it is not once it is gone. */
  announce(presence: Presence): void;
  /** Best effort: resolves when handed over, rejects when not connected. */
  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void>;
}

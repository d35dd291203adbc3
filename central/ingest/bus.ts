import type { Service } from '../../runtime/service.ts';

export interface BusMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Central's view of a broker, embedded or external: a pipe that may lose or repeat. */
export interface Bus extends Service {
  readonly connected: boolean;
  /** Messages on UP_FILTER and STATE_FILTER. The handler must return at once; the pipe is never blocked by it. */
  onMessage(handler: (message: BusMessage) => void): void;
  /** Called after each (re)connect, when retained messages have to be published again. */
  onConnected(handler: () => void): void;
  /** Best effort: resolves when handed over, rejects when not connected. */
  publish(topic: string, payload: Buffer | string, options: { qos: 0 | 1; retain: boolean }): Promise<void>;
}

import { connect, Store, type MqttClient } from 'mqtt';
import { messageOf } from '../../runtime/errors.ts';
import { FrameScanner } from '../../runtime/mqtt/frame-scanner.ts';
import { withTimeout } from '../../runtime/service.ts';
import { dialOptions, type Dial } from '../protocols/mqtt/dial-options.ts';
import type { Topics } from './inbound-topics.ts';

/** Far above what central sends. A smaller message that is too large is read and ignored; this closes the connection. */
const MAX_FRAME_BYTES = 1024 * 1024;

export interface LinkOptions extends Dial {
  /** Published by the broker when the connection breaks. */
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly topics: Topics;
  /** Connected, and every needed subscription granted; `refused` are wanted ones that were not. */
  readonly onReady: (refused: readonly string[]) => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
  /** Once, and not after close() or leave(). */
  readonly onClosed: (reason: string) => void;
}

export interface PublishOptions {
  readonly retain: boolean;
  /** PUBACK: the broker has it. No proof of delivery to central, so batches do not use it. */
  readonly onHandedOver?: () => void;
}

/** One connection, from connecting to its end; each attempt makes a new one. */
export interface Link {
  /** QoS 1, at most once on this connection. */
  publish(topic: string, payload: Buffer | string, options: PublishOptions): void;
  /** Closes without DISCONNECT: the broker publishes the will. */
  close(): void;
  /** Sends DISCONNECT, so that the broker drops the will; the socket is closed within `waitMs`. */
  leave(waitMs: number): Promise<void>;
}

/** Starts to connect. May throw when the TLS settings are unusable. */
export function openLink(options: LinkOptions): Link {
  const { will } = options;
  const client = connect({
    ...dialOptions(options),
    clean: true,
    outgoingStore: new NullStore(),
    ...(will !== undefined && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } as const,
    }),
  });
  return new MqttLink(client, options);
}

/** Keeps nothing: batches are sent again from the queue on disk, never from MQTT.js's memory. */
class NullStore extends Store {
  override put(...[, done]: Parameters<Store['put']>): this {
    done();
    return this;
  }

  override del(...[, done]: Parameters<Store['del']>): this {
    done();
    return this;
  }
}

class MqttLink implements Link {
  readonly #client: MqttClient;
  readonly #options: LinkOptions;
  readonly #frames = new FrameScanner({ maxBytes: () => MAX_FRAME_BYTES });
  #over = false;

  constructor(client: MqttClient, options: LinkOptions) {
    this.#client = client;
    this.#options = options;
    client.on('error', (error) => this.#fail(messageOf(error)));
    client.on('close', () => this.#fail('connection closed'));
    client.on('connect', () => this.#subscribe());
    client.on('message', (topic, payload) => {
      if (!this.#over) options.onMessage(topic, payload);
    });
    client.stream.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      const problem = this.#frames.scan(chunk);
      if (problem !== undefined) this.#fail(`invalid packet from the broker: ${problem}`);
    });
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions): void {
    if (this.#over || !this.#client.connected) return;
    this.#client.publish(topic, payload, { qos: 1, retain: options.retain }, () => options.onHandedOver?.());
  }

  close(): void {
    this.#over = true;
    this.#client.end(true);
  }

  async leave(waitMs: number): Promise<void> {
    this.#over = true;
    const client = this.#client;
    // DISCONNECT would otherwise wait for every PUBACK, which are not needed here.
    for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
    const closed = new Promise<void>((resolve) => client.stream.once('close', resolve));
    client.end(false);
    try {
      await withTimeout(closed, waitMs, 'leaving the broker');
    } catch {
      client.stream.destroy();
    }
  }

  #subscribe(): void {
    if (this.#over) return;
    const { needed, wanted } = this.#options.topics;
    const topics = [...needed, ...wanted];
    this.#client.subscribe(topics, { qos: 0 }, (error, _granted, answer) => {
      if (this.#over) return;
      const codes: readonly unknown[] = answer?.granted ?? [];
      const refused = topics.filter((_topic, at) => Number(codes[at]) >= 128);
      const missing = refused.filter((topic) => needed.includes(topic));
      if (missing.length > 0) this.#fail(`the broker refuses the subscription to ${missing.join(', ')}`);
      else if (error && refused.length === 0) this.#fail(messageOf(error));
      else this.#options.onReady(refused);
    });
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.close();
    this.#options.onClosed(reason);
  }
}

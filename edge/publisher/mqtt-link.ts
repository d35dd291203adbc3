import { Store, type MqttClient } from 'mqtt';
import { messageOf } from '../../runtime/errors.ts';
import { FrameScanner } from '../../runtime/mqtt/frame-scanner.ts';
import { withTimeout } from '../../runtime/service.ts';
import { openClient, type Login } from '../protocols/mqtt/open-client.ts';
import type { Topics } from './inbound-topics.ts';

/** Far above what central sends. A smaller message that is too large is read and ignored; this closes the connection. */
const MAX_FRAME_BYTES = 1024 * 1024;

export interface LinkOptions extends Login {
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
  /** What it is waiting for while it is not ready, such as `connecting to 10.0.0.1`. */
  readonly step: string;
  /** QoS 1, at most once on this connection. */
  publish(topic: string, payload: Buffer | string, options: PublishOptions): void;
  /** Closes without DISCONNECT: the broker publishes the will. */
  close(): void;
  /** Sends DISCONNECT, so that the broker drops the will; the socket is closed within `waitMs`. */
  leave(waitMs: number): Promise<void>;
}

/** Starts to connect. */
export type OpenLink = (options: LinkOptions) => Link;

/** By MQTT.js. */
export function openLink(options: LinkOptions): Link {
  const link = new MqttLink(options);
  void link.open();
  return link;
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
  readonly #options: LinkOptions;
  readonly #opening = new AbortController();
  readonly #frames = new FrameScanner({ maxBytes: () => MAX_FRAME_BYTES });
  #client: MqttClient | undefined;
  #step = 'beginning';
  #over = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get step(): string {
    return this.#step;
  }

  async open(): Promise<void> {
    const { will } = this.#options;
    try {
      const client = await openClient(
        this.#options,
        {
          clean: true,
          outgoingStore: new NullStore(),
          ...(will !== undefined && {
            will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } as const,
          }),
        },
        { signal: this.#opening.signal, guard: undefined, onStep: (step) => (this.#step = step) },
      );
      this.#client = client;
      if (this.#over) client.end(true);
      else this.#listen(client);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #listen(client: MqttClient): void {
    client.on('error', (error) => this.#fail(messageOf(error)));
    client.on('close', () => this.#fail('connection closed'));
    client.on('connect', () => this.#subscribe(client));
    client.on('message', (topic, payload) => {
      if (!this.#over) this.#options.onMessage(topic, payload);
    });
    client.stream.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      const problem = this.#frames.scan(chunk);
      if (problem !== undefined) this.#fail(`invalid packet from the broker: ${problem}`);
    });
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions): void {
    if (this.#over || this.#client?.connected !== true) return;
    this.#client.publish(topic, payload, { qos: 1, retain: options.retain }, () => options.onHandedOver?.());
  }

  close(): void {
    this.#over = true;
    this.#opening.abort(new Error('closed'));
    this.#client?.end(true);
  }

  async leave(waitMs: number): Promise<void> {
    this.#over = true;
    this.#opening.abort(new Error('closed'));
    const client = this.#client;
    if (client === undefined) return;
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

  #subscribe(client: MqttClient): void {
    if (this.#over) return;
    this.#step = 'waiting for the broker to answer the subscriptions';
    const { needed, wanted } = this.#options.topics;
    const topics = [...needed, ...wanted];
    client.subscribe(topics, { qos: 0 }, (error, _granted, answer) => {
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

import type { MqttClient, Packet } from 'mqtt';
import { messageOf } from '../../../runtime/errors.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { FrameScanner } from '../../../runtime/mqtt/frame-scanner.ts';
import { withTimeout } from '../../../runtime/service.ts';
import { openClient, type Login } from './open-client.ts';

/** Far above any message that is accepted: those are read and refused, this closes the connection to bound memory. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** The last value at its topic, of unknown age. */
  readonly isRetained: boolean;
}

export interface Receipt {
  /** true: the message is acknowledged; false: the broker has to deliver it again. */
  readonly durable: Promise<boolean>;
}

export interface SourceLinkOptions extends Login {
  readonly guard: TargetGuard | undefined;
  /** false: the broker keeps the session, and the messages that arrive while the agent is away. */
  readonly clean: boolean;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** Connected, and every subscription granted. */
  readonly onReady: () => void;
  /** Resolves when the next message may come. Must not reject. */
  readonly onMessage: (message: Message) => Promise<Receipt>;
  /** Once, and not after leave(). */
  readonly onClosed: (reason: string, isOversize: boolean) => void;
}

/** One subscribed connection, from connecting to its end. A message is acknowledged when it is durable. */
export class SourceLink {
  readonly #options: SourceLinkOptions;
  readonly #opening = new AbortController();
  readonly #frames = new FrameScanner({ maxBytes: () => MAX_PACKET_BYTES });
  readonly #overdue: NodeJS.Timeout;
  #client: MqttClient | undefined;
  #step = 'beginning';
  #isOver = false;

  constructor(options: SourceLinkOptions) {
    this.#options = options;
    const { connectTimeoutMs } = options;
    this.#overdue = setTimeout(
      () => this.#fail(`no answer within ${connectTimeoutMs} ms, while ${this.#step}`),
      connectTimeoutMs,
    );
    void this.#open();
  }

  async #open(): Promise<void> {
    try {
      const client = await openClient(
        this.#options,
        { clean: this.#options.clean },
        {
          signal: this.#opening.signal,
          guard: this.#options.guard,
          onStep: (step) => (this.#step = step),
        },
      );
      this.#client = client;
      if (this.#isOver) client.end(true);
      else this.#listen(client);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #listen(client: MqttClient): void {
    client.on('error', (error) => this.#fail(messageOf(error)));
    client.on('close', () => this.#fail('connection closed'));
    client.on('connect', () => this.#subscribe(client));
    // MQTT.js would acknowledge before the samples are on disk, and one message at a time: see #acknowledge().
    client.handleMessage = (packet, done) => void this.#receive(client, packet, done);
    client.stream.on('data', (chunk: Buffer) => {
      if (!this.#isOver && this.#frames.scan(chunk) !== undefined) {
        this.#fail(`the broker sent a packet of more than ${MAX_PACKET_BYTES} bytes`, true);
      }
    });
  }

  /** Sends DISCONNECT; the socket is closed within `waitMs`. */
  async leave(waitMs: number): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#overdue);
    this.#opening.abort(new Error('closed'));
    const client = this.#client;
    if (client === undefined) return;
    const { stream } = client;
    if (stream.destroyed) return;
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    client.end(false);
    try {
      await withTimeout(closed, waitMs, 'leaving the broker');
    } catch {
      stream.destroy();
    }
  }

  #subscribe(client: MqttClient): void {
    this.#step = 'waiting for the broker to answer the subscriptions';
    const { topics, qos, onReady } = this.#options;
    const ready = (): void => {
      clearTimeout(this.#overdue);
      if (!this.#isOver) onReady();
    };
    if (topics.length === 0) {
      ready();
      return;
    }
    client.subscribe([...topics], { qos }, (error, _granted, answer) => {
      const codes: readonly unknown[] = answer?.granted ?? [];
      const refused = topics.filter((_topic, at) => Number(codes[at]) >= 128);
      if (refused.length > 0) this.#fail(`the broker refuses the subscription to ${refused.join(', ')}`);
      else if (error) this.#fail(`subscribing to ${topics.join(', ')}: ${messageOf(error)}`);
      else ready();
    });
  }

  async #receive(client: MqttClient, packet: Packet, done: (error?: Error) => void): Promise<void> {
    if (packet.cmd !== 'publish' || this.#isOver) {
      done(NO_ACKNOWLEDGEMENT);
      return;
    }
    const { topic, payload, retain, qos, messageId } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const { durable } = await this.#options.onMessage({ topic, payload: bytes, isRetained: retain });
    if (qos > 0 && messageId !== undefined) void this.#acknowledge(client, messageId, durable);
    done(NO_ACKNOWLEDGEMENT);
  }

  async #acknowledge(client: MqttClient, messageId: number, durable: Promise<boolean>): Promise<void> {
    const isStored = await durable;
    if (this.#isOver && !isStored) return;
    // A broker redelivers on a new connection only.
    if (!isStored) this.#fail('a message could not be stored; reconnecting for its redelivery');
    else if (client.stream.writable) client.stream.write(puback(messageId));
  }

  #fail(reason: string, isOversize = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#overdue);
    this.#opening.abort(new Error('closed'));
    this.#client?.end(true);
    this.#options.onClosed(reason, isOversize);
  }
}

/** With an error MQTT.js goes on without sending its own acknowledgement. */
const NO_ACKNOWLEDGEMENT = new Error('acknowledged when it is on disk');

/** MQTT 3.1.1, section 3.4. */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}

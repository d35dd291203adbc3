import { connect, type MqttClient, type Packet } from 'mqtt';
import { messageOf } from '../../runtime/errors.ts';
import { FrameScanner } from '../../runtime/mqtt/frame-scanner.ts';
import { withTimeout } from '../../runtime/service.ts';
import { dialOptions, type Dial } from '../publisher/dial-options.ts';

/** Far above any message that is taken: those are read and refused, this ends the connection before memory does. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** How things stood when the broker was told, nobody knows how long ago. */
  readonly isRetained: boolean;
}

export interface Receipt {
  /** true: the broker may forget the message; false: it has to deliver it again. */
  readonly settled: Promise<boolean>;
}

export interface SourceLinkOptions extends Dial {
  /** false: the broker keeps the session, with what comes while nobody is here. */
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

/** One connection that listens, from its dialling to its end. A message is acknowledged when it is settled. */
export class SourceLink {
  readonly #options: SourceLinkOptions;
  readonly #client: MqttClient;
  readonly #frames = new FrameScanner({ maxBytes: () => MAX_PACKET_BYTES });
  readonly #overdue: NodeJS.Timeout;
  #isOver = false;

  /** May throw when the TLS settings are unusable. */
  constructor(options: SourceLinkOptions) {
    this.#options = options;
    const client = connect({ ...dialOptions(options), clean: options.clean });
    this.#client = client;
    this.#overdue = setTimeout(() => this.#fail('no answer in time'), options.connectTimeoutMs);
    client.on('error', (error) => this.#fail(messageOf(error)));
    client.on('close', () => this.#fail('connection closed'));
    client.on('connect', () => this.#subscribe());
    // MQTT.js would acknowledge before anything is safe, and one message after the other: see #acknowledge().
    client.handleMessage = (packet, done) => void this.#receive(packet, done);
    client.stream.on('data', (chunk: Buffer) => {
      if (!this.#isOver && this.#frames.scan(chunk) !== undefined) {
        this.#fail(`the broker sent a packet of more than ${MAX_PACKET_BYTES} bytes`, true);
      }
    });
  }

  /** Says goodbye; the socket is closed within `waitMs`. */
  async leave(waitMs: number): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#overdue);
    const { stream } = this.#client;
    if (stream.destroyed) return;
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    this.#client.end(false);
    try {
      await withTimeout(closed, waitMs, 'leaving the broker');
    } catch {
      stream.destroy();
    }
  }

  #subscribe(): void {
    const { topics, qos, onReady } = this.#options;
    const ready = (): void => {
      clearTimeout(this.#overdue);
      if (!this.#isOver) onReady();
    };
    if (topics.length === 0) {
      ready();
      return;
    }
    this.#client.subscribe([...topics], { qos }, (error, _granted, answer) => {
      const codes: readonly unknown[] = answer?.granted ?? [];
      const refused = topics.filter((_topic, at) => Number(codes[at]) >= 128);
      if (refused.length > 0) this.#fail(`the broker refuses the subscription to ${refused.join(', ')}`);
      else if (error) this.#fail(`subscribing to ${topics.join(', ')}: ${messageOf(error)}`);
      else ready();
    });
  }

  async #receive(packet: Packet, done: (error?: Error) => void): Promise<void> {
    if (packet.cmd !== 'publish' || this.#isOver) {
      done(NOT_YET);
      return;
    }
    const { topic, payload, retain, qos, messageId } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const { settled } = await this.#options.onMessage({ topic, payload: bytes, isRetained: retain });
    if (qos > 0 && messageId !== undefined) void this.#acknowledge(messageId, settled);
    done(NOT_YET);
  }

  async #acknowledge(messageId: number, settled: Promise<boolean>): Promise<void> {
    const isSafe = await settled;
    if (this.#isOver && !isSafe) return;
    // A broker delivers again to a new connection only.
    if (!isSafe) this.#fail('a message could not be kept; it is asked for again');
    else if (this.#client.stream.writable) this.#client.stream.write(puback(messageId));
  }

  #fail(reason: string, isOversize = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#overdue);
    this.#client.end(true);
    this.#options.onClosed(reason, isOversize);
  }
}

/** What MQTT.js understands as "go on, without an acknowledgement of yours". */
const NOT_YET = new Error('acknowledged when it is on disk');

/** MQTT 3.1.1, section 3.4. */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}

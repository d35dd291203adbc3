import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** MQTT 3.1.1, section 2.2.1: packet types, in the upper half of the first byte. */
const [CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK] = [1, 2, 3, 4, 8, 9] as const;
const KEEPALIVE_S = 60;
const ANSWER_LIMIT_MS = 10_000;
const SUBSCRIBE_ID = 1;

/**
 * The part of MQTT 3.1.1 that the load needs, written directly to the socket: a full client library would be slower than
 * the brokers that it measures.
 */
export class WireClient {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #packetId = 0;
  #answer: ((type: number, body: Buffer) => void) | undefined;
  onPublish: (payload: Buffer) => void = () => undefined;
  onClosed: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#takeIn(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClosed());
  }

  /** A clean session; user name and client id are the same, as the embedded broker requires. */
  static async open(port: number, id: string): Promise<WireClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const client = new WireClient(socket);
    const flags = 0b1100_0010; // user name, password, clean session
    const variable = Buffer.from([0, 4, ...Buffer.from('MQTT'), 4, flags, 0, KEEPALIVE_S]);
    const answer = client.#awaitAnswer(CONNACK);
    client.#send(CONNECT << 4, Buffer.concat([variable, text(id), text(id), text('bench')]));
    const [, code] = await answer;
    if (code !== 0) throw new Error(`the broker refused ${id} with code ${code}`);
    return client;
  }

  /** With QoS 1. */
  async subscribe(filter: string): Promise<void> {
    const answer = this.#awaitAnswer(SUBACK);
    const id = Buffer.from([0, SUBSCRIBE_ID]);
    this.#send((SUBSCRIBE << 4) | 2, Buffer.concat([id, text(filter), Buffer.from([1])]));
    const granted = (await answer)[2];
    if (granted !== 1) throw new Error(`the broker granted ${filter} with code ${granted}`);
  }

  /** With QoS 1; sent at the next turn of the event loop, together with everything else published. */
  publish(topic: string, payload: Buffer): void {
    this.#packetId = (this.#packetId % 65_535) + 1;
    const id = Buffer.from([this.#packetId >> 8, this.#packetId & 255]);
    this.#send((PUBLISH << 4) | 2, Buffer.concat([text(topic), id, payload]));
  }

  close(): void {
    this.onClosed = () => undefined;
    this.#socket.destroy();
  }

  #awaitAnswer(expected: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the broker does not answer')), ANSWER_LIMIT_MS);
      this.#answer = (type, body) => {
        if (type !== expected) return;
        clearTimeout(late);
        resolve(Buffer.from(body));
      };
    });
  }

  #send(head: number, body: Buffer): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      setImmediate(() => this.#socket.uncork());
    }
    this.#socket.write(Buffer.from([head, ...varint(body.length)]));
    this.#socket.write(body);
  }

  #takeIn(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const frame = readFrame(bytes);
      if (frame === undefined) break;
      this.#handle(frame.head, frame.body);
      bytes = bytes.subarray(frame.end);
    }
    this.#rest = bytes;
  }

  #handle(head: number, body: Buffer): void {
    if (head >> 4 !== PUBLISH) {
      this.#answer?.(head >> 4, body);
      return;
    }
    const topicEnd = 2 + body.readUInt16BE(0);
    const hasId = (head & 0b110) !== 0;
    if (hasId) this.#send(PUBACK << 4, body.subarray(topicEnd, topicEnd + 2));
    this.onPublish(body.subarray(topicEnd + (hasId ? 2 : 0)));
  }
}

export interface Frame {
  readonly head: number;
  readonly body: Buffer;
  readonly end: number;
}

/** undefined: the frame is not complete yet. */
export function readFrame(bytes: Buffer): Frame | undefined {
  let length = 0;
  for (let at = 1, shift = 0; at < bytes.length && at <= 4; at++, shift += 7) {
    const digit = bytes.readUInt8(at);
    length |= (digit & 127) << shift;
    if (digit >= 128) continue;
    const end = at + 1 + length;
    if (end > bytes.length) return undefined;
    return { head: bytes.readUInt8(0), body: bytes.subarray(at + 1, end), end };
  }
  return undefined;
}

/** Section 2.2.3: seven bits per byte, the lowest first. */
export function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

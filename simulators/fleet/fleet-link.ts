import { generate, type IConnackPacket, type ISubackPacket, type Packet } from 'mqtt-packet';
import type { OnReadOpts, Socket } from 'node:net';
import type { Link, LinkOptions, PublishOptions } from '../../edge/publisher/mqtt-link.ts';
import { dial } from '../../runtime/dial/dial.ts';
import { dialTls } from '../../runtime/dial/dial-tls.ts';
import { messageOf } from '../../runtime/errors.ts';
import { withTimeout } from '../../runtime/service.ts';
import { FrameSplitter } from './frame-splitter.ts';

/** What the links of a fleet share. */
export interface LinkTools {
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly onread: (take: (chunk: Buffer) => void) => OnReadOpts;
  /** Throws on what is not MQTT. */
  readonly parse: (whole: Buffer) => readonly Packet[];
  readonly ended: (link: FleetLink) => void;
}

/** Far more than a window of batches. */
const MAX_UNCONFIRMED = 1_000;
const MAX_PACKET_ID = 65_535;
const SUBSCRIBE_ID = 1;
/** MQTT 3.1.1, section 3.2.2.3. */
const REFUSALS = [
  '',
  'unacceptable protocol version',
  'identifier rejected',
  'server unavailable',
  'bad username or password',
  'not authorized',
];
/** Of the keepalive: the broker gives up after 1.5 of it, too (MQTT 3.1.1, section 3.1.2.10). */
const SILENCE_RATIO = 1.5;

/** One connection of a simulated agent: MQTT 3.1.1, clean session, subscriptions at QoS 0. */
export class FleetLink implements Link {
  readonly #options: LinkOptions;
  readonly #tools: LinkTools;
  #opening: AbortController | undefined = new AbortController();
  readonly #frames = new FrameSplitter();
  /** Packets in flight, by id; with who waits for the PUBACK. */
  readonly #unconfirmed = new Map<number, (() => void) | undefined>();
  #socket: Socket | undefined;
  #step = 'beginning';
  #isAccepted = false;
  #isReady = false;
  #over = false;
  #lastId = SUBSCRIBE_ID;
  #sentAtMs = 0;
  #heardAtMs = 0;

  constructor(options: LinkOptions, tools: LinkTools) {
    this.#options = options;
    this.#tools = tools;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get step(): string {
    return this.#step;
  }

  async open(): Promise<void> {
    try {
      const socket = await this.#dial(this.#opening?.signal ?? AbortSignal.abort(CLOSED));
      this.#opening = undefined;
      this.#socket = socket;
      if (this.#over) {
        socket.destroy();
        return;
      }
      socket.setNoDelay(true);
      // Of those who dialled, so that nothing of the attempt stays in memory.
      if (this.#options.endpoint.protocol === 'mqtt') socket.removeAllListeners('error');
      socket.on('error', (error) => this.#fail(messageOf(error)));
      socket.on('close', () => this.#fail('connection closed'));
      this.#heardAtMs = this.#tools.nowMs();
      this.#step = 'waiting for the broker to accept the login';
      this.#send(this.#connectPacket());
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  publish(topic: string, payload: Buffer | string, options: PublishOptions): void {
    if (this.#over || !this.#isAccepted) return;
    if (this.#unconfirmed.size === MAX_UNCONFIRMED) {
      this.#fail(`${MAX_UNCONFIRMED} messages without a PUBACK`);
      return;
    }
    const messageId = this.#nextId();
    this.#unconfirmed.set(messageId, options.onHandedOver);
    this.#send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: options.retain, messageId });
  }

  close(): void {
    this.#end();
    this.#socket?.destroy();
  }

  async leave(waitMs: number): Promise<void> {
    const socket = this.#socket;
    const wasOpen = !this.#over;
    this.#end();
    if (socket === undefined || socket.destroyed) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (wasOpen && this.#isAccepted) this.#send({ cmd: 'disconnect' });
    socket.end();
    try {
      await withTimeout(closed, waitMs, 'leaving the broker');
    } catch {
      socket.destroy();
    }
  }

  /** Keeps the connection alive, or ends it after a silence; called every `everyMs`. */
  check(nowMs: number, everyMs: number): void {
    if (this.#over || !this.#isAccepted) return;
    const { keepaliveMs } = this.#options;
    const silentForMs = nowMs - this.#heardAtMs;
    if (silentForMs >= SILENCE_RATIO * keepaliveMs) {
      this.#fail(`nothing heard from the broker for ${Math.round(silentForMs / 1_000)} s`);
    } else if (Math.max(silentForMs, nowMs - this.#sentAtMs) + everyMs >= keepaliveMs) {
      this.#send({ cmd: 'pingreq' });
    }
  }

  async #dial(signal: AbortSignal): Promise<Socket> {
    const { endpoint, connection, connectTimeoutMs } = this.#options;
    const how = {
      signal,
      // Its own broker, named by whoever runs it.
      guard: undefined,
      onStep: (step: string) => (this.#step = step),
      attemptTimeoutMs: connectTimeoutMs,
    };
    if (endpoint.protocol === 'mqtt') {
      const onread = this.#tools.onread((chunk) => this.#receive(chunk));
      return (await dial(endpoint, { ...how, onread })).socket;
    }
    const { ca, cert, key } = connection;
    const socket = await dialTls(
      endpoint,
      {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
      how,
    );
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    return socket;
  }

  #connectPacket(): Packet {
    const { clientId, connection, keepaliveMs, will } = this.#options;
    return {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId,
      keepalive: Math.ceil(keepaliveMs / 1_000),
      ...(connection.username !== undefined && { username: connection.username }),
      ...(connection.password !== undefined && { password: Buffer.from(connection.password) }),
      ...(will !== undefined && {
        will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      }),
    };
  }

  #receive(chunk: Buffer): void {
    if (this.#over) return;
    this.#heardAtMs = this.#tools.nowMs();
    try {
      const whole = this.#frames.push(chunk);
      if (whole === undefined) return;
      for (const packet of this.#tools.parse(whole)) this.#handle(packet);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #handle(packet: Packet): void {
    if (this.#over) return;
    switch (packet.cmd) {
      case 'publish':
        this.#options.onMessage(packet.topic, Buffer.from(packet.payload));
        break;
      case 'puback':
        this.#confirm(packet.messageId ?? 0);
        break;
      case 'connack':
        this.#login(packet);
        break;
      case 'suback':
        this.#subscribed(packet);
        break;
      case 'pingresp':
        break;
      default:
        this.#fail(`unexpected ${packet.cmd} from the broker`);
    }
  }

  #login({ returnCode = 0 }: IConnackPacket): void {
    if (returnCode !== 0) {
      this.#fail(`Connection refused: ${REFUSALS[returnCode] ?? `code ${returnCode}`}`);
      return;
    }
    this.#isAccepted = true;
    this.#step = 'waiting for the broker to answer the subscriptions';
    const { needed, wanted } = this.#options.topics;
    const subscriptions = [...needed, ...wanted].map((topic) => ({ topic, qos: 0 as const }));
    this.#send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions });
  }

  #subscribed({ granted }: ISubackPacket): void {
    const { needed, wanted } = this.#options.topics;
    const refused = [...needed, ...wanted].filter((_topic, at) => Number(granted[at]) >= 128);
    const missing = refused.filter((topic) => needed.includes(topic));
    if (missing.length > 0) this.#fail(`the broker refuses the subscription to ${missing.join(', ')}`);
    else {
      this.#isReady = true;
      this.#options.onReady(refused);
    }
  }

  #confirm(messageId: number): void {
    const onHandedOver = this.#unconfirmed.get(messageId);
    this.#unconfirmed.delete(messageId);
    onHandedOver?.();
  }

  /** One that is not in flight (MQTT 3.1.1, section 2.3.1). */
  #nextId(): number {
    do this.#lastId = this.#lastId === MAX_PACKET_ID ? SUBSCRIBE_ID + 1 : this.#lastId + 1;
    while (this.#unconfirmed.has(this.#lastId));
    return this.#lastId;
  }

  #send(packet: Packet): void {
    this.#sentAtMs = this.#tools.nowMs();
    this.#socket?.write(generate(packet));
  }

  #end(): void {
    if (!this.#over) this.#tools.ended(this);
    this.#over = true;
    this.#opening?.abort(CLOSED);
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.close();
    this.#options.onClosed(reason);
  }
}

/** Shared, because each error captures a stack trace. */
const CLOSED = new Error('closed');

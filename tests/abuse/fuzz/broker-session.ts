import { connect, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { AGENT_PASSWORD } from '../../support/central-program.ts';
import { mutateBytes } from './byte-mutations.ts';
import { below, pick, type Seeded } from './choice.ts';
import type { FuzzedMessage } from './mqtt-messages.ts';

const OPEN_TIMEOUT_MS = 5_000;
/** Bytes that announce more than they have wait for the rest: that session is of no further use. */
const READ_TIMEOUT_MS = 50;
const MESSAGES_AT_ONCE = 10;
/** The broker ends a session for either. */
const SHARE_OF_QOS_2 = 0.02;
const SHARE_OF_RETAINED = 0.02;
const OPTIONS = { protocolVersion: 4 };
const PINGREQ = Buffer.from([0xc0, 0x00]);

/** A socket to the broker that has connected as an agent: what is written then may be any bytes. */
export class BrokerSession {
  readonly #agent: string;
  readonly #socket: Socket;
  #messageId = 0;
  #written = 0;

  private constructor(agent: string, socket: Socket) {
    this.#agent = agent;
    this.#socket = socket;
  }

  /** Undefined: the broker did not let it in. */
  static async open(
    brokerUrl: string,
    agent: string,
    localAddress: string,
  ): Promise<BrokerSession | undefined> {
    const socket = openSocket(brokerUrl, localAddress);
    const giveUp = setTimeout(() => socket.destroy(), OPEN_TIMEOUT_MS);
    socket.write(mqttPacket.generate(connectPacket(agent), OPTIONS));
    await firstOf(socket, ['data', 'close']);
    clearTimeout(giveUp);
    if (socket.destroyed) return undefined;
    socket.resume();
    return new BrokerSession(agent, socket);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  async publish({ topic, payload }: FuzzedMessage, random: Seeded): Promise<void> {
    const qos = random() < SHARE_OF_QOS_2 ? 2 : pick([0, 1] as const, random);
    const retain = random() < SHARE_OF_RETAINED;
    await this.#write(this.#encode({ cmd: 'publish', topic, payload, qos, retain }));
  }

  /** A packet of any kind, most often with bytes changed. */
  async sendPacket(message: FuzzedMessage, random: Seeded): Promise<void> {
    const subscriptions = [{ topic: message.topic, qos: 1 as const }];
    const packet = pick<Partial<Packet>>(
      [
        { cmd: 'publish', topic: message.topic, payload: message.payload, qos: 1, retain: false, dup: true },
        { cmd: 'subscribe', subscriptions },
        { cmd: 'unsubscribe', unsubscriptions: [message.topic] },
        { cmd: 'pingreq' },
        { cmd: 'puback' },
        { cmd: 'pubrel' },
        { cmd: 'disconnect' },
        connectPacket(this.#agent),
      ],
      random,
    );
    const bytes = this.#encode(packet);
    await this.#write(random() < 0.8 ? mutateBytes(bytes, random) : bytes);
    await this.#untilRead();
  }

  end(): void {
    this.#socket.destroy();
  }

  #encode(packet: Partial<Packet>): Buffer {
    this.#messageId = (this.#messageId % 65_535) + 1;
    const whole = { retain: false, dup: false, messageId: this.#messageId, ...packet } as Packet;
    try {
      return mqttPacket.generate(whole, OPTIONS);
    } catch {
      // A topic that its own encoder refuses.
      return Buffer.from([0x30, 0x03, 0x00, 0x01, 0x23]);
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    if (!this.isOpen) return;
    const isTaken = this.#socket.write(bytes);
    if (!isTaken) await firstOf(this.#socket, ['drain', 'close']);
    if (++this.#written % MESSAGES_AT_ONCE === 0) await this.#untilRead();
  }

  /** What is written to a session that the broker has ended already would reach nothing. */
  async #untilRead(): Promise<void> {
    if (!this.isOpen) return;
    this.#socket.write(PINGREQ);
    const giveUp = setTimeout(() => this.#socket.destroy(), READ_TIMEOUT_MS);
    await firstOf(this.#socket, ['data', 'close']);
    clearTimeout(giveUp);
  }
}

/** Whatever the bytes, the connection ends; resolves when it has. */
export async function sayToBroker(brokerUrl: string, localAddress: string, bytes: Buffer): Promise<void> {
  const socket = openSocket(brokerUrl, localAddress);
  const closed = firstOf(socket, ['close']);
  socket.resume();
  socket.end(bytes);
  await closed;
}

/** A CONNECT with bytes changed. */
export function fuzzedConnect(agent: string, random: Seeded): Buffer {
  return mutateBytes(mqttPacket.generate(connectPacket(agent), OPTIONS), random);
}

/** One of 65,000 addresses of this machine, so that limits for each address see many machines. */
export function someAddress(random: Seeded): string {
  return `127.2.${below(256, random)}.${1 + below(250, random)}`;
}

/** Unlike `once` of node:events, it does not reject on an error, after which the socket closes. */
function firstOf(socket: Socket, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) socket.off(event, done);
      resolve();
    };
    for (const event of events) socket.on(event, done);
  });
}

function openSocket(url: string, localAddress: string): Socket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress });
  socket.on('error', () => undefined);
  return socket;
}

function connectPacket(agent: string): Packet & { cmd: 'connect' } {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: agent,
    keepalive: 60,
    username: agent,
    password: Buffer.from(AGENT_PASSWORD),
  };
}

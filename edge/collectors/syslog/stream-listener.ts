import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../../../runtime/errors.ts';
import type { Openable } from '../open-listeners.ts';
import { ConnectionPlaces, MAX_CONNECTIONS_OF_A_SENDER } from './connection-places.ts';
import { FrameReader } from './frame-reader.ts';
import type { SyslogIntake } from './intake.ts';

/** Of all senders, or one for each of them and as many besides as may come at once. */
const MAX_CONNECTIONS = 256;
const SPARE_CONNECTIONS = 64;
/** Read of one sender between two runs; then its connections wait for the next one. */
export const MAX_BYTES_A_RUN = 1024 * 1024;
/** Finds connections whose other end is gone. */
const KEEP_ALIVE_MS = 60_000;

interface Sender {
  readonly device: string;
  readonly paused: Set<Socket>;
  bytes: number;
}

/** What makes of an accepted connection one that can be read, such as TLS. */
export interface Security {
  open(): void;
  /** Calls `onReady` only if that succeeds. */
  secure(socket: Socket, onReady: (readable: Socket) => void): void;
  /** At each run. */
  resume(): void;
}

const NO_SECURITY: Security = {
  open: () => undefined,
  secure: (socket, onReady) => onReady(socket),
  resume: () => undefined,
};

/** Connections of senders over TCP. */
export class SyslogStreamListener implements Openable {
  readonly name: string;
  readonly #config: { readonly address: string; readonly port: number };
  readonly #intake: SyslogIntake;
  readonly #security: Security;
  readonly #senders = new Map<string, Sender>();
  readonly #places: ConnectionPlaces<Socket>;
  #server: Server | undefined;

  constructor(
    protocol: 'tcp' | 'tls',
    config: { readonly address: string; readonly port: number },
    intake: SyslogIntake,
    security = NO_SECURITY,
  ) {
    this.name = `${protocol} ${config.address} port ${config.port}`;
    this.#config = config;
    this.#intake = intake;
    this.#security = security;
    this.#places = new ConnectionPlaces(Math.max(MAX_CONNECTIONS, intake.senderCount + SPARE_CONNECTIONS));
  }

  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  async open(): Promise<void> {
    this.#security.open();
    const server = createServer((socket) => this.#accept(socket));
    server.listen(this.#config.port, this.#config.address);
    await once(server, 'listening');
    server.on('error', (error) => this.#intake.refusals.add(`${this.name}: ${error.message}`));
    this.#server = server;
  }

  /** At each run: who had sent too much may go on. */
  resume(): void {
    this.#security.resume();
    for (const sender of this.#senders.values()) {
      sender.bytes = 0;
      for (const socket of sender.paused) socket.resume();
      sender.paused.clear();
    }
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#places.all) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    const device = this.#intake.senderAt(socket.remoteAddress ?? 'nowhere');
    if (device === undefined) {
      socket.destroy();
      return;
    }
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#makeRoomFor(socket, device);
    socket.once('close', () => this.#places.remove(socket));
    this.#security.secure(socket, (readable) => this.#serve(readable, socket, this.#senderOf(device)));
  }

  #makeRoomFor(socket: Socket, device: string): void {
    const leaving = this.#places.add(socket, device, this.#intake.nowMs());
    if (leaving === undefined) return;
    leaving.connection.destroy();
    const why =
      leaving.why === 'of-its-own'
        ? `it opened more than ${MAX_CONNECTIONS_OF_A_SENDER}`
        : `more than ${this.#places.most} of all senders are open`;
    this.#intake.refusals.add(`${leaving.device}: its longest idle connection was closed, because ${why}`);
  }

  #senderOf(device: string): Sender {
    const known = this.#senders.get(device);
    if (known !== undefined) return known;
    const sender: Sender = { device, paused: new Set(), bytes: 0 };
    this.#senders.set(device, sender);
    return sender;
  }

  /** `connection`: what was accepted, and `socket` what can be read of it. */
  #serve(socket: Socket, connection: Socket, sender: Sender): void {
    const reader = new FrameReader();
    const take = (frames: readonly Buffer[]): void => {
      for (const frame of frames) this.#intake.receive(sender.device, frame);
    };
    socket.on('error', (error) =>
      this.#intake.refusals.add(`${sender.device}: the connection broke: ${messageOf(error)}`),
    );
    socket.on('data', (chunk) => {
      this.#places.noteHeard(connection, this.#intake.nowMs());
      take(reader.push(chunk));
      if (reader.problem !== undefined) {
        this.#intake.refusals.add(`${sender.device}: connection closed: ${reader.problem}`);
        socket.destroy();
        return;
      }
      sender.bytes += chunk.length;
      if (sender.bytes < MAX_BYTES_A_RUN) return;
      socket.pause();
      sender.paused.add(socket);
    });
    socket.once('close', () => sender.paused.delete(socket));
    socket.once('end', () => {
      take(reader.end());
      socket.end();
    });
  }
}

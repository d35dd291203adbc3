import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../../../runtime/errors.ts';
import type { Openable } from '../open-listeners.ts';
import { FrameReader } from './frame-reader.ts';
import type { SyslogIntake } from './intake.ts';

const MAX_CONNECTIONS = 256;
/** A sender that lost its power left connections behind, and opens another. */
const MAX_CONNECTIONS_OF_A_SENDER = 4;
/** Read of one sender between two runs; then its connections wait for the next one. */
export const MAX_BYTES_A_RUN = 1024 * 1024;
/** Finds connections whose other end is gone. */
const KEEP_ALIVE_MS = 60_000;

interface Sender {
  readonly device: string;
  /** Oldest first. */
  readonly sockets: Set<Socket>;
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
  }

  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  async open(): Promise<void> {
    this.#security.open();
    const server = createServer((socket) => this.#accept(socket));
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(this.#config.port, this.#config.address);
    await once(server, 'listening');
    server.on('error', (error) => this.#intake.refusals.add(`${this.name}: ${error.message}`));
    server.on('drop', () =>
      this.#intake.refusals.add(`${this.name}: more than ${MAX_CONNECTIONS} connections`),
    );
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
    for (const { sockets } of this.#senders.values()) for (const socket of sockets) socket.destroy();
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
    const sender = this.#senderOf(device);
    const [oldest] = sender.sockets;
    if (oldest !== undefined && sender.sockets.size >= MAX_CONNECTIONS_OF_A_SENDER) {
      sender.sockets.delete(oldest);
      oldest.destroy();
    }
    sender.sockets.add(socket);
    socket.once('close', () => sender.sockets.delete(socket));
    this.#security.secure(socket, (readable) => this.#serve(readable, sender));
  }

  #senderOf(device: string): Sender {
    const known = this.#senders.get(device);
    if (known !== undefined) return known;
    const sender: Sender = { device, sockets: new Set(), paused: new Set(), bytes: 0 };
    this.#senders.set(device, sender);
    return sender;
  }

  #serve(socket: Socket, sender: Sender): void {
    const reader = new FrameReader();
    const take = (frames: readonly Buffer[]): void => {
      for (const frame of frames) this.#intake.receive(sender.device, frame);
    };
    socket.on('error', (error) =>
      this.#intake.refusals.add(`${sender.device}: the connection broke: ${messageOf(error)}`),
    );
    socket.on('data', (chunk) => {
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

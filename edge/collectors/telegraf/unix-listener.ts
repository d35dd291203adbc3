import { once } from 'node:events';
import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { codeOf } from '../../../runtime/errors.ts';
import { NANOSECONDS, type Intake, type Listener } from './intake.ts';
import type { ParsedLines } from './parse-lines.ts';
import { LineStream } from './line-stream.ts';

const MAX_CONNECTIONS = 32;
/** The owner and its group may write. */
const MODE = 0o660;

/** Line protocol over a unix socket, one stream a sender. While the buffer is full, senders wait. */
export class UnixListener implements Listener {
  readonly name: string;
  readonly #path: string;
  readonly #intake: Intake;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(config: { readonly path: string }, intake: Intake) {
    this.name = `unix ${config.path}`;
    this.#path = config.path;
    this.#intake = intake;
  }

  async open(): Promise<void> {
    await removeStale(this.#path);
    const server = createServer((socket) => this.#serve(socket));
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(this.#path);
    await once(server, 'listening');
    this.#server = server;
    server.on('error', (error) => this.#intake.refusals.add(`unix: ${error.message}`));
    await chmod(this.#path, MODE);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    const stream = new LineStream();
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => this.#receive(socket, stream.push(chunk), chunk.length));
    socket.once('end', () => this.#receive(socket, stream.end(), 0));
  }

  /** A chunk that was read is always kept, because it is small against the buffer; then no more is read until there is room. */
  #receive(socket: Socket, lines: ParsedLines, bytes: number): void {
    const { pushed } = this.#intake;
    const samples = this.#intake.translate(lines, NANOSECONDS);
    if (samples.length > 0) pushed.addUnconfirmed(samples, bytes);
    if (pushed.hasRoomFor(1, 1)) return;
    socket.pause();
    pushed.whenRoom(() => socket.resume());
  }
}

/** Removes a socket without a listener, left over from a power cut. Anything else stays, and listening fails. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() !== true) return;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') await unlink(path);
  } finally {
    socket.destroy();
  }
}

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import { repairHead } from './repair-head.ts';

/** As Chrome; curl takes 300 KiB. */
export const MAX_HEAD_BYTES = 256 * 1024;
const LF = 10;
const CR = 13;

/** A connection whose answers have their heads repaired, and end where they announced it. */
export class RepairedAnswer extends Duplex {
  /** Of the answer, not of interim ones. */
  oddities: readonly string[] = [];
  readonly #socket: Socket;
  readonly #hasBody: boolean;
  #phase: 'head' | 'body' | 'not HTTP' = 'head';
  #head = Buffer.alloc(4_096);
  #headBytes = 0;
  #bodyBytesLeft = Infinity;

  constructor(socket: Socket, hasBody: boolean) {
    super();
    this.#socket = socket;
    this.#hasBody = hasBody;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.once('end', () => {
      this.push(this.#head.subarray(0, this.#headBytes));
      this.push(null);
    });
    socket.on('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(chunk: Buffer): void {
    if (this.#phase === 'head') this.#readHead(chunk);
    else this.#pass(chunk);
  }

  #readHead(chunk: Buffer): void {
    const scanFrom = this.#headBytes;
    this.#append(chunk);
    const head = this.#head.subarray(0, this.#headBytes);
    if (!looksLikeHttp(head)) {
      this.#phase = 'not HTTP';
      this.#headBytes = 0;
      this.#pass(head);
      return;
    }
    const end = findEnd(head, scanFrom);
    if (end === undefined) {
      if (this.#headBytes > MAX_HEAD_BYTES)
        this.destroy(new ProbeFailure('protocol', 'headers are too large'));
      return;
    }
    const {
      head: repaired,
      status,
      contentLength,
      oddities,
    } = repairHead(
      head
        .toString('latin1', 0, end.lastLf)
        .replace(/^[\r\n]{1,3}/, '')
        .replace(/\r+$/, ''),
    );
    const rest = Buffer.from(head.subarray(end.bodyAt));
    this.#headBytes = 0;
    this.push(repaired, 'latin1');
    const isInterim = status >= 100 && status < 200;
    if (!isInterim) {
      this.#phase = 'body';
      this.oddities = oddities;
      if (this.#hasBody && contentLength !== undefined) this.#bodyBytesLeft = contentLength;
    }
    if (rest.length > 0) this.#receive(rest);
  }

  #append(chunk: Buffer): void {
    const neededBytes = this.#headBytes + chunk.length;
    if (neededBytes > this.#head.length) {
      const grown = Buffer.alloc(Math.max(neededBytes, 2 * this.#head.length));
      this.#head.copy(grown, 0, 0, this.#headBytes);
      this.#head = grown;
    }
    chunk.copy(this.#head, this.#headBytes);
    this.#headBytes = neededBytes;
  }

  #pass(chunk: Buffer): void {
    const wanted = chunk.subarray(0, this.#bodyBytesLeft);
    this.#bodyBytesLeft -= wanted.length;
    // Browsers ignore what follows the announced length.
    if (wanted.length > 0 && !this.push(Buffer.from(wanted))) this.#socket.pause();
  }
}

function looksLikeHttp(head: Buffer): boolean {
  const start = head
    .toString('latin1', 0, 64)
    .replace(/^[\r\n]{1,3}/, '')
    .slice(0, 5)
    .toUpperCase();
  return 'HTTP/'.startsWith(start);
}

const MAX_CRS = 3;

/** The empty line after the head: an LF, some CR, an LF. Nothing before `scanFrom` has one. */
function findEnd(head: Buffer, scanFrom: number): { lastLf: number; bodyAt: number } | undefined {
  // Empty lines before the status line end nothing.
  let start = 0;
  while (start < MAX_CRS && (head[start] === LF || head[start] === CR)) start++;
  const from = Math.max(start, scanFrom - MAX_CRS - 1);
  for (let lf = head.indexOf(LF, from); lf >= 0; lf = head.indexOf(LF, lf + 1)) {
    let next = lf + 1;
    while (next - lf <= MAX_CRS && head[next] === CR) next++;
    if (head[next] === LF) return { lastLf: lf, bodyAt: next + 1 };
  }
  return undefined;
}

import type { Socket } from 'node:net';
import { ProbeFailure } from '../probe-failure.ts';
import { connectionFailure } from './tcp-connection.ts';

const MAX_LINE_BYTES = 4_096;
const MAX_WAITING_BYTES = 64 * 1024;

/** A protocol of lines, such as SMTP, over a socket that the signal destroys. */
export class LineDialogue {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #waiting = Buffer.alloc(0);

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** The next line without its end. Rejects with a ProbeFailure when none comes or it is too long. */
  async nextLine(): Promise<string> {
    for (;;) {
      const end = this.#waiting.indexOf('\n');
      if (end > MAX_LINE_BYTES || (end < 0 && this.#waiting.length > MAX_LINE_BYTES)) {
        throw new ProbeFailure('protocol', `sent a line of more than ${MAX_LINE_BYTES} bytes`);
      }
      if (end >= 0) {
        const line = this.#waiting.toString('utf8', 0, end).replace(/\r$/, '');
        this.#waiting = this.#waiting.subarray(end + 1);
        return line;
      }
      await this.#readMore();
    }
  }

  /** Call before TLS: plain text sent ahead could be taken for text received under TLS (CVE-2011-0411). */
  requireNoInput(): void {
    if (this.#waiting.length > 0 || this.#socket.readableLength > 0) {
      throw new ProbeFailure('protocol', 'sent more plain text after agreeing to TLS');
    }
  }

  async #readMore(): Promise<void> {
    const chunk = (this.#socket.read() as Buffer | null) ?? (await this.#waitForChunk());
    this.#waiting = Buffer.concat([this.#waiting, chunk.subarray(0, MAX_WAITING_BYTES)]);
  }

  #waitForChunk(): Promise<Buffer> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError);
        act();
      };
      const onReadable = (): void => {
        const chunk = socket.read() as Buffer | null;
        if (chunk !== null) settle(() => resolve(chunk));
      };
      const onEnd = (): void => {
        const closed = new ProbeFailure('connection', 'closed in the middle of the dialogue');
        settle(() => reject(connectionFailure(closed, this.#signal)));
      };
      const onError = (error: Error): void => {
        settle(() => reject(connectionFailure(error, this.#signal)));
      };
      socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError);
      if (socket.destroyed || socket.readableEnded) onEnd();
      else onReadable();
    });
  }
}

/** An untrusted line, quoted and cut short for a message. */
export function shown(line: string): string {
  return JSON.stringify(line.slice(0, 80));
}

import { createSocket, type Socket, type SocketType } from 'node:dgram';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import { repairAnswer } from './repair-answer.ts';

export interface GuardedSocketEvents {
  /** A datagram from the device, valid or not. */
  onReceived(): void;
  /** The port is closed, or the network cannot be reached. */
  onUnreachable(reason: string): void;
  /** The library threw on a datagram. */
  onThrown(): void;
}

type SendCallback = (error: Error | null) => void;

/**
 * The UDP socket under the library's session. Connected, so that the system drops datagrams from other senders and reports
 * a closed port at once. Catches what the library throws on a datagram, which would end the process.
 */
export class GuardedSocket {
  readonly #socket: Socket;
  readonly #events: GuardedSocketEvents;
  #connecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(type: SocketType, events: GuardedSocketEvents) {
    this.#socket = createSocket(type);
    this.#events = events;
    this.#socket.on('error', (error) => events.onUnreachable(codeOf(error) ?? messageOf(error)));
  }

  on(event: string, listener: (...args: readonly unknown[]) => void): this {
    if (event === 'message') this.#socket.on('message', (bytes) => this.#receive(bytes, listener));
    if (event === 'close') this.#socket.on('close', listener);
    return this;
  }

  send(
    bytes: Buffer,
    _offset: number,
    _length: number,
    port: number,
    address: string,
    done: SendCallback,
  ): void {
    this.#connecting ??= this.#connect(port, address);
    this.#connecting.then(
      () => this.#sendNow(bytes, done),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  #connect(port: number, address: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => reject(error);
      this.#socket.once('error', onError);
      this.#socket.connect(port, address, () => {
        this.#socket.off('error', onError);
        resolve();
      });
    });
  }

  #sendNow(bytes: Buffer, done: SendCallback): void {
    if (this.#isClosed) done(new Error('the session is closed'));
    else this.#socket.send(bytes, (error) => done(error));
  }

  #receive(bytes: Buffer, listener: (bytes: Buffer) => void): void {
    this.#events.onReceived();
    try {
      listener(repairAnswer(bytes));
    } catch {
      this.#events.onThrown();
    }
  }
}

import { createSocket, type RemoteInfo, type Socket, type SocketType } from 'node:dgram';
import { BlockList, isIPv6 } from 'node:net';
import { codeOf, messageOf } from '../../../runtime/errors.ts';

export interface GuardedSocketEvents {
  /** A datagram from the device, valid or not. */
  onReceived(): void;
  /** The port is closed, or the network cannot be reached. */
  onUnreachable(reason: string): void;
  /** What reads it threw on a datagram. */
  onThrown(): void;
  /** A datagram came from another address, which is not read. */
  onElsewhere(address: string): void;
}

interface Target {
  readonly port: number;
  readonly address: string;
}

type SendCallback = (error: Error | null) => void;

export interface GuardedSocketOptions {
  /** Before it is read. */
  readonly repair?: (datagram: Buffer) => Buffer;
  /** The other address of the device from which it answers; undefined: it answers from the one that is asked. */
  readonly answersFrom?: string | undefined;
}

/**
 * The UDP socket under a session. Connected, so that the system drops datagrams from other senders and reports
 * a closed port at once; not where the device answers from another address. Catches what is thrown on a datagram,
 * which would end the process.
 */
export class GuardedSocket {
  readonly #socket: Socket;
  readonly #events: GuardedSocketEvents;
  readonly #options: GuardedSocketOptions;
  readonly #senders = new BlockList();
  /** Not connected: a request without an answer is sent from it, too, to see whether one comes from another address. */
  #searching: Socket | undefined;
  #connecting: Promise<void> | undefined;
  #sentCount = 0;
  #hasReceived = false;
  #isClosed = false;

  constructor(type: SocketType, events: GuardedSocketEvents, options: GuardedSocketOptions) {
    this.#socket = createSocket(type);
    this.#events = events;
    this.#options = options;
    if (options.answersFrom !== undefined) this.#accept(options.answersFrom);
    this.#socket.on('error', (error) => events.onUnreachable(codeOf(error) ?? messageOf(error)));
  }

  on(event: string, listener: (...args: readonly unknown[]) => void): this {
    if (event === 'message')
      this.#socket.on('message', (bytes, from) => {
        if (this.#isAccepted(from)) this.#receive(bytes, listener);
      });
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
      () => this.#sendNow(bytes, { port, address }, done),
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
    this.#searching?.close();
  }

  #connect(port: number, address: string): Promise<void> {
    if (this.#options.answersFrom !== undefined) {
      this.#accept(address);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => reject(error);
      this.#socket.once('error', onError);
      this.#socket.connect(port, address, () => {
        this.#socket.off('error', onError);
        resolve();
      });
    });
  }

  #sendNow(bytes: Buffer, to: Target, done: SendCallback): void {
    if (this.#isClosed) done(new Error('the session is closed'));
    else if (this.#options.answersFrom !== undefined) {
      this.#socket.send(bytes, to.port, to.address, (error) => done(error));
    } else {
      if (this.#sentCount++ > 0 && !this.#hasReceived) this.#search(bytes, to);
      this.#socket.send(bytes, (error) => done(error));
    }
  }

  #search(bytes: Buffer, to: Target): void {
    if (this.#searching === undefined) {
      this.#searching = createSocket(isIPv6(to.address) ? 'udp6' : 'udp4');
      this.#searching.unref();
      this.#searching.on('error', () => undefined); // the other socket tells of it
      this.#accept(to.address);
      this.#searching.on('message', (_bytes, from) => {
        if (!this.#isAccepted(from)) this.#events.onElsewhere(from.address);
      });
    }
    this.#searching.send(bytes, to.port, to.address, () => undefined);
  }

  #accept(address: string): void {
    this.#senders.addAddress(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /** Of a connected socket the system has seen to it. */
  #isAccepted({ address, family }: RemoteInfo): boolean {
    const isOpen = this.#options.answersFrom !== undefined || this.#searching !== undefined;
    return !isOpen || this.#senders.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4');
  }

  #receive(bytes: Buffer, listener: (bytes: Buffer) => void): void {
    this.#events.onReceived();
    this.#hasReceived = true;
    try {
      listener(this.#options.repair?.(bytes) ?? bytes);
    } catch {
      this.#events.onThrown();
    }
  }
}

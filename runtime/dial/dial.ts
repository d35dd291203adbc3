import { setMaxListeners } from 'node:events';
import { connect as connectSocket, isIP, type OnReadOpts, type Socket } from 'node:net';
import { systemClock, type Clock } from '../clock.ts';
import { alternateFamilies, lookUpWithSystem, type Address, type LookUp } from './address.ts';
import { DialError, type FailedAttempt } from './dial-error.ts';
import { permittedAddresses, type TargetGuard } from './target-guard.ts';

export interface Endpoint {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface RaceOptions {
  /** Undefined: any address may be connected to, because whoever named the host may do that. */
  readonly guard: TargetGuard | undefined;
  /** Closes all attempts; the reason is what the caller gets. */
  readonly signal: AbortSignal;
  /** For each address; default 30 s. */
  readonly attemptTimeoutMs?: number;
  /** For tests, as is `connect`: sockets live in real time. */
  readonly clock?: Clock;
  readonly connect?: (to: Endpoint) => Socket;
  /** What arrives is read into this buffer, which many connections may share, and emitted by no stream. Not for TLS. */
  readonly onread?: OnReadOpts;
}

export interface DialOptions extends RaceOptions {
  readonly lookUp?: LookUp;
  /** Told what is under way, such as `connecting to fd77::2, 10.77.2.2`. */
  readonly onStep?: (step: string) => void;
}

export interface Dialed {
  readonly socket: Socket;
  readonly address: Address;
  /** Of this attempt alone, not of those before it. */
  readonly connectMs: number;
}

/** RFC 8305, section 8: Connection Attempt Delay. Earlier attempts go on, so that it suits slow lines as well. */
export const NEXT_ADDRESS_AFTER_MS = 250;
const ATTEMPT_TIMEOUT_MS = 30_000;
/** A name with more has far too many: names come from files and from DNS. */
const MAX_ADDRESSES = 16;

/** Looks the host up and connects to whichever of its addresses answers first. Rejects with a DialError, or a RefusedTargetError. */
export async function dial({ host, port }: Endpoint, options: DialOptions): Promise<Dialed> {
  const { lookUp = lookUpWithSystem, onStep, signal } = options;
  signal.throwIfAborted();
  const family = isIP(host);
  if (family === 0) onStep?.(`looking up ${host}`);
  const addresses: readonly Address[] =
    family === 4 || family === 6 ? [{ address: host, family }] : await lookUp(host, signal);
  onStep?.(`connecting to ${addresses.map(({ address }) => address).join(', ')}`);
  return raceAddresses({ host, port }, addresses, options);
}

/**
 * Happy Eyeballs (RFC 8305): an attempt begins when the one before it failed, or after a delay, in which case both go on.
 * The first connection wins and the others are closed. Addresses that the guard refuses are left out.
 */
export async function raceAddresses(
  endpoint: Endpoint,
  addresses: readonly Address[],
  options: RaceOptions,
): Promise<Dialed> {
  const permitted = permittedAddresses(options.guard, endpoint, addresses);
  return new Race(alternateFamilies(permitted).slice(0, MAX_ADDRESSES), endpoint.port, options).result;
}

class Race {
  readonly result: Promise<Dialed>;
  readonly #addresses: readonly Address[];
  readonly #port: number;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #connect: (to: Endpoint) => Socket;
  readonly #attemptTimeoutMs: number;
  /** Ends the waits of this race. */
  readonly #over = new AbortController();
  readonly #sockets = new Set<Socket>();
  readonly #failures: FailedAttempt[] = [];
  #started = 0;
  #settle: { resolve: (dialed: Dialed) => void; reject: (error: Error) => void };

  constructor(addresses: readonly Address[], port: number, options: RaceOptions) {
    const { signal, clock = systemClock, attemptTimeoutMs = ATTEMPT_TIMEOUT_MS, onread } = options;
    this.#addresses = addresses;
    this.#port = port;
    this.#signal = signal;
    this.#clock = clock;
    this.#attemptTimeoutMs = attemptTimeoutMs;
    this.#connect = options.connect ?? ((to) => connectSocket({ ...to, ...(onread && { onread }) }));
    const { promise, ...settle } = withResolvers<Dialed>();
    this.result = promise;
    this.#settle = settle;
    setMaxListeners(2 * MAX_ADDRESSES, this.#over.signal);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    else if (addresses.length === 0) this.#end(() => this.#settle.reject(new DialError([])));
    else this.#startNext();
  }

  readonly #onAbort = (): void => this.#end(() => this.#settle.reject(this.#signal.reason as Error));

  #startNext(): void {
    const address = this.#addresses[this.#started];
    if (address === undefined || this.#isOver) return;
    const order = ++this.#started;
    const startMs = this.#clock.monotonicMs();
    const elapsedMs = (): number => this.#clock.monotonicMs() - startMs;
    const lose = (error: Error): void =>
      this.#lose({ address: address.address, elapsedMs: elapsedMs(), error }, order);
    let socket: Socket;
    try {
      socket = this.#connect({ host: address.address, port: this.#port });
    } catch (error) {
      lose(error as Error);
      return;
    }
    this.#sockets.add(socket);
    // Stays: an error between the connection and the caller's own listener must not end the process.
    socket.on('error', (error) => {
      if (this.#sockets.delete(socket)) lose(error);
    });
    socket.once('connect', () => {
      if (!this.#sockets.delete(socket)) return;
      const connectMs = elapsedMs();
      this.#end(() => this.#settle.resolve({ socket, address, connectMs }));
    });
    this.#after(NEXT_ADDRESS_AFTER_MS, () => this.#startAfter(order));
    this.#after(this.#attemptTimeoutMs, () => {
      if (!this.#sockets.delete(socket)) return;
      socket.destroy();
      lose(noAnswer());
    });
  }

  #lose(failure: FailedAttempt, order: number): void {
    if (this.#isOver) return;
    this.#failures.push(failure);
    if (this.#failures.length === this.#addresses.length) {
      this.#end(() => this.#settle.reject(new DialError(this.#failures)));
    } else {
      this.#startAfter(order);
    }
  }

  /** Starts the next attempt, unless it was started already. */
  #startAfter(order: number): void {
    if (this.#started === order) this.#startNext();
  }

  #after(delayMs: number, act: () => void): void {
    this.#clock.sleep(delayMs, this.#over.signal).then(act, () => undefined);
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  #end(settle: () => void): void {
    if (this.#isOver) return;
    this.#over.abort();
    this.#signal.removeEventListener('abort', this.#onAbort);
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    settle();
  }
}

function noAnswer(): Error {
  return Object.assign(new Error('no answer to the connection'), { code: 'ETIMEDOUT' });
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

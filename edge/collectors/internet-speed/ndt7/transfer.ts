import type { WebSocket } from 'ws';
import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import { openConnection, type Connection, type Endpoint } from './connection.ts';
import { parseMeasurement, type Direction, type Measurement, type Volume } from './measurement.ts';
import type { Probe, Progress } from '../responsiveness.ts';
import { RoundTrips } from './round-trips.ts';
import { sendData } from './sender.ts';

export interface TransferPlan {
  readonly direction: Direction;
  readonly endpoint: Endpoint;
  readonly durationMs: number;
  /** In this direction; bytes in flight when it is reached may exceed it. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Result of one test. With `problem` there is no figure, but the bytes were spent. */
export interface Transfer {
  readonly isOpened: boolean;
  /** Of the monotonic clock, ms: when data could flow. */
  readonly startedAtMs?: number;
  /** In both directions. */
  readonly lineBytes: number;
  /** In the direction of the test, as this end saw it. */
  readonly own: Volume;
  /** The byte limit ended it: on a fast line the figure is a lower bound. */
  readonly isCapped: boolean;
  /**
   * On the connection itself, of a download alone: in an upload they would wait in this machine's own send buffer. What was not answered when the test
   * ended is not among them.
   */
  readonly roundTrips: readonly Probe[];
  /** At most every WATCH_EVERY_MS. */
  readonly progress: readonly Progress[];
  /** The server's last measurement while data flowed. */
  readonly measurement?: Measurement;
  readonly problem?: string;
}

/** Without a byte for this long the test has failed. */
const STALL_MS = 5_000;
/** A test that has been idle for longer when its time is over waits for more data, or for STALL_MS. */
const QUIET_MS = 1_000;
const WATCH_EVERY_MS = 50;
const REPORT_EVERY_MS = 250;
const PROBE_EVERY_MS = 250;
/** A server need not send more than 40; one that floods us is cut off. */
const MAX_MEASUREMENTS = 400;
const CLOSE_TIMEOUT_MS = 1_000;
/** Of a round trip: a few digits in a frame, in a record of TLS. */
const ANSWER_MAX_BYTES = 64;
const NORMAL_CODES: ReadonlySet<number> = new Set([1_000, 1_001, 1_005]);

/** Runs one test. Never rejects; a signal that aborts is a problem like any other. */
export async function runTransfer(plan: TransferPlan): Promise<Transfer> {
  let connection: Connection;
  try {
    connection = await openConnection(plan.endpoint, plan.direction, plan.signal);
  } catch (error) {
    const own = { bytes: 0, elapsedMs: 0 };
    const nothing = { lineBytes: 0, own, isCapped: false, roundTrips: [], progress: [] };
    return { isOpened: false, ...nothing, problem: messageOf(error) };
  }
  return new Flow(connection, plan).run();
}

type End =
  { readonly kind: 'time' | 'bytes' | 'closed' } | { readonly kind: 'failed'; readonly problem: string };

class Flow {
  readonly #ws: WebSocket;
  readonly #connection: Connection;
  readonly #plan: TransferPlan;
  readonly #startMs: number;
  readonly #startBytes: number;
  readonly #ended: Promise<End>;
  #end: (end: End) => void = () => undefined;
  #over: End | undefined;
  #sentBytes = 0;
  /** A server that ends an upload announces it long before the connection is closed. */
  #stoppedAtMs: number | undefined;
  #dataMessages = 0;
  #texts = 0;
  #measurement: Measurement | undefined;
  readonly #roundTrips: RoundTrips;
  readonly #progress: Progress[] = [];

  constructor(connection: Connection, plan: TransferPlan) {
    this.#ws = connection.ws;
    this.#connection = connection;
    this.#plan = plan;
    this.#startMs = plan.clock.monotonicMs();
    this.#startBytes = connection.socket.bytesRead;
    this.#roundTrips = new RoundTrips(connection.ws, () => this.#elapsedMs());
    this.#ended = new Promise((resolve) => {
      this.#end = (end) => {
        this.#over ??= end;
        resolve(this.#over);
      };
    });
  }

  async run(): Promise<Transfer> {
    const { signal, direction } = this.#plan;
    const onAbort = (): void => this.#fail(messageOf(signal.reason));
    const timers = this.#listen();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#ws.resume();
    if (direction === 'upload') void this.#upload();
    const end = await this.#ended;
    const own = { bytes: this.#movedBytes(), elapsedMs: this.#stoppedAtMs ?? this.#elapsedMs() };
    for (const timer of timers) clearInterval(timer);
    signal.removeEventListener('abort', onAbort);
    await this.#close(end);
    return this.#result(end, own);
  }

  #result(end: End, own: Volume): Transfer {
    const problem = end.kind === 'failed' ? end.problem : this.#missing();
    return {
      isOpened: true,
      startedAtMs: this.#startMs,
      lineBytes: this.#lineBytes(),
      own,
      isCapped: end.kind === 'bytes',
      roundTrips: this.#roundTrips.probes,
      progress: this.#progress,
      ...(this.#measurement !== undefined && { measurement: this.#measurement }),
      ...(problem !== undefined && { problem }),
    };
  }

  #listen(): NodeJS.Timeout[] {
    const ws = this.#ws;
    ws.on('error', (error) => this.#fail(error.message));
    ws.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    ws.once('close', (code) => {
      if (NORMAL_CODES.has(code)) this.#end({ kind: 'closed' });
      else this.#fail(`the connection closed after ${Math.round(this.#elapsedMs())} ms (code ${code})`);
    });
    const timers = [
      setInterval(this.#watch(), WATCH_EVERY_MS),
      setInterval(() => this.#report(), REPORT_EVERY_MS),
    ];
    if (this.#plan.direction === 'upload') return timers;
    return [...timers, setInterval(() => this.#roundTrips.next(), PROBE_EVERY_MS)];
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.#dataMessages++;
      if (this.#plan.direction === 'upload') this.#fail('the server sent data in an upload');
      this.#checkBytes();
      return;
    }
    this.#texts++;
    if (this.#texts > MAX_MEASUREMENTS) this.#fail(`more than ${MAX_MEASUREMENTS} measurements`);
    // After the end of an upload its time grows and its bytes do not: only the first measurement then is usable.
    if (this.#over !== undefined && this.#measurement !== undefined) return;
    this.#measurement = parseMeasurement(data) ?? this.#measurement;
  }

  /** Ends the test at its time limit, at its byte limit, or on a stall. */
  #watch(): () => void {
    let before = 0;
    let movedAtMs = 0;
    return () => {
      const elapsedMs = this.#elapsedMs();
      // In an upload over a slow line the server's measurements count as progress too.
      // Answers to our own round trips are no data.
      const answers = this.#roundTrips.probes.length * ANSWER_MAX_BYTES;
      const moved = this.#sentBytes + this.#receivedBytes() - answers;
      if (moved > before) movedAtMs = elapsedMs;
      before = moved;
      this.#progress.push({ atMs: elapsedMs, bytes: this.#movedBytes() });
      if (this.#plan.direction === 'upload' && this.#ws.readyState === this.#ws.CLOSING) {
        this.#stoppedAtMs ??= elapsedMs;
      }
      this.#checkBytes();
      const idleMs = elapsedMs - movedAtMs;
      if (idleMs >= STALL_MS) this.#fail(`nothing moved for ${STALL_MS} ms`);
      // A line that went down during the test must not count as a slow one: wait a little to see.
      else if (elapsedMs >= this.#plan.durationMs && idleMs < QUIET_MS) this.#end({ kind: 'time' });
    };
  }

  #checkBytes(): void {
    if (this.#lineBytes() >= this.#plan.maxBytes) this.#end({ kind: 'bytes' });
  }

  /** Sends our own measurement, as the protocol expects. */
  #report(): void {
    const { direction } = this.#plan;
    const elapsedUs = Math.round(this.#elapsedMs() * 1_000);
    const seen = { NumBytes: this.#movedBytes(), ElapsedTime: elapsedUs };
    this.#ws.send(JSON.stringify({ AppInfo: seen, Origin: 'client', Test: direction }), () => undefined);
  }

  async #upload(): Promise<void> {
    await sendData(this.#ws, {
      isOver: () => this.#over !== undefined,
      onSent: (bytes) => {
        this.#sentBytes += bytes;
        this.#checkBytes();
      },
    });
    this.#stoppedAtMs ??= this.#elapsedMs();
  }

  /** What is missing for a figure. */
  #missing(): string | undefined {
    if (this.#plan.direction === 'download') {
      return this.#dataMessages === 0 ? 'the server sent no data' : undefined;
    }
    return this.#measurement === undefined ? 'the server sent no measurement' : undefined;
  }

  /** Lets the server close first where that costs no bytes. */
  async #close(end: End): Promise<void> {
    const ws = this.#ws;
    if (ws.readyState === ws.CLOSED) return;
    const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
    const isGentle = end.kind === 'time' || (end.kind === 'bytes' && this.#plan.direction === 'upload');
    if (isGentle) ws.close(1_000);
    const timer = setTimeout(() => ws.terminate(), isGentle ? CLOSE_TIMEOUT_MS : 0);
    await closed;
    clearTimeout(timer);
  }

  #fail(problem: string): void {
    this.#end({ kind: 'failed', problem });
  }

  #elapsedMs(): number {
    return this.#plan.clock.monotonicMs() - this.#startMs;
  }

  #movedBytes(): number {
    return this.#plan.direction === 'download' ? this.#receivedBytes() : this.#sentBytes;
  }

  #receivedBytes(): number {
    return this.#connection.socket.bytesRead - this.#startBytes;
  }

  #lineBytes(): number {
    const { bytesRead, bytesWritten } = this.#connection.socket;
    return bytesRead + bytesWritten;
  }
}

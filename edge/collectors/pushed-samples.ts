import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Collected, CollectorDeps } from './collector.ts';

export const MAX_WAITING_SAMPLES = 10_000;
/** Counted as sent. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** How long close() waits until what was handed over is on disk. */
const CLOSE_WAIT_MS = 2_000;
/**
 * With this many senders waiting, samples are handed over before the next run. Brokers have at least ten messages in flight,
 * and send no more until one of them is acknowledged (Mosquitto's max_inflight_messages: 20).
 */
export const MAX_WAITING_SENDERS = 8;

interface Delivery {
  readonly samples: readonly Sample[];
  readonly bytes: number;
  readonly reportDurable: (isDurable: boolean) => void;
}

export interface PushedSamplesDeps {
  readonly clock: Clock;
  /** Without it, only runs take samples. */
  readonly handOver?: CollectorDeps['handOver'];
}

/** Samples that senders push between two runs, within bounds. A sender is answered when its samples are on disk. */
export class PushedSamples {
  readonly #deps: PushedSamplesDeps;
  #waiting: Delivery[] = [];
  /** Handed over to the agent and not yet on disk. */
  readonly #taken = new Set<Promise<boolean>>();
  #samples = 0;
  #bytes = 0;
  #waitingSenders = 0;
  /** Senders whose message does not fit in. */
  #blockedSenders = 0;
  /** Resolves when what was handed over is on disk or refused. */
  #closing: Promise<void> | undefined;
  readonly #onRoom = new Set<() => void>();
  readonly #onFilled = new Set<() => void>();

  constructor(deps: PushedSamplesDeps) {
    this.#deps = deps;
  }

  hasRoomFor(samples: number, bytes: number): boolean {
    return this.#samples + samples <= MAX_WAITING_SAMPLES && this.#bytes + bytes <= MAX_WAITING_BYTES;
  }

  /** For senders that get no answer. */
  addUnconfirmed(samples: readonly Sample[], bytes: number): void {
    void this.#enqueue(samples, bytes);
  }

  /** Resolves to true when the samples are on the agent's disk, and to false when they never will be. */
  add(samples: readonly Sample[], bytes: number): Promise<boolean> {
    const durable = this.#enqueue(samples, bytes);
    this.#waitingSenders++;
    this.#handOverIfMany();
    return durable;
  }

  #enqueue(samples: readonly Sample[], bytes: number): Promise<boolean> {
    if (this.#closing !== undefined) return this.#closing.then(() => false);
    return new Promise((resolve) => {
      this.#waiting.push({ samples, bytes, reportDurable: resolve });
      this.#samples += samples.length;
      this.#bytes += bytes;
      for (const wake of this.#onFilled) wake();
      this.#onFilled.clear();
    });
  }

  /** As add(), once there is room. Resolves before the outcome is known, so that the sender can go on. */
  async addWhenRoom(
    samples: readonly Sample[],
    bytes: number,
  ): Promise<{ readonly durable: Promise<boolean> }> {
    while (this.#closing === undefined && !this.hasRoomFor(samples.length, bytes) && this.#samples > 0) {
      const room = new Promise<void>((resolve) => this.whenRoom(resolve));
      this.#blockedSenders++;
      this.#handOverIfMany();
      await room;
    }
    return { durable: this.add(samples, bytes) };
  }

  /** Hands everything over to the caller, who must call `reportDurable`. */
  take(): Required<Pick<Collected, 'samples' | 'reportDurable'>> {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#samples = 0;
    this.#bytes = 0;
    this.#waitingSenders = 0;
    this.#blockedSenders = 0;
    let reportDurable: (isDurable: boolean) => void = () => undefined;
    if (taken.length > 0) {
      const answers = taken.map((delivery) => delivery.reportDurable);
      const durable = new Promise<boolean>((resolve) => (reportDurable = resolve));
      this.#taken.add(durable);
      void durable.then((isDurable) => {
        this.#taken.delete(durable);
        for (const answer of answers) answer(isDurable);
        this.#handOverIfMany();
      });
    }
    for (const wake of this.#onRoom) wake();
    this.#onRoom.clear();
    return { samples: taken.flatMap(({ samples }) => samples), reportDurable };
  }

  /** One hand-over at a time: the slower the disk, the more samples go into one write. */
  #handOverIfMany(): void {
    const { handOver } = this.#deps;
    const isUrgent = this.#waitingSenders >= MAX_WAITING_SENDERS || this.#blockedSenders > 0;
    if (handOver === undefined || this.#closing !== undefined || !isUrgent || this.#taken.size > 0) return;
    const { samples, reportDurable } = this.take();
    handOver(samples, reportDurable);
  }

  /** Resolves when there are samples, or the signal aborts. */
  async whenFilled(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#onFilled.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** `wake` is called once: after the next take(), or on close(). */
  whenRoom(wake: () => void): void {
    this.#onRoom.add(wake);
  }

  /**
   * Waits (bounded) until what was handed over is on disk, then refuses the rest. In this order, because a refusal may end
   * the connection over which the other senders get their answer.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#waitUntilDurable();
    for (const wake of this.#onRoom) wake();
    this.#onRoom.clear();
    await this.#closing;
    for (const { reportDurable } of this.#waiting.splice(0)) reportDurable(false);
  }

  async #waitUntilDurable(): Promise<void> {
    const done = new AbortController();
    const late = this.#deps.clock.sleep(CLOSE_WAIT_MS, done.signal).catch(() => undefined);
    await Promise.race([Promise.all(this.#taken), late]);
    done.abort();
  }
}

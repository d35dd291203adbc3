import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Collected, CollectorDeps } from './collector.ts';

export const MAX_WAITING_SAMPLES = 10_000;
/** As they were sent. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** How long a stop waits for the disk to have what was taken. */
const CLOSE_WAIT_MS = 2_000;
/**
 * So many senders are not kept waiting for the next run. Brokers have at least ten messages on their way at once, and send no
 * more until one of them is acknowledged (Mosquitto's max_inflight_messages: 20).
 */
export const MANY_WAIT = 8;

interface Delivery {
  readonly samples: readonly Sample[];
  readonly bytes: number;
  readonly settle: (isDurable: boolean) => void;
}

export interface InboxDeps {
  readonly clock: Clock;
  /** Missing where samples are only taken by runs. */
  readonly handOver?: CollectorDeps['handOver'];
}

/** What senders delivered waits here, within bounds, until the agent takes it; a sender is told when it is on disk. */
export class Inbox {
  readonly #deps: InboxDeps;
  #waiting: Delivery[] = [];
  /** With the agent, and soon on its disk. */
  readonly #taken = new Set<Promise<boolean>>();
  #samples = 0;
  #bytes = 0;
  #awaited = 0;
  /** Senders for whose message there is no room. */
  #blocked = 0;
  /** Resolves when what was taken is settled. */
  #closing: Promise<void> | undefined;
  readonly #onRoom = new Set<() => void>();
  readonly #onFilled = new Set<() => void>();

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  hasRoomFor(samples: number, bytes: number): boolean {
    return this.#samples + samples <= MAX_WAITING_SAMPLES && this.#bytes + bytes <= MAX_WAITING_BYTES;
  }

  /** For senders that get no answer. */
  leave(samples: readonly Sample[], bytes: number): void {
    void this.#add(samples, bytes);
  }

  /** Resolves to true when the samples are on the agent's disk, and to false when they never will be. */
  put(samples: readonly Sample[], bytes: number): Promise<boolean> {
    const settled = this.#add(samples, bytes);
    this.#awaited++;
    this.#handOverIfMany();
    return settled;
  }

  #add(samples: readonly Sample[], bytes: number): Promise<boolean> {
    if (this.#closing !== undefined) return this.#closing.then(() => false);
    return new Promise((resolve) => {
      this.#waiting.push({ samples, bytes, settle: resolve });
      this.#samples += samples.length;
      this.#bytes += bytes;
      for (const wake of this.#onFilled) wake();
      this.#onFilled.clear();
    });
  }

  /** As put(), once there is room. Resolves with the outcome still to come, so that the sender may go on meanwhile. */
  async putWhenRoom(
    samples: readonly Sample[],
    bytes: number,
  ): Promise<{ readonly settled: Promise<boolean> }> {
    while (this.#closing === undefined && !this.hasRoomFor(samples.length, bytes) && this.#samples > 0) {
      const room = new Promise<void>((resolve) => this.whenRoom(resolve));
      this.#blocked++;
      this.#handOverIfMany();
      await room;
    }
    return { settled: this.put(samples, bytes) };
  }

  /** Hands everything over to the agent, which has to settle it. */
  take(): Required<Pick<Collected, 'samples' | 'settle'>> {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#samples = 0;
    this.#bytes = 0;
    this.#awaited = 0;
    this.#blocked = 0;
    let settle: (isDurable: boolean) => void = () => undefined;
    if (taken.length > 0) {
      const tellAll = taken.map((delivery) => delivery.settle);
      const settled = new Promise<boolean>((resolve) => (settle = resolve));
      this.#taken.add(settled);
      void settled.then((isDurable) => {
        this.#taken.delete(settled);
        for (const tell of tellAll) tell(isDurable);
        this.#handOverIfMany();
      });
    }
    for (const wake of this.#onRoom) wake();
    this.#onRoom.clear();
    return { samples: taken.flatMap(({ samples }) => samples), settle };
  }

  /** One hand-over at a time: the slower the disk, the more goes into one write. */
  #handOverIfMany(): void {
    const { handOver } = this.#deps;
    const isPressing = this.#awaited >= MANY_WAIT || this.#blocked > 0;
    if (handOver === undefined || this.#closing !== undefined || !isPressing || this.#taken.size > 0) return;
    const { samples, settle } = this.take();
    handOver(samples, settle);
  }

  /** Resolves when something waits, or the signal aborts. */
  async whenFilled(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#onFilled.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Called once, after the next take(), or at the end. */
  whenRoom(wake: () => void): void {
    this.#onRoom.add(wake);
  }

  /**
   * Refuses what has not been taken by now, when what was taken is settled or after a while: a refusal may end the connection
   * over which the others hear of theirs.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#whenSettled();
    for (const wake of this.#onRoom) wake();
    this.#onRoom.clear();
    await this.#closing;
    for (const { settle } of this.#waiting.splice(0)) settle(false);
  }

  async #whenSettled(): Promise<void> {
    const done = new AbortController();
    const late = this.#deps.clock.sleep(CLOSE_WAIT_MS, done.signal).catch(() => undefined);
    await Promise.race([Promise.all(this.#taken), late]);
    done.abort();
  }
}

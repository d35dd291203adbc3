import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';

export const MAX_WAITING_SAMPLES = 10_000;
/** As they were sent. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** From here to the disk: the agent writes its queue every 200 ms. */
const TO_DISK_MS = 500;

interface Delivery {
  readonly samples: readonly Sample[];
  readonly bytes: number;
  readonly settle: (isSafe: boolean) => void;
}

/** What was received waits here, within bounds, until the agent takes it. */
export class Inbox {
  readonly #clock: Clock;
  #waiting: Delivery[] = [];
  /** With the agent, and soon on its disk. */
  readonly #taken = new Set<Delivery>();
  #samples = 0;
  #bytes = 0;
  #isClosed = false;
  readonly #onRoom = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasRoomFor(samples: number, bytes: number): boolean {
    return this.#samples + samples <= MAX_WAITING_SAMPLES && this.#bytes + bytes <= MAX_WAITING_BYTES;
  }

  /** Resolves to true when the samples are on the agent's disk, and to false when they never will be. */
  put(samples: readonly Sample[], bytes: number): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.push({ samples, bytes, settle: resolve });
      this.#samples += samples.length;
      this.#bytes += bytes;
    });
  }

  /** Hands everything over to the agent. */
  take(): readonly Sample[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#samples = 0;
    this.#bytes = 0;
    if (taken.length > 0) void this.#confirm(taken);
    for (const wake of this.#onRoom) wake();
    this.#onRoom.clear();
    return taken.flatMap(({ samples }) => samples);
  }

  /** Called once, after the next take(). */
  whenRoom(wake: () => void): void {
    this.#onRoom.add(wake);
  }

  /** What has not been taken by now is refused; what has been taken the agent writes before it ends. */
  close(): void {
    this.#isClosed = true;
    for (const { settle } of this.#taken) settle(true);
    for (const { settle } of this.#waiting.splice(0)) settle(false);
  }

  async #confirm(taken: readonly Delivery[]): Promise<void> {
    for (const delivery of taken) this.#taken.add(delivery);
    await this.#clock.sleep(TO_DISK_MS);
    for (const delivery of taken) {
      this.#taken.delete(delivery);
      delivery.settle(true);
    }
  }
}

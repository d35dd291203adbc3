import type { Clock } from '../../../runtime/clock.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';

/** Devices read at the same time. */
const MAX_PARALLEL = 16;
/** Of these, devices that have just begun: most are read by then, and what a few hold at once costs the garbage collector least. */
const MAX_BEGINNING = 3;
const BEGINNING_MS = 500;

/** Who may be read now: a few devices one after the other, and as many slow ones beside them as there are places. */
export class ReadingPlaces {
  readonly #all = new Semaphore(MAX_PARALLEL);
  readonly #beginning = new Semaphore(MAX_BEGINNING);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a place is wanted that nobody leaves by himself. */
  get isWaitedFor(): boolean {
    return this.#all.isWaitedFor;
  }

  /** Resolves with how to leave it. Rejects with the signal's reason. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    const leave = await this.#all.acquire(signal);
    let hasBegun: () => void;
    try {
      hasBegun = await this.#beginning.acquire(signal);
    } catch (error) {
      leave();
      throw error;
    }
    const over = new AbortController();
    // Slow, or done: another may begin.
    void this.#clock
      .sleep(BEGINNING_MS, over.signal)
      .catch(() => undefined)
      .finally(hasBegun);
    return () => {
      over.abort();
      leave();
    };
  }
}

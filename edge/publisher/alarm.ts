import type { Clock } from '../../runtime/clock.ts';

/** Shared, because the default reason is made with a stack trace each time. */
const CLEARED = new Error('alarm cleared');

/**
 * The one timer of a publisher. It only ever moves earlier while it waits: an alarm that rings too early costs a look,
 * a timer set anew at each ack would cost more.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #waiting: { readonly atMs: number; readonly abort: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** `atMs`: monotonic. */
  setBy(atMs: number): void {
    if (this.#waiting !== undefined && this.#waiting.atMs <= atMs) return;
    this.clear();
    const waiting = { atMs, abort: new AbortController() };
    this.#waiting = waiting;
    const delayMs = Math.max(0, Math.ceil(atMs - this.#clock.monotonicMs()));
    this.#clock.sleep(delayMs, waiting.abort.signal).then(
      () => {
        if (this.#waiting !== waiting) return;
        this.#waiting = undefined;
        this.#ring();
      },
      () => undefined,
    );
  }

  clear(): void {
    this.#waiting?.abort.abort(CLEARED);
    this.#waiting = undefined;
  }
}

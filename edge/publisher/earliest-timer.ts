import type { Clock } from '../../runtime/clock.ts';

/** No longer than until an ack is due: the deadline of a batch sent meanwhile is then no earlier, and needs no new timer. */
const MAX_WAIT_MS = 10_000;
/** Shared, because the default abort reason captures a stack trace each time. */
const CLEARED = new Error('timer cleared');

/**
 * A single timer for the earliest of many deadlines. While it waits it only moves earlier: waking too early costs one
 * check, a new timer at each ack would cost more.
 */
export class EarliestTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #waiting: { readonly atMs: number; readonly abort: AbortController } | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Fires at `deadlineMs` (monotonic) or earlier. */
  setBy(deadlineMs: number): void {
    if (this.#waiting !== undefined && this.#waiting.atMs <= deadlineMs) return;
    this.clear();
    const nowMs = this.#clock.monotonicMs();
    const atMs = Math.min(deadlineMs, nowMs + MAX_WAIT_MS);
    const waiting = { atMs, abort: new AbortController() };
    this.#waiting = waiting;
    const delayMs = Math.max(0, Math.ceil(atMs - nowMs));
    this.#clock.sleep(delayMs, waiting.abort.signal).then(
      () => {
        if (this.#waiting !== waiting) return;
        this.#waiting = undefined;
        this.#onDue();
      },
      () => undefined,
    );
  }

  clear(): void {
    this.#waiting?.abort.abort(CLEARED);
    this.#waiting = undefined;
  }
}

/** Ticks come every second; one that is this late means that central itself stood still. */
const STALL_MS = 3_000;

/**
 * Finds the times in which central did not run: the process was stopped, the machine froze, or the event loop was
 * blocked. Nobody could be heard then, so they are nobody's silence.
 */
export class StallWatch {
  readonly #tickMs: number;
  #lastTickMs: number;
  #totalMs = 0;

  /** `nowMs` here and below: of the monotonic clock. */
  constructor(tickMs: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#lastTickMs = nowMs;
  }

  /** Since the start. */
  get totalMs(): number {
    return this.#totalMs;
  }

  /** How long central stood still before this tick, whole ms; 0 when the tick is on time or only a little late. */
  tick(nowMs: number): number {
    const lateMs = Math.round(nowMs - this.#lastTickMs - this.#tickMs);
    this.#lastTickMs = nowMs;
    if (lateMs < STALL_MS) return 0;
    this.#totalMs += lateMs;
    return lateMs;
  }
}

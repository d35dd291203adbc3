import type { Clock } from '../../runtime/clock.ts';

/** When something is looked at, and the minute that this is; Unix ms. */
export interface Moment {
  readonly atMs: number;
  /** Its begin. */
  readonly minuteMs: number;
}

const MINUTE_MS = 60_000;
/** Central knows nothing when it starts. By then every agent that lives has reported. */
export const SETTLING_MS = 30_000;

/** Whose turn each minute is, once: one that nobody looked in, because central was off or stood still, is left out. */
export class MinuteTurns {
  readonly #clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly #startedMs: number;
  #minuteMs: number | undefined;

  /** Central starts now. */
  constructor(clock: Pick<Clock, 'now' | 'monotonicMs'>) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  /** undefined: the present minute had its turn, or central has just started. */
  take(): Moment | undefined {
    const atMs = this.#clock.now();
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const isSettled = this.#clock.monotonicMs() - this.#startedMs >= SETTLING_MS;
    if (minuteMs === this.#minuteMs || !isSettled) return undefined;
    this.#minuteMs = minuteMs;
    return { atMs, minuteMs };
  }
}

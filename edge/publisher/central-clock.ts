/** How far this machine's clock is from central's. */
export interface ClockOffset {
  /** This clock minus central's, ms. */
  readonly offsetMs: number;
  /** It may be so much more or less: the way of a batch and of its acknowledgement are not told apart. */
  readonly errorMs: number;
}

/** A clock drifts: what was measured longer ago says little. */
const KEEP_MS = 10 * 60_000;

interface Measured extends ClockOffset {
  readonly atMs: number;
}

/** Compares the clocks at each acknowledgement, as NTP does (RFC 5905), and keeps the most exact of the last minutes. */
export class CentralClock {
  #best: Measured | undefined;

  /**
   * `centralMs`: central's clock when it acknowledged a batch that was sent once, `roundTripMs` before `nowMs`. `monotonicMs`: a clock that
   * never jumps.
   */
  note(centralMs: number, roundTripMs: number, nowMs: number, monotonicMs: number): void {
    const errorMs = roundTripMs / 2;
    const measured = { offsetMs: nowMs - errorMs - centralMs, errorMs, atMs: monotonicMs };
    const best = this.#current(monotonicMs);
    // What contradicts the best is news: one of the clocks was set.
    const agrees =
      best !== undefined && Math.abs(best.offsetMs - measured.offsetMs) <= best.errorMs + measured.errorMs;
    if (!agrees || measured.errorMs <= best.errorMs) this.#best = measured;
  }

  /** undefined: not measured lately. */
  offset(monotonicMs: number): ClockOffset | undefined {
    const best = this.#current(monotonicMs);
    return best && { offsetMs: best.offsetMs, errorMs: best.errorMs };
  }

  #current(monotonicMs: number): Measured | undefined {
    return this.#best !== undefined && monotonicMs - this.#best.atMs <= KEEP_MS ? this.#best : undefined;
  }
}

/** The part of the offset that is certain, with its sign; 0: the clocks may agree. Pure. */
export function certainOffsetMs({ offsetMs, errorMs }: ClockOffset): number {
  return Math.sign(offsetMs) * Math.max(0, Math.abs(offsetMs) - errorMs);
}

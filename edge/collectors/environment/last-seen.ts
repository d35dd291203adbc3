import { describeDuration } from '../../../runtime/duration.ts';

export const MAX_SENSORS = 1_000;

/** When each sensor last sent. Expected sensors count from the start. */
export class LastSeen {
  readonly #limitMs: number;
  readonly #lastMs = new Map<string, number>();

  constructor(limitMs: number, expected: Iterable<string>, nowMs: number) {
    this.#limitMs = limitMs;
    for (const sensor of expected) this.#lastMs.set(sensor, nowMs);
  }

  /** `sentMs`: monotonic; old news is no sign of life. False: too many sensors, as when a sender invents names. */
  record(sensor: string, sentMs: number): boolean {
    const lastMs = this.#lastMs.get(sensor);
    if (lastMs === undefined && this.#lastMs.size >= MAX_SENSORS) return false;
    this.#lastMs.set(sensor, Math.max(lastMs ?? -Infinity, sentMs));
    return true;
  }

  /** One text each sensor that has sent nothing for too long; times are monotonic. */
  overdue(nowMs: number): readonly string[] {
    return [...this.#lastMs]
      .filter(([, lastMs]) => nowMs - lastMs > this.#limitMs)
      .map(
        ([sensor, lastMs]) =>
          `${sensor} is silent for ${describeDuration(nowMs - lastMs)}, at most ${describeDuration(this.#limitMs)} are expected`,
      );
  }
}

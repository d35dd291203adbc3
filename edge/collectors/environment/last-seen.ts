export const MAX_SENSORS = 1_000;

/** Knows when each sensor last spoke; those that were announced are waited for from the start. */
export class LastSeen {
  readonly #afterMs: number;
  readonly #lastMs = new Map<string, number>();

  constructor(afterMs: number, announced: Iterable<string>, nowMs: number) {
    this.#afterMs = afterMs;
    for (const sensor of announced) this.#lastMs.set(sensor, nowMs);
  }

  /** false: there are too many sensors already, as when somebody makes names up. */
  heard(sensor: string, nowMs: number): boolean {
    if (!this.#lastMs.has(sensor) && this.#lastMs.size >= MAX_SENSORS) return false;
    this.#lastMs.set(sensor, nowMs);
    return true;
  }

  /** In words, each that has said nothing for too long; times are monotonic. */
  complaints(nowMs: number): readonly string[] {
    return [...this.#lastMs]
      .filter(([, lastMs]) => nowMs - lastMs > this.#afterMs)
      .map(
        ([sensor, lastMs]) =>
          `${sensor} is silent for ${duration(nowMs - lastMs)}, at most ${duration(this.#afterMs)} are expected`,
      );
  }
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

export const MAX_SENSORS = 1_000;

/** When each sensor last sent. Expected sensors count from the start. */
export class LastSeen {
  readonly #limitMs: number;
  readonly #lastMs = new Map<string, number>();

  constructor(limitMs: number, expected: Iterable<string>, nowMs: number) {
    this.#limitMs = limitMs;
    for (const sensor of expected) this.#lastMs.set(sensor, nowMs);
  }

  /** False: too many sensors, as when a sender invents names. */
  record(sensor: string, nowMs: number): boolean {
    if (!this.#lastMs.has(sensor) && this.#lastMs.size >= MAX_SENSORS) return false;
    this.#lastMs.set(sensor, nowMs);
    return true;
  }

  /** One text each sensor that has sent nothing for too long; times are monotonic. */
  overdue(nowMs: number): readonly string[] {
    return [...this.#lastMs]
      .filter(([, lastMs]) => nowMs - lastMs > this.#limitMs)
      .map(
        ([sensor, lastMs]) =>
          `${sensor} is silent for ${duration(nowMs - lastMs)}, at most ${duration(this.#limitMs)} are expected`,
      );
  }
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

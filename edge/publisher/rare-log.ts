/** One line a minute is enough to make somebody look; counters tell the rest. */
const EVERY_MS = 60_000;

/** Lets a message through at most once a minute, and tells it how many were kept back before it. */
export class RareLog {
  #nextAtMs = -Infinity;
  #suppressed = 0;

  /** `nowMs`: monotonic. */
  try(nowMs: number, write: (suppressed: number) => void): void {
    if (nowMs < this.#nextAtMs) {
      this.#suppressed++;
      return;
    }
    this.#nextAtMs = nowMs + EVERY_MS;
    write(this.#suppressed);
    this.#suppressed = 0;
  }
}

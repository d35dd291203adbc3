/**
 * When something that is watched from time to time, such as a file, is to be read: once it changed and then stayed the same from one look to
 * the next, or when it may be readable now without having changed. What it is, is a text that differs when it does.
 */
export class SettledChange {
  readonly #retryMs: number;
  /** What was last seen of it, and what was last read. */
  #seen: string;
  #read: string;
  /** On the monotonic clock. */
  #retryAtMs = Infinity;

  /** `standing`: what it was when it was last read. */
  constructor(standing: string, retryMs: number) {
    this.#seen = standing;
    this.#read = standing;
    this.#retryMs = retryMs;
  }

  /** A look at it: whether it is to be read. */
  isDue(standing: string, monotonicMs: number): boolean {
    const isSettled = standing === this.#seen;
    this.#seen = standing;
    return isSettled && (standing !== this.#read || monotonicMs >= this.#retryAtMs);
  }

  /** It is read now, as it is. */
  noteRead(standing: string): void {
    this.#read = standing;
    this.#retryAtMs = Infinity;
  }

  /** It is to be read again after a while, changed or not. */
  retryLater(monotonicMs: number): void {
    this.#retryAtMs = monotonicMs + this.#retryMs;
  }
}

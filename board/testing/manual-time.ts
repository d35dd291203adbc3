import type { Time } from '../store/time.ts';

/** Time that stands still until a test moves it. */
export class ManualTime implements Time {
  #nowMs: number;
  readonly #calls = new Map<number, { readonly atMs: number; readonly call: () => void }>();
  #next = 0;

  constructor(nowMs = 1_800_000_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const key = this.#next++;
    this.#calls.set(key, { atMs: this.#nowMs + delayMs, call });
    return () => this.#calls.delete(key);
  }

  /** Delays that wait now, the soonest first. */
  waitingMs(): readonly number[] {
    return [...this.#calls.values()].map(({ atMs }) => atMs - this.#nowMs).sort((a, b) => a - b);
  }

  /** Runs what is due on the way, in order; what that leads to gets its turn in between. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      await turn();
      const due = [...this.#calls]
        .filter(([, { atMs }]) => atMs <= endMs)
        .sort(([, a], [, b]) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      const [key, { atMs, call }] = due;
      this.#calls.delete(key);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      call();
    }
    this.#nowMs = endMs;
    await turn();
  }
}

/** Until the promises that are kept now have told so. */
export async function turn(): Promise<void> {
  for (let count = 0; count < 20; count++) await Promise.resolve();
}

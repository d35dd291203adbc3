import type { Clock } from '../../../runtime/clock.ts';

/** Time limit for reading one device, from its first table on. */
export const DEADLINE_MS = 20_000;

/** Aborts a conversation that takes too long. */
export class Deadline {
  readonly #run = new AbortController();
  readonly #done = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onAbort = (): void => this.#run.abort(this.#outer.reason);

  constructor(clock: Clock, outer: AbortSignal) {
    this.#outer = outer;
    outer.addEventListener('abort', this.#onAbort, { once: true });
    if (outer.aborted) this.#onAbort();
    clock.sleep(DEADLINE_MS, this.#done.signal).then(
      () => this.#run.abort(new Error(`not done within ${DEADLINE_MS} ms`)),
      () => undefined,
    );
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  clear(): void {
    this.#outer.removeEventListener('abort', this.#onAbort);
    this.#done.abort();
  }
}

import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../runtime/clock.ts';

/** Aborts what takes too long: the reading of a device, or of many. */
export class Deadline {
  readonly #run = new AbortController();
  readonly #done = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onAbort = (): void => this.#run.abort(this.#outer.reason);

  constructor(clock: Clock, outer: AbortSignal, limitMs: number) {
    this.#outer = outer;
    setMaxListeners(0, this.#run.signal); // hundreds of devices listen to it
    outer.addEventListener('abort', this.#onAbort, { once: true });
    if (outer.aborted) this.#onAbort();
    clock.sleep(limitMs, this.#done.signal).then(
      () => this.#run.abort(new Error(`not done within ${limitMs} ms`)),
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

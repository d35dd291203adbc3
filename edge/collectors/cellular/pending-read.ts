import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';

/** No read takes longer; a hanging one is aborted. */
export const READ_TIMEOUT_MS = 20_000;
/** A read that takes longer than a run is no error before this. */
const PATIENCE_MS = 5_000;

/**
 * A read that may take longer than a run: each run waits for the pending one until its deadline. One at a time, with a
 * timeout.
 */
export class PendingRead<T> {
  readonly #read: (signal: AbortSignal) => Promise<T>;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #current: { readonly result: Promise<T | Error>; readonly sinceMs: number } | undefined;
  #hasRead = false;

  constructor(read: (signal: AbortSignal) => Promise<T>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** `later`: still pending, and not an error yet. */
  async next(signal: AbortSignal): Promise<T | Error | 'later'> {
    this.#current ??= { result: this.#start(), sinceMs: this.#clock.monotonicMs() };
    const { result, sinceMs } = this.#current;
    const outcome = await orAborted(result, signal);
    if (outcome !== 'aborted') {
      this.#current = undefined;
      this.#hasRead = !(outcome instanceof Error);
      return outcome;
    }
    const takenMs = this.#clock.monotonicMs() - sinceMs;
    if (this.#hasRead && takenMs < PATIENCE_MS) return 'later';
    return new Error(`no answer for ${Math.round(takenMs)} ms`);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the collector is closed'));
    await this.#current?.result;
  }

  async #start(): Promise<T | Error> {
    const over = new AbortController();
    const done = new AbortController();
    const onStop = (): void => over.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', onStop, { once: true });
    if (this.#stop.signal.aborted) onStop();
    this.#clock.sleep(READ_TIMEOUT_MS, done.signal).then(
      () => over.abort(new Error(`not done within ${READ_TIMEOUT_MS} ms`)),
      () => undefined,
    );
    try {
      const outcome = await orAborted(this.#read(over.signal), over.signal);
      return outcome === 'aborted' ? (over.signal.reason as Error) : outcome;
    } catch (error) {
      return error instanceof Error ? error : new Error(messageOf(error));
    } finally {
      done.abort();
      this.#stop.signal.removeEventListener('abort', onStop);
    }
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve('aborted');
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

import { setMaxListeners } from 'node:events';
import { Semaphore } from '../../runtime/semaphore.ts';
import type { SampleStore, SeriesQuery, SeriesResult, SumsQuery, SumsResult } from './sample-store.ts';

type Questions = Pick<SampleStore, 'query' | 'sums'>;

/** A question under way. */
interface Asked {
  readonly answer: Promise<unknown>;
  readonly ending: AbortController;
  callers: number;
}

/** As many as the embedded store reads at once. More would only take the processor from what is being written. */
const AT_ONCE = 2;

/**
 * Questions of many callers to a store. What one asks while another waits for the very same answer is not asked again, and of different
 * questions a few are under way at a time, the others wait in order: however many ask, the store has time for what is written.
 */
export class SharedQuestions implements Questions {
  readonly #store: Questions;
  readonly #turns = new Semaphore(AT_ONCE);
  readonly #asked = new Map<string, Asked>();

  constructor(store: Questions) {
    this.#store = store;
  }

  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    return this.#share(['query', query], (shared) => this.#store.query(query, shared), signal);
  }

  sums(query: SumsQuery, signal: AbortSignal): Promise<SumsResult> {
    return this.#share(['sums', query], (shared) => this.#store.sums(query, shared), signal);
  }

  /** `question` tells one from others: who asks the same gets the same. */
  async #share<T>(
    question: unknown,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    const key = JSON.stringify(question);
    const asked = this.#asked.get(key) ?? this.#begin(key, ask);
    asked.callers++;
    try {
      return await unlessAborted(asked.answer as Promise<T>, signal);
    } finally {
      asked.callers--;
      if (asked.callers === 0) this.#leave(key, asked);
    }
  }

  #begin(key: string, ask: (signal: AbortSignal) => Promise<unknown>): Asked {
    const ending = new AbortController();
    setMaxListeners(0, ending.signal);
    const answer = this.#turns.run(() => ask(ending.signal), ending.signal);
    const asked: Asked = { answer, ending, callers: 0 };
    this.#asked.set(key, asked);
    const forget = (): void => this.#forget(key, asked);
    answer.then(forget, forget);
    return asked;
  }

  /** Nobody waits for it any more. */
  #leave(key: string, asked: Asked): void {
    this.#forget(key, asked);
    asked.ending.abort(new Error('nobody waits for this answer any more'));
  }

  #forget(key: string, asked: Asked): void {
    if (this.#asked.get(key) === asked) this.#asked.delete(key);
  }
}

/** Rejects with the signal's reason when it aborts first. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

import { messageOf } from '../../runtime/errors.ts';
import type { SampleStore } from './sample-store.ts';

export type StoreCopyState =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly file: string }
  | { readonly state: 'failed'; readonly reason: string };

/** Copies of the embedded store, one at a time; they take minutes, so a caller asks for the state. */
export class StoreCopies {
  readonly #store: Pick<SampleStore, 'copy'>;
  readonly #stopping = new AbortController();
  #state: StoreCopyState = { state: 'none' };
  #work: Promise<void> = Promise.resolve();

  constructor(store: Pick<SampleStore, 'copy'>) {
    this.#store = store;
  }

  get state(): StoreCopyState {
    return this.#state;
  }

  /** 'none': this store keeps its samples elsewhere. */
  start(): 'started' | 'running' | 'none' {
    if (this.#state.state === 'running') return 'running';
    const copied = this.#store.copy?.(this.#stopping.signal);
    if (copied === undefined) return 'none';
    this.#state = { state: 'running' };
    this.#work = copied.then(
      (file) => {
        this.#state = { state: 'done', file };
      },
      (error: unknown) => {
        this.#state = { state: 'failed', reason: messageOf(error) };
      },
    );
    return 'started';
  }

  stop(): Promise<void> {
    this.#stopping.abort(new Error('central stops'));
    return this.#work;
  }
}

import { Cell, type Watched } from '../store/cell.ts';
import type { Time } from '../store/time.ts';
import { ApiProblem } from './problem.ts';

/** What a view shows of one answer. An older answer stays while a newer one is read, and when it cannot be. */
export interface Shown<T> {
  readonly value: T | undefined;
  /** Why the last attempt failed; undefined: it did not. */
  readonly problem: ApiProblem | undefined;
  /** Unix ms of the answer that `value` is. */
  readonly loadedAtMs: number | undefined;
  readonly isLoading: boolean;
}

/** What follows one change comes within it. */
const LEAST_GAP_MS = 100;
/** Between two readings while wishes never cease; a few may come sooner, so that a change soon after another is not waited for. */
const PACE_MS = 1_000;
const SOONER = 2;
/** An answer that took long is asked for less often, so that boards do not keep central busy in a storm. */
const GAP_OF_DURATION = 5;
const RETRY_MS = 5_000;

/** One answer of the API, read anew when asked to; bursts of wishes become one request, the first of them at once. */
export class Resource<T> {
  readonly #load: (signal: AbortSignal) => Promise<T>;
  readonly #time: Time;
  readonly #shown = new Cell<Shown<T>>({
    value: undefined,
    problem: undefined,
    loadedAtMs: undefined,
    isLoading: false,
  });
  readonly #ending = new AbortController();
  #isWanted = false;
  #notBeforeMs = 0;
  /** When the next reading would be if all so far had kept the pace. */
  #pacedMs = 0;
  #endedAtMs = 0;
  #cancel: (() => void) | undefined;

  constructor(load: (signal: AbortSignal) => Promise<T>, time: Time) {
    this.#load = load;
    this.#time = time;
  }

  get shown(): Watched<Shown<T>> {
    return this.#shown;
  }

  /** What is not for this account stays so: it is not asked for again. */
  refresh(): void {
    if (isForbidden(this.#shown.get())) return;
    this.#isWanted = true;
    if (!this.#shown.get().isLoading) this.#loadAfter(this.#waitMs());
  }

  #waitMs(): number {
    const nowMs = this.#time.now();
    // The clock of the screen was set back: what was reckoned by it before would be waited for as long.
    if (nowMs < this.#endedAtMs) [this.#pacedMs, this.#notBeforeMs] = [0, 0];
    return this.#notBeforeMs - nowMs;
  }

  close(): void {
    this.#cancel?.();
    this.#ending.abort();
  }

  #loadAfter(delayMs: number): void {
    if (this.#ending.signal.aborted) return;
    this.#cancel?.();
    this.#cancel = undefined;
    if (delayMs <= 0) void this.#read();
    else this.#cancel = this.#time.after(delayMs, () => void this.#read());
  }

  async #read(): Promise<void> {
    this.#isWanted = false;
    const startedAtMs = this.#time.now();
    this.#shown.update((shown) => ({ ...shown, isLoading: true }));
    try {
      const value = await this.#load(this.#ending.signal);
      this.#end(startedAtMs, { value, problem: undefined, loadedAtMs: this.#time.now(), isLoading: false });
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'NOT_REACHED', String(error));
      this.#end(startedAtMs, { ...this.#shown.get(), problem, isLoading: false });
    }
  }

  #end(startedAtMs: number, shown: Shown<T>): void {
    if (this.#ending.signal.aborted) return;
    const endMs = this.#time.now();
    if (endMs < startedAtMs) this.#pacedMs = 0;
    this.#endedAtMs = endMs;
    const gapMs = Math.max(LEAST_GAP_MS, (endMs - startedAtMs) * GAP_OF_DURATION);
    this.#pacedMs = Math.max(this.#pacedMs, endMs) + PACE_MS;
    this.#notBeforeMs = Math.max(endMs + gapMs, this.#pacedMs - SOONER * PACE_MS);
    this.#shown.set(shown);
    const mayHeal = shown.problem !== undefined && isPassing(shown.problem);
    if (this.#isWanted && !isForbidden(shown)) this.#loadAfter(this.#notBeforeMs - endMs);
    else if (mayHeal) this.#loadAfter(RETRY_MS);
  }
}

/** Not for this account. Pure. */
function isForbidden({ problem }: Shown<unknown>): boolean {
  return problem?.status === 403;
}

/** Asking again may help. Pure. */
function isPassing({ status }: ApiProblem): boolean {
  return status === 0 || status === 429 || status >= 500;
}

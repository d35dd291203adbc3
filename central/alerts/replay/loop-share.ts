import { setTimeout as rest } from 'node:timers/promises';

/** After so much work, what waits gets its turn. */
const WORK_MS = 5;
/** Of the time in which it is busy, a long piece of work leaves three quarters to everything else. */
const REST_PER_WORK = 3;
const MAX_REST_MS = 200;

/** Keeps long work from holding up the event loop. In real time, whatever clock the work itself goes by. */
export class LoopShare {
  #sinceMs = performance.now();

  /** To be called often; returns at once unless a rest is due. */
  get isDue(): boolean {
    return performance.now() - this.#sinceMs >= WORK_MS;
  }

  async rest(signal: AbortSignal): Promise<void> {
    const workedMs = performance.now() - this.#sinceMs;
    await rest(Math.min(MAX_REST_MS, workedMs * REST_PER_WORK), undefined, { signal });
    this.#sinceMs = performance.now();
  }
}

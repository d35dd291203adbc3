import type { Clock } from '../../../runtime/clock.ts';

/** Runs are a little early or late. */
const SLACK_MS = 250;

/** Which periodic tasks are due. isDue() also records the task as done. */
export class DueTimes {
  readonly #clock: Clock;
  readonly #doneMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDue(name: string, everyMs: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const doneMs = this.#doneMs.get(name);
    if (doneMs !== undefined && nowMs - doneMs < everyMs - SLACK_MS) return false;
    this.#doneMs.set(name, nowMs);
    return true;
  }

  isFirst(name: string): boolean {
    return this.isDue(name, Infinity);
  }

  forget(name: string): void {
    this.#doneMs.delete(name);
  }

  forgetAll(): void {
    this.#doneMs.clear();
  }
}

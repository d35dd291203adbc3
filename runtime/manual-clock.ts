import type { Clock } from './clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
  readonly reject: (reason: Error) => void;
}

/** A clock for tests: its time changes only by `advance()`. */
export class ManualClock implements Clock {
  #nowMs: number;
  #wallAheadMs = 0;
  readonly #sleepers = new Set<Sleeper>();
  /** One listener a signal: to add one for each sleep costs more than the sleep. */
  readonly #bySignal = new WeakMap<AbortSignal, Set<Sleeper>>();
  readonly #whenIdle: () => Promise<void>;

  /** No time passes until `whenIdle` resolves, for tests with work that takes real time. */
  constructor(startMs = 1_800_000_000_000, whenIdle: () => Promise<void> = settle) {
    this.#nowMs = startMs;
    this.#whenIdle = whenIdle;
  }

  now(): number {
    return this.#nowMs + this.#wallAheadMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  get sleeperCount(): number {
    return this.#sleepers.size;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const ofSignal = signal && this.#sleepersOf(signal);
      const wake = (): void => {
        ofSignal?.delete(sleeper);
        resolve();
      };
      const sleeper: Sleeper = { dueMs: this.#nowMs + delayMs, wake, reject };
      this.#sleepers.add(sleeper);
      ofSignal?.add(sleeper);
    });
  }

  #sleepersOf(signal: AbortSignal): Set<Sleeper> {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const sleepers = new Set<Sleeper>();
    this.#bySignal.set(signal, sleepers);
    const onAbort = (): void => {
      for (const sleeper of sleepers) {
        this.#sleepers.delete(sleeper);
        sleeper.reject(signal.reason as Error);
      }
      sleepers.clear();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    return sleepers;
  }

  /** The clock of the machine is set; the monotonic one is not. */
  stepWallClock(byMs: number): void {
    this.#wallAheadMs += byMs;
  }

  /** As when the process is stopped: time goes on, and who sleeps wakes up late, at the next `advance()`. */
  freeze(forMs: number): void {
    this.#nowMs += forMs;
  }

  /** Moves time on, waking sleepers in order and letting each run before the next. */
  async advance(byMs: number): Promise<void> {
    const targetMs = this.#nowMs + byMs;
    await this.#whenIdle();
    for (let next = this.#nextDue(targetMs); next !== undefined; next = this.#nextDue(targetMs)) {
      this.#sleepers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await this.#whenIdle();
    }
    this.#nowMs = targetMs;
    await this.#whenIdle();
  }

  #nextDue(limitMs: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueMs <= limitMs && (first === undefined || sleeper.dueMs < first.dueMs)) first = sleeper;
    }
    return first;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

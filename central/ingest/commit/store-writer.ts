import { fullJitterMs } from '../../../runtime/backoff.ts';
import type { Clock, Random } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import {
  StoreLimitError,
  StoreUnavailableError,
  type SampleStore,
  type StoreLimit,
  type StoreRejection,
} from '../../store/sample-store.ts';
import type { PendingBatch } from './pending-batch.ts';
import type { WriteBuffer } from './write-buffer.ts';

export interface WriterLimits {
  readonly writesAtOnce: number;
  readonly writeTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
}

export interface WriterDeps {
  readonly store: SampleStore;
  readonly buffer: WriteBuffer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly limits: WriterLimits;
  /** Commits to the ledger what the store has; when it throws, the same group is written again. */
  readonly onWritten: (
    group: readonly PendingBatch[],
    rejections: readonly StoreRejection[],
  ) => Promise<void>;
  /** A batch on which the store fails repeatedly, even alone, while it takes others. */
  readonly onUnstorable: (batch: PendingBatch, reason: string) => Promise<void>;
  /** Batches that are not stored and that the buffer holds no longer. */
  readonly onGivenBack: (batches: readonly PendingBatch[]) => void;
  readonly onFailure: (kind: 'store' | 'ledger') => void;
  /** After each attempt, however it ended. */
  readonly onSettled: () => void;
  /** The store did not answer when central started: until a write works, nothing is known to be storable. */
  readonly startsWithoutStore: boolean;
}

const UNSTORABLE_AFTER_FAILURES = 3;
/** A limit of the store is changed by a person. */
const RETRY_LIMITED_MS = 15_000;
/** That one line of the log names. */
const NAMED_AGENTS = 20;

/** Merges batches into large writes, a few at a time. While the store fails, one group is retried, with growing pauses. */
export class StoreWriter {
  readonly #deps: WriterDeps;
  readonly #stop = new AbortController();
  readonly #writes = new Set<AbortController>();
  readonly #failuresByBatch = new Map<string, { readonly count: number; readonly successes: number }>();
  readonly #idle: (() => void)[] = [];
  #inFlight = 0;
  #isDue = false;
  #isTimerSet = false;
  #isPausing = false;
  #failures = 0;
  #successes = 0;
  #downSinceMs: number | undefined;
  /** Agents with a batch that met a limit of the store: none of theirs is acknowledged, else they would give up on that one. */
  readonly #limitedAgents = new Set<string>();
  /** Those that were limited before the last retry: what is stored of them is committed in the order in which it was sent. */
  #retriedAgents: ReadonlySet<string> = new Set();
  readonly #underWay = new Set<Promise<void>>();
  #limit: StoreLimit | undefined;
  /** A flag of its own: `#limit` may be named by a failure of the store as a whole, after which nothing is planned for agents. */
  #isRetryPlanned = false;
  #lastLatencyMs: number | undefined;

  constructor(deps: WriterDeps) {
    this.#deps = deps;
    if (deps.startsWithoutStore) this.#downSinceMs = deps.clock.monotonicMs();
  }

  get lastLatencyMs(): number | undefined {
    return this.#lastLatencyMs;
  }

  /** Monotonic time since when nothing could be stored; undefined: the last attempt worked. */
  get downSinceMs(): number | undefined {
    return this.#downSinceMs;
  }

  /** What of the store is in the way of all batches or of some; undefined: nothing that it names. */
  get limit(): StoreLimit | undefined {
    return this.#limit;
  }

  /** Call after batches were added to the buffer. */
  notify(): void {
    const { buffer, store } = this.#deps;
    while (!this.#isPausing && !this.#stop.signal.aborted && this.#inFlight < this.#slots()) {
      if (buffer.waitingBatches === 0) {
        this.#isDue = false;
        return;
      }
      if (!this.#isDue && buffer.waitingPoints < store.grouping.maxPoints) {
        this.#setTimer();
        return;
      }
      const group = this.#takeGroup();
      // Not only above: the loop may end here, and the next batch would be written alone as soon as a write ends.
      if (buffer.waitingBatches === 0) this.#isDue = false;
      if (group.length > 0) this.#start(group);
    }
  }

  #takeGroup(): readonly PendingBatch[] {
    const { buffer, store } = this.#deps;
    const group = buffer.take(store.grouping.maxPoints);
    if (this.#limitedAgents.size === 0) return group;
    this.#park(group.filter(({ agent }) => this.#limitedAgents.has(agent)));
    return group.filter(({ agent }) => !this.#limitedAgents.has(agent));
  }

  /** Writes all batches without waiting for more, then stops. Resolves when all are stored or `timeoutMs` is over. */
  async drain(timeoutMs: number): Promise<void> {
    const { buffer, clock } = this.#deps;
    this.#retryLimited();
    this.notify();
    if (buffer.heldBatches > 0) {
      const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
      const done = new AbortController();
      await Promise.race([idle, clock.sleep(timeoutMs, done.signal)]);
      done.abort(new Error('drained'));
    }
    this.#stop.abort(new Error('stopping'));
    for (const write of this.#writes) write.abort(new StoreUnavailableError('stopping'));
  }

  #slots(): number {
    return this.#failures > 0 ? 1 : this.#deps.limits.writesAtOnce;
  }

  #setTimer(): void {
    if (this.#isTimerSet) return;
    this.#isTimerSet = true;
    this.#after(this.#deps.store.grouping.delayMs, () => {
      this.#isTimerSet = false;
      this.#isDue = true;
    });
  }

  #after(delayMs: number, then: () => void): void {
    this.#deps.clock.sleep(delayMs, this.#stop.signal).then(
      () => {
        then();
        this.notify();
      },
      () => undefined,
    );
  }

  #start(group: readonly PendingBatch[]): void {
    const earlier = Promise.allSettled(this.#underWay);
    const write = this.#write(group, earlier).finally(() => this.#underWay.delete(write));
    this.#underWay.add(write);
  }

  async #write(group: readonly PendingBatch[], earlier: Promise<unknown>): Promise<void> {
    this.#inFlight++;
    try {
      await this.#writeOnce(group, earlier);
      this.#succeed();
    } catch (error) {
      if (this.#stop.signal.aborted || isAboutAvailability(error)) this.#fail(group, error);
      else await this.#isolate(group, error, earlier);
    } finally {
      this.#inFlight--;
      this.#deps.onSettled();
      if (this.#deps.buffer.heldBatches === 0) for (const resolve of this.#idle.splice(0)) resolve();
      this.notify();
    }
  }

  /** Others must not wait for what the store does not take now: it is set aside. */
  async #writeOnce(group: readonly PendingBatch[], earlier: Promise<unknown>): Promise<void> {
    const answer = await this.#askStore(group);
    // A later batch must not be acknowledged while it is open whether an earlier one meets the limit again.
    if (group.some(({ agent }) => this.#retriedAgents.has(agent))) await earlier;
    if (answer instanceof StoreLimitError) this.#noteLimit(group, answer);
    const limited = group.filter(({ agent }) => this.#limitedAgents.has(agent));
    const others = group.filter(({ agent }) => !this.#limitedAgents.has(agent));
    if (others.length > 0) await this.#commit(others, answer.rejections);
    // What the store took of them is written again, which changes nothing there.
    if (limited.length > 0) this.#park(limited);
  }

  async #askStore(
    group: readonly PendingBatch[],
  ): Promise<StoreLimitError | { readonly rejections: readonly StoreRejection[] }> {
    const { clock, store, limits } = this.#deps;
    const startedMs = clock.monotonicMs();
    const write = new AbortController();
    const timeout = clock.sleep(limits.writeTimeoutMs, write.signal).then(() => {
      throw new StoreUnavailableError(`no answer within ${limits.writeTimeoutMs} ms`);
    });
    timeout.catch(() => undefined);
    this.#writes.add(write);
    try {
      const batches = group.map((batch) => batch.prepared);
      const rejections = await Promise.race([store.write(batches, write.signal), timeout]);
      this.#lastLatencyMs = clock.monotonicMs() - startedMs;
      return { rejections };
    } catch (error) {
      if (error instanceof StoreLimitError) return error;
      throw error;
    } finally {
      this.#writes.delete(write);
      write.abort(new Error('the write is over'));
    }
  }

  async #commit(group: readonly PendingBatch[], rejections: readonly StoreRejection[]): Promise<void> {
    try {
      await this.#deps.onWritten(group, rejections);
    } catch (error) {
      throw new LedgerError(messageOf(error), { cause: error });
    }
    this.#deps.buffer.release(group);
  }

  #noteLimit(group: readonly PendingBatch[], error: StoreLimitError): void {
    for (const { agent, prepared } of group) if (error.held.has(prepared)) this.#limitedAgents.add(agent);
    this.#limit = error.limit;
    if (this.#isRetryPlanned) return;
    this.#isRetryPlanned = true;
    const agents = [...this.#limitedAgents].slice(0, NAMED_AGENTS);
    this.#deps.log.error(
      { err: error, limit: error.limit, agents, agentCount: this.#limitedAgents.size },
      'a limit of the store is reached; batches of these agents stay unacknowledged until it is changed',
    );
    this.#after(RETRY_LIMITED_MS, () => this.#retryLimited());
  }

  #park(group: readonly PendingBatch[]): void {
    const { buffer } = this.#deps;
    if (!this.#isRetryPlanned) {
      // The retry came while the others of their group were committed.
      buffer.requeue(group);
      return;
    }
    const surplus = buffer.park(group);
    if (surplus.length > 0) this.#deps.onGivenBack(surplus);
  }

  #retryLimited(): void {
    this.#isRetryPlanned = false;
    this.#limit = undefined;
    this.#retriedAgents = new Set(this.#limitedAgents);
    this.#limitedAgents.clear();
    this.#deps.buffer.unpark();
    this.#isDue = true;
  }

  #succeed(): void {
    this.#successes++;
    if (this.#failures > 0) this.#deps.log.info('store accepts writes again');
    this.#failures = 0;
    this.#downSinceMs = undefined;
    if (this.#limitedAgents.size === 0) this.#limit = undefined;
  }

  #fail(group: readonly PendingBatch[], error: unknown): void {
    const { buffer, clock, limits, log, random } = this.#deps;
    buffer.requeue(group);
    if (this.#stop.signal.aborted) return;
    this.#deps.onFailure(error instanceof LedgerError ? 'ledger' : 'store');
    if (this.#failures === 0) {
      log.warn(
        { err: error, batches: buffer.heldBatches },
        'store does not accept writes; batches stay unacknowledged',
      );
    }
    this.#downSinceMs ??= clock.monotonicMs();
    if (error instanceof StoreUnavailableError) this.#limit = error.limit;
    const ceiling = { baseMs: limits.retryBaseMs, capMs: limits.retryCapMs };
    const pauseMs = limits.retryBaseMs / 2 + fullJitterMs(this.#failures++, ceiling, random);
    this.#isPausing = true;
    this.#after(pauseMs, () => {
      this.#isPausing = false;
      this.#isDue = true;
    });
  }

  /** The store failed for another reason than availability: finds the batch that causes it. */
  async #isolate(group: readonly PendingBatch[], cause: unknown, earlier: Promise<unknown>): Promise<void> {
    this.#deps.log.error(
      { err: cause, batches: group.length },
      'store failed on a group; trying each batch alone',
    );
    const failed: { readonly batch: PendingBatch; readonly error: unknown }[] = [];
    for (const batch of group.length > 1 ? group : []) {
      try {
        await this.#writeOnce([batch], earlier);
        this.#succeed();
        this.#failuresByBatch.delete(batch.key);
      } catch (error) {
        failed.push({ batch, error });
      }
    }
    if (group.length === 1) for (const batch of group) failed.push({ batch, error: cause });
    const retry: PendingBatch[] = [];
    for (const { batch, error } of failed) {
      if (isAboutAvailability(error) || !(await this.#isUnstorable(batch, error))) retry.push(batch);
    }
    if (retry.length > 0) this.#fail(retry, cause);
  }

  async #isUnstorable(batch: PendingBatch, error: unknown): Promise<boolean> {
    const before = this.#failuresByBatch.get(batch.key);
    // A store that takes no batch at all is broken itself: a failure counts only if another write succeeded in between.
    if (before?.successes === this.#successes) return false;
    const count = (before?.count ?? 0) + 1;
    this.#failuresByBatch.set(batch.key, { count, successes: this.#successes });
    if (count < UNSTORABLE_AFTER_FAILURES) return false;
    try {
      await this.#deps.onUnstorable(batch, messageOf(error));
    } catch {
      return false;
    }
    this.#failuresByBatch.delete(batch.key);
    this.#deps.buffer.release([batch]);
    return true;
  }
}

/** The store has the batches but the ledger does not: the same batches must be written again. */
class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

function isAboutAvailability(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof LedgerError;
}

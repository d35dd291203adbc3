import type { Clock } from '../../../runtime/clock.ts';
import { LatencyHistogram } from '../../../runtime/latency-histogram.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AlertWrite, PendingKey, PendingRecord } from './alert-record.ts';
import type { AlertRepository } from './alert-repository.ts';

export interface AlertJournalDeps {
  readonly repository: AlertRepository;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of each step with events, once it is on disk. */
  readonly onWritten?: ((write: AlertWrite) => void) | undefined;
}

interface Item {
  readonly write: AlertWrite;
  readonly arrivedAtMs: number | undefined;
}

/** Where the steps of alerts go. */
export interface AlertSteps {
  /** `arrivedAtMs`: when the batch that caused it arrived, if one did. */
  add(write: AlertWrite, arrivedAtMs?: number): void;
  endPending(key: PendingKey): void;
  isRecorded(id: string): boolean;
  /** Writes all that waits in one transaction. False when the disk refuses: it goes on waiting. */
  flush(pending?: readonly PendingRecord[]): boolean;
}

/** Steps kept while the disk refuses them; beyond, the oldest are dropped and counted. */
const MAX_KEPT = 50_000;

/** Steps on their way to `state.db`: in memory only until the disk has taken them. */
export class AlertJournal implements AlertSteps {
  readonly #deps: AlertJournalDeps;
  #items: Item[] = [];
  #ended: PendingKey[] = [];
  #isFailing = false;
  #dropped = 0;
  /** From a batch's arrival to its step being on disk. */
  readonly latency = new LatencyHistogram();

  constructor(deps: AlertJournalDeps) {
    this.#deps = deps;
  }

  get waiting(): number {
    return this.#items.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(write: AlertWrite, arrivedAtMs?: number): void {
    this.#items.push({ write, arrivedAtMs });
    if (this.#items.length <= MAX_KEPT) return;
    this.#items.shift();
    this.#dropped++;
  }

  endPending(key: PendingKey): void {
    this.#ended.push(key);
  }

  isRecorded(id: string): boolean {
    try {
      return this.#deps.repository.has(id);
    } catch (err) {
      this.#reportFailure(err);
      return false;
    }
  }

  flush(pending: readonly PendingRecord[] = []): boolean {
    if (this.#items.length === 0 && this.#ended.length === 0 && pending.length === 0) return true;
    const items = this.#items;
    try {
      const alerts = items.map((item) => item.write);
      this.#deps.repository.write({ alerts, pending, endedPending: this.#ended });
    } catch (err) {
      this.#reportFailure(err);
      return false;
    }
    this.#items = [];
    this.#ended = [];
    if (this.#isFailing) this.#deps.log.info('alert states are written again');
    this.#isFailing = false;
    const nowMs = this.#deps.clock.now();
    for (const { write, arrivedAtMs } of items) {
      if (write.events.length === 0) continue;
      if (arrivedAtMs !== undefined) this.latency.record(nowMs - arrivedAtMs);
      this.#deps.onWritten?.(write);
    }
    return true;
  }

  #reportFailure(err: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#deps.log.error(
      { waiting: this.#items.length, err },
      'alert states cannot be written; they are kept in memory and tried again each second',
    );
  }
}

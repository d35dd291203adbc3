import { messageOf } from '../../../runtime/errors.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { toView, type AlertWrite, type PendingKey, type PendingRecord } from './alert-record.ts';
import type { AlertRepository } from './alert-repository.ts';
import type { AlertTransition } from './alert.ts';
import { LatencyHistogram } from '../../../runtime/latency-histogram.ts';
import type { AlertRule } from '../rules/rule.ts';

export interface OutboxDeps {
  readonly repository: AlertRepository;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onTransition: ((transition: AlertTransition) => void) | undefined;
}

interface Item {
  readonly write: AlertWrite;
  readonly rule: AlertRule | undefined;
  readonly arrivedAtMs: number | undefined;
}

/** Steps kept while the disk refuses them; beyond, the oldest are dropped and counted. */
const MAX_KEPT = 50_000;

/** Records first, announces then: what was announced is known after any crash. */
export class Outbox {
  readonly #deps: OutboxDeps;
  #items: Item[] = [];
  #ended: PendingKey[] = [];
  #failing = false;
  #dropped = 0;
  readonly latency = new LatencyHistogram();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  get waiting(): number {
    return this.#items.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** `arrivedAtMs`: when the batch came that caused it, if one did. */
  add(write: AlertWrite, rule: AlertRule | undefined, arrivedAtMs?: number): void {
    this.#items.push({ write, rule, arrivedAtMs });
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
    } catch (error) {
      this.#complain(error);
      return false;
    }
  }

  /** One transaction for all that waits. When the disk refuses, it waits on. */
  flush(pending: readonly PendingRecord[] = []): boolean {
    if (this.#items.length === 0 && this.#ended.length === 0 && pending.length === 0) return true;
    const items = this.#items;
    try {
      const alerts = items.map((item) => item.write);
      this.#deps.repository.write({ alerts, pending, endedPending: this.#ended });
    } catch (error) {
      this.#complain(error);
      return false;
    }
    this.#items = [];
    this.#ended = [];
    if (this.#failing) this.#deps.log.info('alert states are written again');
    this.#failing = false;
    for (const item of items) this.#announce(item);
    return true;
  }

  #announce({ write, rule, arrivedAtMs }: Item): void {
    const event = write.events.at(-1);
    if (event === undefined) return;
    if (arrivedAtMs !== undefined) this.latency.record(this.#deps.clock.now() - arrivedAtMs);
    try {
      this.#deps.onTransition?.({ alert: toView(write.record, rule), event });
    } catch (error) {
      this.#deps.log.error({ alert: write.record.id, error: messageOf(error) }, 'an alert listener failed');
    }
  }

  #complain(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#deps.log.error(
      { waiting: this.#items.length, error: messageOf(error) },
      'alert states cannot be written; they are kept and tried again each second',
    );
  }
}

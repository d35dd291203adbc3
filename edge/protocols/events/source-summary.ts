import type { Sample } from '../../../contract/sample.ts';
import { TOLD_AFTER_END_MS } from './event-limits.ts';
import type { Moment } from './moment.ts';
import { RecentCount } from './recent-count.ts';
import { CRITICAL_CODE } from './severity.ts';

/** How often what is going on is told again. */
const EVERY_MS = 60_000;

/** How much one sender tells: measurement `event_source`. */
export class SourceSummary {
  readonly #tags: Sample['tags'];
  readonly #critical = new RecentCount();
  readonly #suppressed = new RecentCount();
  #received = 0;
  #unreadable = 0;
  /** Of the last one; undefined: there was none yet. */
  #toldAtMs: number | undefined;
  #wasCritical = false;
  #wasSuppressed = false;
  /** Until then it is told that nothing is wrong: an alert from before may be open, also one of before a restart. */
  #calmUntilMs: number;

  constructor(tags: Sample['tags'], { monotonicMs }: Moment) {
    this.#tags = tags;
    this.#calmUntilMs = monotonicMs + TOLD_AFTER_END_MS;
  }

  /** As told last. */
  get isTroubled(): boolean {
    return this.#wasCritical || this.#wasSuppressed;
  }

  countReceived(): void {
    this.#received++;
  }

  countUnreadable(): void {
    this.#unreadable++;
  }

  countSeverity(severityCode: number, { monotonicMs }: Moment): void {
    if (severityCode <= CRITICAL_CODE) this.#critical.add(monotonicMs);
  }

  countSuppressed({ monotonicMs }: Moment): void {
    this.#suppressed.add(monotonicMs);
  }

  /** At the first run; at once when trouble begins or ends; each minute while something comes, and for a while after trouble. */
  take({ nowMs, monotonicMs }: Moment): Sample | undefined {
    const critical = this.#critical.total(monotonicMs);
    const suppressed = this.#suppressed.total(monotonicMs);
    const isTurn = this.#wasCritical !== critical > 0 || this.#wasSuppressed !== suppressed > 0;
    if (isTurn) this.#calmUntilMs = monotonicMs + TOLD_AFTER_END_MS;
    const isTrouble = critical > 0 || suppressed > 0;
    const isActive = this.#received > 0 || isTrouble || monotonicMs < this.#calmUntilMs;
    const isDue = this.#toldAtMs === undefined || monotonicMs - this.#toldAtMs >= EVERY_MS;
    if (!isTurn && !(isDue && isActive)) return undefined;
    const fields = {
      received: this.#received,
      unreadable: this.#unreadable,
      suppressed_5min: suppressed,
      critical_5min: critical,
    };
    this.#received = 0;
    this.#unreadable = 0;
    this.#toldAtMs = monotonicMs;
    this.#wasCritical = critical > 0;
    this.#wasSuppressed = suppressed > 0;
    return { measurement: 'event_source', tags: this.#tags, fields, timeMs: nowMs };
  }
}

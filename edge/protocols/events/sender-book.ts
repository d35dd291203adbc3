import type { Sample } from '../../../contract/sample.ts';
import { TokenBucket, type TokenBucketOptions } from '../../../runtime/token-bucket.ts';
import { fitEvent, type DeviceEvent } from './device-event.ts';
import {
  CRITICAL_RATE,
  MAX_CRITICAL_KINDS,
  MAX_CRITICAL_ROWS_A_RUN,
  MAX_KINDS,
  MAX_ROWS_A_RUN,
  SENDER_RATE,
} from './event-limits.ts';
import { RecentCount } from './recent-count.ts';
import { CRITICAL_CODE, perceivedSeverity } from './severity.ts';

/** A moment by both clocks: the wall clock dates rows, the other one never jumps. */
export interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

interface Folded {
  readonly event: DeviceEvent;
  readonly events: number;
  readonly timeMs: number;
}

export interface SenderBookDeps {
  /** Of its rows. */
  readonly tags: Sample['tags'];
  /** Its own part of what all senders together may send. */
  readonly share: TokenBucketOptions;
  /** The part that all have in common. */
  readonly common: TokenBucket;
  readonly onAdded: () => void;
}

/** How often what is going on is told again. */
const SUMMARY_MS = 60_000;

/** What one sender told since the last run, within bounds: the same kind of message is one row with a count. */
export class SenderBook {
  readonly #tags: Sample['tags'];
  readonly #onAdded: () => void;
  readonly #bucket: TokenBucket;
  readonly #criticalBucket: TokenBucket;
  readonly #share: TokenBucket;
  readonly #common: TokenBucket;
  readonly #kinds = new Set<string>();
  #folded = new Map<string, Folded>();
  readonly #critical = new RecentCount();
  readonly #suppressed = new RecentCount();
  #received = 0;
  #unreadable = 0;
  /** Of the last summary; undefined: there was none yet. */
  #summaryAtMs: number | undefined;
  #wasCritical = false;
  #wasSuppressed = false;

  constructor({ tags, share, common, onAdded }: SenderBookDeps, { monotonicMs }: Moment) {
    this.#tags = tags;
    this.#onAdded = onAdded;
    this.#bucket = new TokenBucket(SENDER_RATE, monotonicMs);
    this.#criticalBucket = new TokenBucket(CRITICAL_RATE, monotonicMs);
    this.#share = new TokenBucket(share, monotonicMs);
    this.#common = common;
  }

  /** Every message, whatever becomes of it. */
  countReceived(): void {
    this.#received++;
  }

  countUnreadable(): void {
    this.#unreadable++;
  }

  /** As soon as the severity is known, whether there is room for the event or not: an alert depends on it. */
  countSeverity(severityCode: number, { monotonicMs }: Moment): void {
    if (severityCode <= CRITICAL_CODE) this.#critical.add(monotonicMs);
  }

  /**
   * False: it has sent too much and the message is not to be read, only counted. `severityCode`: where it is known before the
   * message is read.
   */
  admit({ monotonicMs }: Moment, severityCode?: number): boolean {
    const isCritical = severityCode !== undefined && severityCode <= CRITICAL_CODE;
    const isAdmitted =
      (isCritical && this.#criticalBucket.tryTake(1, monotonicMs)) || this.#takeOfRates(monotonicMs);
    if (!isAdmitted) this.#suppressed.add(monotonicMs);
    return isAdmitted;
  }

  #takeOfRates(monotonicMs: number): boolean {
    if (!this.#bucket.has(1, monotonicMs)) return false;
    const isThereRoom = this.#share.tryTake(1, monotonicMs) || this.#common.tryTake(1, monotonicMs);
    return isThereRoom && this.#bucket.tryTake(1, monotonicMs);
  }

  add(told: DeviceEvent, { nowMs, monotonicMs }: Moment): void {
    const event = this.#known(fitEvent(told));
    const key = keyOf(event);
    const maxRows = MAX_ROWS_A_RUN + (event.severityCode <= CRITICAL_CODE ? MAX_CRITICAL_ROWS_A_RUN : 0);
    const before = this.#folded.get(key);
    if (before === undefined && this.#folded.size >= maxRows) this.#suppressed.add(monotonicMs);
    else this.#folded.set(key, { event, events: (before?.events ?? 0) + 1, timeMs: nowMs });
    this.#onAdded();
  }

  /** Rows since the last call; nothing where nothing happened. */
  take(moment: Moment): readonly Sample[] {
    const rows = [...this.#folded.values()].map((folded) => this.#row(folded));
    if (rows.length > 0) this.#folded = new Map();
    const summary = this.#summary(moment);
    return summary === undefined ? rows : [...rows, summary];
  }

  #known(event: DeviceEvent): DeviceEvent {
    const key = keyOf(event);
    if (this.#kinds.has(key)) return event;
    const maxKinds = MAX_KINDS + (event.severityCode <= CRITICAL_CODE ? MAX_CRITICAL_KINDS : 0);
    if (this.#kinds.size >= maxKinds) return { ...event, type: 'other', subject: undefined };
    this.#kinds.add(key);
    return event;
  }

  #row({ event, events, timeMs }: Folded): Sample {
    const { type, subject, severityCode, message, facility } = event;
    return {
      measurement: 'event',
      tags: {
        ...this.#tags,
        event: type,
        ...(subject !== undefined && { subject }),
        severity: perceivedSeverity(severityCode),
      },
      fields: {
        events,
        severity_code: severityCode,
        ...(message !== '' && { message }),
        ...(facility !== undefined && { facility }),
      },
      timeMs,
    };
  }

  /** At the first run, so that an alert from before a restart ends; at once when trouble begins or ends; else each minute while something comes. */
  #summary({ nowMs, monotonicMs }: Moment): Sample | undefined {
    const critical = this.#critical.total(monotonicMs);
    const suppressed = this.#suppressed.total(monotonicMs);
    const isTurn = this.#wasCritical !== critical > 0 || this.#wasSuppressed !== suppressed > 0;
    const isActive = this.#received > 0 || critical > 0 || suppressed > 0;
    const sinceMs = this.#summaryAtMs === undefined ? Infinity : monotonicMs - this.#summaryAtMs;
    if (this.#summaryAtMs !== undefined && !isTurn && !(isActive && sinceMs >= SUMMARY_MS)) return undefined;
    const fields = {
      received: this.#received,
      unreadable: this.#unreadable,
      suppressed_5min: suppressed,
      critical_5min: critical,
    };
    this.#received = 0;
    this.#unreadable = 0;
    this.#summaryAtMs = monotonicMs;
    this.#wasCritical = critical > 0;
    this.#wasSuppressed = suppressed > 0;
    return { measurement: 'event_source', tags: this.#tags, fields, timeMs: nowMs };
  }
}

function keyOf({ type, subject, severityCode }: DeviceEvent): string {
  return `${severityCode} ${type} ${subject ?? ''}`;
}

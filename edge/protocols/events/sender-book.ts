import type { Sample } from '../../../contract/sample.ts';
import { TokenBucket, type TokenBucketOptions } from '../../../runtime/token-bucket.ts';
import { fitEvent, type DeviceEvent } from './device-event.ts';
import {
  CRITICAL_RATE,
  LOOK_RATE,
  MAX_CRITICAL_ROWS_A_RUN,
  MAX_ROWS_A_RUN,
  SENDER_RATE,
} from './event-limits.ts';
import { KnownKinds } from './known-kinds.ts';
import type { Moment } from './moment.ts';
import { CRITICAL_CODE, perceivedSeverity } from './severity.ts';
import { SourceSummary } from './source-summary.ts';

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

/** What one sender told since the last run, within bounds: the same kind of message is one row with a count. */
export class SenderBook {
  readonly #tags: Sample['tags'];
  readonly #onAdded: () => void;
  readonly #bucket: TokenBucket;
  readonly #criticalBucket: TokenBucket;
  readonly #looks: TokenBucket;
  readonly #criticalLooks: TokenBucket;
  readonly #share: TokenBucket;
  readonly #common: TokenBucket;
  readonly #kinds = new KnownKinds();
  readonly #summary: SourceSummary;
  #folded = new Map<string, Folded>();

  constructor({ tags, share, common, onAdded }: SenderBookDeps, moment: Moment) {
    const { monotonicMs } = moment;
    this.#tags = tags;
    this.#onAdded = onAdded;
    this.#bucket = new TokenBucket(SENDER_RATE, monotonicMs);
    this.#criticalBucket = new TokenBucket(CRITICAL_RATE, monotonicMs);
    this.#looks = new TokenBucket(LOOK_RATE, monotonicMs);
    this.#criticalLooks = new TokenBucket(LOOK_RATE, monotonicMs);
    this.#share = new TokenBucket(share, monotonicMs);
    this.#common = common;
    this.#summary = new SourceSummary(tags, moment);
  }

  /** Whether something critical, or too much of it, was told last. */
  get isTroubled(): boolean {
    return this.#summary.isTroubled;
  }

  /** Every message, whatever becomes of it. */
  countReceived(): void {
    this.#summary.countReceived();
  }

  countUnreadable(): void {
    this.#summary.countUnreadable();
  }

  /** As soon as the severity is known, whether there is room for the event or not: an alert depends on it. */
  countSeverity(severityCode: number, moment: Moment): void {
    this.#summary.countSeverity(severityCode, moment);
  }

  /** A message that is only counted, since its sender has sent too much. */
  countSuppressed(moment: Moment): void {
    this.#summary.countSuppressed(moment);
  }

  /**
   * False: it has sent too much, and the message is only to be counted. What is critical has room of its own; `severityCode`: where it
   * is known before the message is read.
   */
  admit({ monotonicMs }: Moment, severityCode = Infinity): boolean {
    const isCritical = severityCode <= CRITICAL_CODE;
    return (isCritical && this.#criticalBucket.tryTake(1, monotonicMs)) || this.#takeOfRates(monotonicMs);
  }

  /**
   * Of a sender that has sent too much: whether one more message may be read, because it may be critical. Those that say that they are
   * have room of their own among those that do not say what they are.
   */
  mayLook({ monotonicMs }: Moment, saysCritical: boolean): boolean {
    return (saysCritical ? this.#criticalLooks : this.#looks).tryTake(1, monotonicMs);
  }

  #takeOfRates(monotonicMs: number): boolean {
    if (!this.#bucket.has(1, monotonicMs)) return false;
    const isThereRoom = this.#share.tryTake(1, monotonicMs) || this.#common.tryTake(1, monotonicMs);
    return isThereRoom && this.#bucket.tryTake(1, monotonicMs);
  }

  add(told: DeviceEvent, moment: Moment): void {
    const event = this.#known(fitEvent(told), moment);
    const key = keyOf(event);
    const maxRows = MAX_ROWS_A_RUN + (event.severityCode <= CRITICAL_CODE ? MAX_CRITICAL_ROWS_A_RUN : 0);
    const before = this.#folded.get(key);
    if (before === undefined && this.#folded.size >= maxRows) this.countSuppressed(moment);
    else this.#folded.set(key, { event, events: (before?.events ?? 0) + 1, timeMs: moment.nowMs });
    this.#onAdded();
  }

  /** Rows since the last call; nothing where nothing happened. */
  take(moment: Moment): readonly Sample[] {
    const rows = [...this.#folded.values()].map((folded) => this.#row(folded));
    if (rows.length > 0) this.#folded = new Map();
    const summary = this.#summary.take(moment);
    return summary === undefined ? rows : [...rows, summary];
  }

  #known(event: DeviceEvent, { monotonicMs }: Moment): DeviceEvent {
    const isCritical = event.severityCode <= CRITICAL_CODE;
    if (this.#kinds.admit(keyOf(event), isCritical, monotonicMs)) return event;
    return { ...event, type: 'other', subject: undefined };
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
}

function keyOf({ type, subject, severityCode }: DeviceEvent): string {
  return `${severityCode} ${type} ${subject ?? ''}`;
}

import { TokenBucket } from '../../runtime/token-bucket.ts';
import type { SurveyRecord } from './read-record.ts';

/** A scan of two SIMs with all neighbours is some 40 messages, and the app makes one every two seconds at most. */
const MESSAGES = { capacity: 400, refillPerS: 20 };
/** The cells of one scan come within milliseconds. */
const QUIET_MS = 1_000;
const LONGEST_WAIT_MS = 5_000;
const MAX_WAITING = 500;
const TELL_AGAIN_MS = 60_000;

/** What central knows of one phone while it sends. */
export class Phone {
  readonly id: string;
  readonly #messages: TokenBucket;
  readonly #toldAtMs = new Map<string, number>();
  #waiting: SurveyRecord[] = [];
  #firstAtMs = 0;
  /** Of its last message. */
  lastAtMs: number;

  constructor(id: string, nowMs: number) {
    this.id = id;
    this.#messages = new TokenBucket(MESSAGES, nowMs);
    this.lastAtMs = nowMs;
  }

  mayTake(nowMs: number): boolean {
    this.lastAtMs = nowMs;
    return this.#waiting.length < MAX_WAITING && this.#messages.tryTake(1, nowMs);
  }

  add(record: SurveyRecord, nowMs: number): void {
    if (this.#waiting.length === 0) this.#firstAtMs = nowMs;
    this.#waiting.push(record);
  }

  /** A scan is whole. */
  isDue(nowMs: number): boolean {
    if (this.#waiting.length === 0) return false;
    return nowMs - this.lastAtMs >= QUIET_MS || nowMs - this.#firstAtMs >= LONGEST_WAIT_MS;
  }

  /** What waits, in the order in which it came. */
  take(): readonly SurveyRecord[] {
    const records = this.#waiting;
    this.#waiting = [];
    return records;
  }

  /** Whether this is told in full, as once a minute. */
  isNews(code: string, nowMs: number): boolean {
    if (nowMs - (this.#toldAtMs.get(code) ?? -Infinity) < TELL_AGAIN_MS) return false;
    this.#toldAtMs.set(code, nowMs);
    return true;
  }
}

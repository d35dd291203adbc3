import { isPowerOfTen } from './power-of-ten.ts';
import { TokenBucket } from './token-bucket.ts';

/** Of all sources together, so that no number of them fills the log. */
const LINES = { capacity: 20, refillPerS: 0.2 };
const FORGET_MS = 15 * 60_000;
const MAX_SOURCES = 10_000;

/**
 * Decides which of many equal events get a line in the log: of each source its 1st, 10th, 100th, …, counted anew after a
 * quarter of an hour without one, and of all together at most 20 at once and one each 5 s. Time is an argument, ms.
 */
export class BackOffLog {
  readonly #sources = new Map<string, { count: number; lastAtMs: number }>();
  readonly #lines: TokenBucket;

  constructor(nowMs: number) {
    this.#lines = new TokenBucket(LINES, nowMs);
  }

  /** Counts an event; returns its number where it is to be told. */
  count(source: string, nowMs: number): number | undefined {
    const known = this.#sources.get(source);
    const isKnown = known !== undefined && nowMs - known.lastAtMs < FORGET_MS;
    const entry = isKnown ? known : { count: 0, lastAtMs: nowMs };
    entry.count++;
    entry.lastAtMs = nowMs;
    this.#keep(source, entry);
    const isTold = isPowerOfTen(entry.count) && this.#lines.tryTake(1, nowMs);
    return isTold ? entry.count : undefined;
  }

  /** Last in the order of the map: the first one is the one to forget when there are too many. */
  #keep(source: string, entry: { count: number; lastAtMs: number }): void {
    this.#sources.delete(source);
    this.#sources.set(source, entry);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) this.#sources.delete(oldest);
  }
}

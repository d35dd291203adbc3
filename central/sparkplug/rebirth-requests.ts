import type { TokenBucket } from '../../runtime/token-bucket.ts';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** Requests without an answer before asking stops, until a rebirth is wanted again. */
const MAX_REPEATS = 6;

/**
 * When one node may be asked for a rebirth: at once, then after 10 s, 20 s … 10 min, so that a node that does not
 * answer is not flooded. An answer, a new connection or ten minutes without a request reset the delay; two requests are
 * never closer than 10 s.
 */
export class RebirthRequests {
  #isWanted = false;
  #asked = 0;
  #askedAtMs = -Infinity;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** A rebirth is wanted, but no request was sent since the last answer. */
  get isAwaitingRequest(): boolean {
    return this.#isWanted && this.#asked === 0;
  }

  want(): void {
    this.#isWanted = true;
  }

  /** After a reconnect: requests that were lost with the connection do not count. */
  wantAnew(): void {
    this.#isWanted = true;
    this.#asked = 0;
  }

  /** The birth arrived. */
  recordAnswer(): void {
    this.#isWanted = false;
    this.#asked = 0;
  }

  /** True: send a request now. `all` limits the requests to all nodes together. */
  tryAsk(nowMs: number, all: TokenBucket): boolean {
    if (!this.#isWanted) return false;
    if (nowMs - this.#askedAtMs > LONGEST_PAUSE_MS) this.#asked = 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, this.#asked - 1), LONGEST_PAUSE_MS);
    if (nowMs - this.#askedAtMs < pauseMs) return false;
    if (!all.tryTake(1, nowMs)) return false;
    this.#asked++;
    this.#askedAtMs = nowMs;
    this.#total++;
    this.#isWanted = this.#asked < MAX_REPEATS;
    return true;
  }
}

import type { TokenBucket } from '../../runtime/token-bucket.ts';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** So often an unanswered request is repeated by itself. */
const MAX_REPEATS = 6;

/**
 * When one node may be asked for a rebirth: at once, then after 10 s, 20 s … 10 min, since a node that does not
 * answer must not be flooded. It begins anew with an answer, a new connection, or after ten quiet minutes; two requests
 * are never closer than 10 s.
 */
export class RebirthRequests {
  #isWanted = false;
  #asked = 0;
  #askedAtMs = -Infinity;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Wanted, and not asked yet or not since it last answered. */
  get isUnasked(): boolean {
    return this.#isWanted && this.#asked === 0;
  }

  want(): void {
    this.#isWanted = true;
  }

  /** Central has a new connection: what was not answered over the one before says nothing. */
  wantAnew(): void {
    this.#isWanted = true;
    this.#asked = 0;
  }

  /** The birth has come. */
  settle(): void {
    this.#isWanted = false;
    this.#asked = 0;
  }

  /** True: ask now. `all`: what all nodes together may be asked. */
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

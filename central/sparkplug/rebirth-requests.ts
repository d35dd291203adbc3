import type { TokenBucket } from '../../runtime/token-bucket.ts';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
/** So often an unanswered request is repeated by itself. */
const MAX_REPEATS = 6;

/**
 * When one node may be asked for a rebirth: at once, then after 10 s, 20 s … 10 min, since a node whose births do not
 * help must not be kept busy with them. After ten quiet minutes it begins anew.
 */
export class RebirthRequests {
  #isWanted = false;
  #asked = 0;
  #askedAtMs = -Infinity;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  want(): void {
    this.#isWanted = true;
  }

  /** The birth has come. */
  settle(): void {
    this.#isWanted = false;
  }

  /** True: ask now. `all`: what all nodes together may be asked. */
  tryAsk(nowMs: number, all: TokenBucket): boolean {
    if (!this.#isWanted) return false;
    if (nowMs - this.#askedAtMs > LONGEST_PAUSE_MS) this.#asked = 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, this.#asked - 1), LONGEST_PAUSE_MS);
    if (this.#asked > 0 && nowMs - this.#askedAtMs < pauseMs) return false;
    if (!all.tryTake(1, nowMs)) return false;
    this.#asked++;
    this.#askedAtMs = nowMs;
    this.#total++;
    this.#isWanted = this.#asked < MAX_REPEATS;
    return true;
  }
}

export interface TokenBucketOptions {
  /** Largest burst. */
  readonly capacity: number;
  readonly refillPerS: number;
  /** Most that `take` may owe, as the time to refill it: what goes beyond is forgiven. Default: no bound. */
  readonly maxDebtS?: number;
}

/** Allows bursts up to `capacity`, and `refillPerS` on average. Time is an argument, in ms. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #refillPerMs: number;
  readonly #lowest: number;
  #tokens: number;
  #atMs: number;

  constructor({ capacity, refillPerS, maxDebtS = Infinity }: TokenBucketOptions, nowMs: number) {
    this.#capacity = capacity;
    this.#refillPerMs = refillPerS / 1_000;
    this.#lowest = -maxDebtS * refillPerS;
    this.#tokens = capacity;
    this.#atMs = nowMs;
  }

  has(amount: number, nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= amount;
  }

  /** Takes `amount` if available. */
  tryTake(amount: number, nowMs: number): boolean {
    if (!this.has(amount, nowMs)) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Takes `amount`, on credit if need be; returns the wait until the debt is refilled, ms. */
  take(amount: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#tokens = Math.max(this.#lowest, this.#tokens - amount);
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#refillPerMs);
  }

  /** Puts back what was taken for nothing. */
  giveBack(amount: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + amount);
  }

  isFull(nowMs: number): boolean {
    return this.has(this.#capacity, nowMs);
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsedMs * this.#refillPerMs);
    this.#atMs = nowMs;
  }
}

/** A bucket for each key, bounded: full buckets are evicted first, then the oldest tenth. */
export class TokenBuckets {
  readonly #options: TokenBucketOptions & { readonly maxKeys: number };
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: TokenBucketOptions & { readonly maxKeys: number }) {
    this.#options = options;
  }

  tryTake(key: string, amount: number, nowMs: number): boolean {
    return this.of(key, nowMs).tryTake(amount, nowMs);
  }

  giveBack(key: string, amount: number, nowMs: number): void {
    this.#buckets.get(key)?.giveBack(amount, nowMs);
  }

  /** The key's own bucket, which goes on where it was. */
  of(key: string, nowMs: number): TokenBucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#options.maxKeys) this.#evict(nowMs);
      bucket = new TokenBucket(this.#options, nowMs);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  #evict(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(key);
    // Several at once: with none full, a walk over all for each new key would be dear.
    const roomFor = this.#options.maxKeys * 0.9;
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= roomFor) break;
      this.#buckets.delete(key);
    }
  }
}

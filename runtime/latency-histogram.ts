const BOUNDS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 10_000, 60_000] as const;

/** Cumulative, as in Prometheus: the number of values of at most `leMs`. */
export interface LatencySnapshot {
  readonly buckets: readonly { readonly leMs: number; readonly count: number }[];
  readonly count: number;
  readonly sumMs: number;
}

export class LatencyHistogram {
  readonly #counts = BOUNDS_MS.map(() => 0);
  #count = 0;
  #sumMs = 0;

  record(latencyMs: number): void {
    this.#count++;
    this.#sumMs += latencyMs;
    BOUNDS_MS.forEach((bound, at) => {
      if (latencyMs <= bound) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    });
  }

  snapshot(): LatencySnapshot {
    return {
      buckets: BOUNDS_MS.map((leMs, at) => ({ leMs, count: this.#counts[at] ?? 0 })),
      count: this.#count,
      sumMs: this.#sumMs,
    };
  }
}

/**
 * Upper bound of the bucket that holds the 99th percentile of what was recorded between two snapshots, ms; the largest
 * bound if it lies above that. undefined: nothing was recorded.
 */
export function p99BetweenMs(before: LatencySnapshot, after: LatencySnapshot): number | undefined {
  const count = after.count - before.count;
  if (count <= 0) return undefined;
  const needed = Math.ceil(count * 0.99);
  const bucket = after.buckets.find((each, at) => each.count - (before.buckets[at]?.count ?? 0) >= needed);
  return bucket?.leMs ?? BOUNDS_MS.at(-1);
}

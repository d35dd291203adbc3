/** Central's histogram at one scrape: cumulative counts by upper bound; the last bound is Infinity. */
export type LatencyBuckets = readonly { readonly leMs: number; readonly count: number }[];

export interface AlertLatency {
  readonly transitions: number;
  /** Smallest bound of the histogram that covers half, or 99 %, of the transitions; undefined: there were none. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Parses `/metrics`. */
export function readBuckets(metrics: string): LatencyBuckets {
  const lines = metrics.matchAll(/^wardwatch_alert_latency_seconds_bucket\{le="([^"]+)"\} (\d+)/gm);
  return [...lines].map(([, le, count]) => ({
    leMs: le === '+Inf' ? Infinity : Number(le) * 1_000,
    count: Number(count),
  }));
}

/** Of the transitions between two scrapes. */
export function latencyBetween(before: LatencyBuckets, after: LatencyBuckets): AlertLatency {
  const buckets = after.map(({ leMs, count }) => ({
    leMs,
    count: count - (before.find((each) => each.leMs === leMs)?.count ?? 0),
  }));
  const transitions = buckets.at(-1)?.count ?? 0;
  const bound = (share: number): number | undefined =>
    transitions === 0 ? undefined : buckets.find(({ count }) => count >= share * transitions)?.leMs;
  return { transitions, p50Ms: bound(0.5), p99Ms: bound(0.99) };
}

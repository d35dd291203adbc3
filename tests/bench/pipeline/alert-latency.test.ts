import { expect, it } from 'vitest';
import { latencyBetween, readBuckets } from './alert-latency.ts';

const metricsOf = (...counts: number[]): string =>
  ['0.005', '0.05', '0.25', '+Inf']
    .map((le, at) => `wardwatch_alert_latency_seconds_bucket{le="${le}"} ${counts[at] ?? 0}`)
    .join('\n');

it('counts only the transitions between two scrapes', () => {
  const before = readBuckets(metricsOf(0, 0, 90, 100));
  const after = readBuckets(`# HELP other\nother 5\n${metricsOf(60, 99, 190, 200)}\n`);

  expect(latencyBetween(before, after)).toEqual({ transitions: 100, p50Ms: 5, p99Ms: 50 });
});

it('is above every bound when one in twenty is', () => {
  const latency = latencyBetween(readBuckets(metricsOf(0, 0, 0, 0)), readBuckets(metricsOf(95, 95, 95, 100)));

  expect(latency).toEqual({ transitions: 100, p50Ms: 5, p99Ms: Infinity });
});

it('is undefined without a transition', () => {
  const buckets = readBuckets(metricsOf(1, 2, 3, 3));

  expect(latencyBetween(buckets, buckets)).toEqual({ transitions: 0, p50Ms: undefined, p99Ms: undefined });
});

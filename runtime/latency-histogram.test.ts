import { expect, it } from 'vitest';
import { LatencyHistogram, p99BetweenMs } from './latency-histogram.ts';

it('gives the 99th percentile of an interval as the upper bound of its bucket', () => {
  const histogram = new LatencyHistogram();
  histogram.record(4_000);
  const before = histogram.snapshot();
  for (let at = 0; at < 99; at++) histogram.record(3);
  histogram.record(400);
  expect(p99BetweenMs(before, histogram.snapshot())).toBe(5);
  histogram.record(400);
  expect(p99BetweenMs(before, histogram.snapshot())).toBe(500);
});

it('has no percentile of nothing, and its largest bound for what lies above it', () => {
  const histogram = new LatencyHistogram();
  const empty = histogram.snapshot();
  expect(p99BetweenMs(empty, empty)).toBeUndefined();
  histogram.record(3_600_000);
  expect(p99BetweenMs(empty, histogram.snapshot())).toBe(60_000);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mosEstimate } from './mos.ts';

it.each([
  [20, 2, 0, 4.39],
  [150, 30, 2, 3.95],
  [300, 50, 5, 2.66],
])('a call over %i ms with %i ms of jitter and %i % of loss is worth %f', (latency, jitter, loss, mos) => {
  expect(mosEstimate(latency, jitter, loss)).toBeCloseTo(mos, 2);
});

it('never leaves 1 to 4.5, and never gains by more delay, jitter or loss', () => {
  const ms = fc.double({ min: 0, max: 5_000, noNaN: true });
  const pct = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(ms, ms, pct, ms, pct, (latency, jitter, loss, more, moreLoss) => {
      const mos = mosEstimate(latency, jitter, loss);
      expect(mos).toBeGreaterThanOrEqual(1);
      expect(mos).toBeLessThanOrEqual(4.5);
      const worse = mosEstimate(latency + more, jitter + more, Math.min(100, loss + moreLoss));
      expect(worse).toBeLessThanOrEqual(mos + 1e-9);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreditBucket } from './credit-bucket.ts';

describe('credits', () => {
  it('are available when the bucket announced them, and never more than the rate and one burst', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 500, noNaN: true }), (perS) => {
        const bucket = new CreditBucket(perS, 0);
        let nowMs = 0;
        let taken = 0;
        while (nowMs < 20_000 && taken < 2_000) {
          nowMs = bucket.readyAtMs(nowMs) ?? Infinity;
          expect(bucket.tryTake(nowMs)).toBe(true);
          taken++;
        }
        expect(taken).toBeLessThanOrEqual((nowMs / 1_000) * perS + Math.max(1, perS / 4) + 1e-3);
      }),
    );
  });

  it('never refill at a rate of zero', () => {
    const bucket = new CreditBucket(0, 0);
    expect(bucket.tryTake(60_000)).toBe(false);
    expect(bucket.readyAtMs(60_000)).toBeUndefined();
  });

  it('do not accumulate during a pause', () => {
    const bucket = new CreditBucket(2, 0);
    bucket.tryTake(0);
    expect(bucket.tryTake(3_600_000)).toBe(true);
    expect(bucket.tryTake(3_600_000)).toBe(false);
  });
});

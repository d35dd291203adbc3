import { describe, expect, it } from 'vitest';
import { TokenBucket, TokenBuckets } from './token-bucket.ts';

describe('token buckets', () => {
  it('allows a burst, then the refill rate', () => {
    const bucket = new TokenBucket({ capacity: 3, refillPerS: 1 }, 0);
    expect([1, 2, 3, 4].map(() => bucket.tryTake(1, 0))).toEqual([true, true, true, false]);
    expect(bucket.tryTake(1, 999)).toBe(false);
    expect(bucket.tryTake(1, 1_000)).toBe(true);
  });

  it('returns how long a debt takes to refill', () => {
    const bucket = new TokenBucket({ capacity: 1_000, refillPerS: 1_000 }, 0);
    expect(bucket.take(1_000, 0)).toBe(0);
    expect(bucket.take(500, 0)).toBe(500);
    expect(bucket.take(0, 500)).toBe(0);
  });

  it('forgives a debt beyond its bound, however often more is taken', () => {
    const bucket = new TokenBucket({ capacity: 1_000, refillPerS: 1_000, maxDebtS: 10 }, 0);
    for (let taken = 0; taken < 100; taken++) expect(bucket.take(1e9, 0)).toBe(10_000);
    expect(bucket.take(0, 10_000)).toBe(0);
    expect(bucket.take(1, 10_000)).toBe(1);
  });

  it('takes back what was taken for nothing, but never more than it holds', () => {
    const bucket = new TokenBucket({ capacity: 2, refillPerS: 1 }, 0);
    bucket.tryTake(1, 0);
    bucket.giveBack(5, 0);
    expect([1, 2, 3].map(() => bucket.tryTake(1, 0))).toEqual([true, true, false]);
  });

  it('separates keys and bounds their number, evicting idle ones first', () => {
    const buckets = new TokenBuckets({ capacity: 1, refillPerS: 1, maxKeys: 2 });
    expect(buckets.tryTake('a', 1, 0)).toBe(true);
    expect(buckets.tryTake('a', 1, 0)).toBe(false);
    expect(buckets.tryTake('b', 1, 900)).toBe(true);
    expect(buckets.tryTake('c', 1, 1_000)).toBe(true);
    expect(buckets.tryTake('b', 1, 1_000)).toBe(false);
  });
});

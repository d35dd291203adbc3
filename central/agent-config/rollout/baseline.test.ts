import { describe, expect, it } from 'vitest';
import { baselineOf } from './baseline.ts';

const HOUR_MS = 3_600_000;
/** An hour of 40 points each 10 s. */
const steady = { storedBatches: 360, storedPoints: 14_400, refusedPoints: 360, lateBatches: 0 };
const of = (more: Partial<typeof steady>, spanMs = HOUR_MS) =>
  baselineOf({ ...steady, ...more }, { spanMs, intervalMs: 10_000 });

describe('what an agent sent before', () => {
  it('is its points in a second of the time', () => {
    expect(of({})).toEqual({ storedPerS: 4, refusedPerS: 0.1 });
  });

  it('is the same with a backlog of ten hours delivered in that time', () => {
    const backlog = { storedBatches: 3_960, storedPoints: 158_400, refusedPoints: 3_960, lateBatches: 3_600 };
    expect(of(backlog)?.storedPerS).toBeCloseTo(4);
    expect(of(backlog)?.refusedPerS).toBeCloseTo(0.1);
  });

  it('is the same where it was silent for most of the time', () => {
    expect(of({ storedBatches: 36, storedPoints: 1_440 })?.storedPerS).toBeCloseTo(4);
  });

  it('is by the time where it sends more batches than it says', () => {
    expect(of({ storedBatches: 720 })?.storedPerS).toBe(4);
  });

  it('is not known of hardly any batch on time, and of nothing', () => {
    expect(of({ lateBatches: 355 })).toBeUndefined();
    expect(of({}, 0)).toBeUndefined();
    expect(baselineOf(undefined, { spanMs: HOUR_MS, intervalMs: 10_000 })).toBeUndefined();
  });
});

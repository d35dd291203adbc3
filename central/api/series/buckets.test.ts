import { describe, expect, it } from 'vitest';
import { bucketCount, filledPoints, partialBuckets, type Buckets } from './buckets.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const hours: Buckets = { everyMs: HOUR_MS, offsetMs: 0, fromMs: 0, toMs: 4 * HOUR_MS };
const LATER_MS = 100 * DAY_MS;

describe('buckets that are cut', () => {
  it.each<[string, Partial<Buckets>, nowMs: number, number[]]>([
    ['none where all are whole', {}, LATER_MS, []],
    ['the first', { fromMs: 1 }, LATER_MS, [0]],
    ['the last', { toMs: 4 * HOUR_MS - 1 }, LATER_MS, [3 * HOUR_MS]],
    ['both', { fromMs: 1, toMs: 4 * HOUR_MS - 1 }, LATER_MS, [0, 3 * HOUR_MS]],
    ['one that is cut at both ends, once', { fromMs: 1, toMs: 2 }, LATER_MS, [0]],
    ['the one that still goes on', { toMs: 9 * HOUR_MS }, 2.5 * HOUR_MS, [2 * HOUR_MS]],
    ['none where the present is at the end of one', { toMs: 9 * HOUR_MS }, 2 * HOUR_MS, []],
    ['none where all are yet to come', { fromMs: 5 * HOUR_MS, toMs: 9 * HOUR_MS }, 2 * HOUR_MS, []],
    [
      'a day of UTC+7 that begins at noon',
      { everyMs: DAY_MS, offsetMs: 7 * HOUR_MS, fromMs: 5 * HOUR_MS, toMs: 41 * HOUR_MS },
      LATER_MS,
      [-7 * HOUR_MS],
    ],
  ])('are %s', (_what, change, nowMs, expected) => {
    expect(partialBuckets({ ...hours, ...change }, nowMs)).toEqual(expected);
  });
});

describe('filled points', () => {
  it('are one a bucket, with null where there was none', () => {
    expect(filledPoints([[HOUR_MS, 5]], hours, 'null')).toEqual([
      [0, null],
      [HOUR_MS, 5],
      [2 * HOUR_MS, null],
      [3 * HOUR_MS, null],
    ]);
  });

  it('hold the value before, and nothing before the first', () => {
    const points = [
      [HOUR_MS, 5],
      [3 * HOUR_MS, false],
    ] as const;
    expect(filledPoints(points, hours, 'previous')).toEqual([
      [0, null],
      [HOUR_MS, 5],
      [2 * HOUR_MS, 5],
      [3 * HOUR_MS, false],
    ]);
  });

  it('begin with the bucket in which the range begins, and end with the one in which it ends', () => {
    const range = { ...hours, offsetMs: HOUR_MS / 2, fromMs: HOUR_MS, toMs: 2.75 * HOUR_MS };
    expect(bucketCount(range)).toBe(3);
    expect(filledPoints([], range, 'null').map(([timeMs]) => timeMs / HOUR_MS)).toEqual([0.5, 1.5, 2.5]);
  });
});

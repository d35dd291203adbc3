import { expect, it } from 'vitest';
import { meanOnCall } from './mean-on-call.ts';

const HOUR_MS = 3_600_000;
/** Three people for the first eight hours, one after them. */
const onCall = { isEmpty: false, countAt: (atMs: number) => (atMs < 8 * HOUR_MS ? 3 : 1) };

it('is the mean of the hours', () => {
  expect(meanOnCall(onCall, { fromMs: 0, toMs: 24 * HOUR_MS })).toBeCloseTo((8 * 3 + 16) / 24);
  expect(meanOnCall(onCall, { fromMs: 0, toMs: 60_000 })).toBe(3);
});

it('asks no more often for a year than for a week', () => {
  let asked = 0;
  const counted = { isEmpty: false, countAt: () => ++asked };
  meanOnCall(counted, { fromMs: 0, toMs: 365 * 24 * HOUR_MS });
  expect(asked).toBe(168);
});

it('is not known without a calendar', () => {
  expect(meanOnCall({ isEmpty: true, countAt: () => 0 }, { fromMs: 0, toMs: 24 * HOUR_MS })).toBeUndefined();
});

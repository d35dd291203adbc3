import { expect, it } from 'vitest';
import { isDayKnown, isKnown } from './known-times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Asia/Ho_Chi_Minh';
/** Midnight there. */
const FROM_MS = Date.parse('2026-11-27T17:00:00Z');
const hour = (at: number) => ({ fromMs: FROM_MS + at * HOUR_MS, toMs: FROM_MS + (at + 1) * HOUR_MS });
const judged = (gap: readonly [fromHour: number, toHour: number], count = 1) => ({
  fromMs: FROM_MS,
  toMs: FROM_MS + 3 * DAY_MS,
  rows: 100,
  gaps: { count, listed: [{ fromMs: FROM_MS + gap[0] * HOUR_MS, toMs: FROM_MS + gap[1] * HOUR_MS }] },
});

it('knows nothing of an hour without any sample, and something of one that had some', () => {
  const of = judged([0, 3.5]);
  expect([0, 1, 2, 3, 4].map((at) => isKnown(of, hour(at)))).toEqual([false, false, false, true, true]);
});

it('knows nothing where no row at all is stored, and nothing after the last gap that is listed of more', () => {
  expect(isKnown({ ...judged([0, 0]), rows: 0, gaps: { count: 0, listed: [] } }, hour(1))).toBe(false);
  expect(isKnown(judged([0, 2], 30), hour(5))).toBe(false);
  expect(isKnown(judged([4, 6], 30), hour(1))).toBe(true);
});

it('tells the same of days in the time zone of the city', () => {
  const days = ['2026-11-28', '2026-11-29', '2026-11-30'];
  expect(days.map((day) => isDayKnown(judged([0, 60]), day, ZONE))).toEqual([false, false, true]);
  expect(days.map((day) => isDayKnown(judged([12, 72]), day, ZONE))).toEqual([true, false, false]);
});

import { expect, it } from 'vitest';
import { RecentGrowth } from './recent-growth.ts';

const MINUTE_MS = 60_000;
const replay = (...seen: (readonly [minute: number, value: number])[]): number[] => {
  const growth = new RecentGrowth(5 * MINUTE_MS);
  return seen.map(([minute, value]) => growth.of('a', value, minute * MINUTE_MS));
};

it('counts what was added within the window, and lets it grow old', () => {
  expect(replay([0, 7], [1, 9], [4, 10], [6, 10], [9, 10], [20, 10])).toEqual([0, 2, 3, 1, 0, 0]);
});

it('takes a counter that went back as started anew', () => {
  expect(replay([0, 7], [1, 2], [2, 3])).toEqual([0, 2, 3]);
});

it('keeps counters apart, and starts anew with one that was forgotten', () => {
  const growth = new RecentGrowth(MINUTE_MS);
  growth.of('a', 1, 0);
  growth.of('b', 1, 0);
  growth.keep(new Set(['b']));
  expect([growth.of('a', 9, 1), growth.of('b', 9, 1)]).toEqual([0, 8]);
});

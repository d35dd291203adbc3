import { expect, it } from 'vitest';
import { RecentGrowth } from './recent-growth.ts';

const MINUTE_MS = 60_000;
const replay = (...seen: (readonly [minute: number, value: number])[]): number[] => {
  const growth = new RecentGrowth(5 * MINUTE_MS);
  return seen.map(([minute, value]) => growth.add('a', value, minute * MINUTE_MS));
};

it('counts growth within the window only', () => {
  expect(replay([0, 7], [1, 9], [4, 10], [6, 10], [9, 10], [20, 10])).toEqual([0, 2, 3, 1, 0, 0]);
});

it('takes a counter that went back as reset', () => {
  expect(replay([0, 7], [1, 2], [2, 3])).toEqual([0, 2, 3]);
});

it('keeps counters apart, and starts again with a forgotten one', () => {
  const growth = new RecentGrowth(MINUTE_MS);
  growth.add('a', 1, 0);
  growth.add('b', 1, 0);
  growth.keepOnly(new Set(['b']));
  expect([growth.add('a', 9, 1), growth.add('b', 9, 1)]).toEqual([0, 8]);
});

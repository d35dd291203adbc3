import { expect, it } from 'vitest';
import type { FollowedState } from '../states/history/followed-states.ts';
import type { StateInterval } from '../states/history/state-intervals.ts';
import { spentTimes } from './spent-time.ts';

function interval(fromMs: number, toMs: number, state: FollowedState): StateInterval {
  return { fromMs, toMs, state, sinceMs: fromMs, roots: [], isGap: false };
}

const DAY = [
  interval(0, 400, 'up'),
  interval(400, 500, 'down'),
  interval(500, 700, 'unknown'),
  interval(700, 900, 'degraded'),
  interval(900, 1_000, 'down'),
];

it('counts what is known in each window, up to now', () => {
  expect(spentTimes(DAY, [], [1_000, 300, 50], 1_000)).toEqual([
    { goodMs: 600, badMs: 200 },
    { goodMs: 200, badMs: 100 },
    { goodMs: 0, badMs: 50 },
  ]);
});

it('leaves out what was planned, once where plans overlap', () => {
  const planned = [
    { fromMs: 420, toMs: 480 },
    { fromMs: 450, toMs: 500 },
    { fromMs: 380, toMs: 420 },
  ];
  expect(spentTimes(DAY, planned, [1_000], 1_000)).toEqual([{ goodMs: 580, badMs: 100 }]);
});

it('knows nothing before the first interval', () => {
  expect(spentTimes([interval(900, 1_000, 'up')], [], [1_000], 1_000)).toEqual([{ goodMs: 100, badMs: 0 }]);
  expect(spentTimes([], [], [1_000], 1_000)).toEqual([{ goodMs: 0, badMs: 0 }]);
});

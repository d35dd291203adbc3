import { expect, it } from 'vitest';
import { upByDay } from './up-by-day.ts';

it('is of the known time of each day; a day that is hardly known is a gap', () => {
  expect(
    upByDay([
      { fromMs: 1, sharePercent: { up: 100, down: 0 }, completeness: 1 },
      { fromMs: 2, sharePercent: { up: 60, down: 20, unknown: 20 }, completeness: 0.8 },
      { fromMs: 3, sharePercent: { up: 40, unknown: 60 }, completeness: 0.4 },
      { fromMs: 4 },
    ]),
  ).toEqual([
    [1, 100],
    [2, 75],
  ]);
});

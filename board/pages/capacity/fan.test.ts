import { expect, it } from 'vitest';
import { fanOf, whatIf } from './fan.ts';

it('opens from today’s use to the early and the late day', () => {
  expect(fanOf(48, { early: 128, middle: 175, late: 220 })).toEqual({
    band: [
      [0, 48],
      [128, 100],
      [220, 100],
    ],
    middle: [
      [0, 48],
      [175, 100],
    ],
    days: 220 * 1.1,
  });
});

it('is a line where there is no range, and never without a day', () => {
  expect(fanOf(99, { middle: 0 })).toMatchObject({
    band: [
      [0, 99],
      [0, 100],
      [0, 100],
    ],
    days: 1,
  });
});

it('is sooner when growth is faster', () => {
  expect(whatIf({ early: 100, middle: 150 }, 2)).toEqual({ early: 50, middle: 75, late: undefined });
});

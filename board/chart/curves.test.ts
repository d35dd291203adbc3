import { expect, it } from 'vitest';
import { joinCurves, shiftPoints, summaryOf } from './curves.ts';

it('draws no line over what was not measured', () => {
  const points = [
    [0, 1],
    [60_000, 2],
    [300_000, 3],
  ] as const;
  expect(joinCurves([points], 60_000)).toEqual({ timesS: [0, 60, 120, 300], values: [[1, 2, null, 3]] });
});

it('brings curves of other times onto one axis, with gaps where one has nothing', () => {
  const curves = joinCurves(
    [
      [
        [0, 1],
        [60_000, null],
      ],
      [
        [60_000, true],
        [120_000, 'text'],
      ],
    ],
    60_000,
  );
  expect(curves).toEqual({
    timesS: [0, 60, 120],
    values: [
      [1, null, null],
      [null, 1, null],
    ],
  });
  expect(joinCurves([], 60_000)).toEqual({ timesS: [], values: [] });
});

it('lays last week under this one, and says what is least, most and the mean', () => {
  expect(shiftPoints([[1_000, 5]], 604_800_000)).toEqual([[604_801_000, 5]]);
  expect(
    summaryOf([
      [0, 1],
      [1, null],
      [2, 5],
    ]),
  ).toEqual({ min: 1, mean: 3, max: 5 });
  expect(summaryOf([[0, null]])).toBeUndefined();
});

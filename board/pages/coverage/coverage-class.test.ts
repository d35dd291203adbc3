import { expect, it } from 'vitest';
import { coverageClass, dipClass } from './coverage-class.ts';

it('colours by the share of covered samples', () => {
  expect(coverageClass(100, 1)).toBe('coverage-5');
  expect(coverageClass(89.9, 0.5)).toBe('coverage-1');
});

it.each([
  ['a share of 0.4 % of the time', 100, 0.004],
  ['a share of just less than half of it', 100, 0.499],
  ['a share of nobody knows how much', 100, undefined],
  ['no share', undefined, 1],
])('leaves grey %s', (_what, percent, completeness) => {
  expect(coverageClass(percent, completeness)).toBe('coverage-none');
});

it('colours by dips, and leaves grey where nothing was measured, or too little of the time', () => {
  expect([0, 2, 20, 21].map((dips) => dipClass(dips, 1))).toEqual([
    'coverage-5',
    'coverage-4',
    'coverage-2',
    'coverage-1',
  ]);
  expect([dipClass(undefined, 1), dipClass(0, 0.4), dipClass(0, undefined)]).toEqual([
    'coverage-none',
    'coverage-none',
    'coverage-none',
  ]);
});

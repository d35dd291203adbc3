import { expect, it } from 'vitest';
import { LevelCounts } from './level-counts.ts';

function medianOf(...levels: readonly unknown[]): number | undefined {
  const counts = new LevelCounts();
  for (const level of levels) counts.add(level);
  return counts.median;
}

it('the median is the one in the middle, to 1 dB, in whatever order they come', () => {
  expect(medianOf(-70.4, -120, -95.6)).toBe(-96);
  expect(medianOf(20, 3, 3, 3, 20, 20, 20)).toBe(20);
});

it('of an even number it is the lower of the two in the middle', () => {
  expect(medianOf(-80, -100)).toBe(-100);
  expect(medianOf(-80, -80, -100, -100)).toBe(-100);
});

it('of nothing there is none, and what is no number is nothing', () => {
  expect(medianOf()).toBeUndefined();
  expect(medianOf(undefined, 'good', NaN, -Infinity)).toBeUndefined();
  expect(medianOf(undefined, -90)).toBe(-90);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf, peersOf } from './deviation.ts';

const value = fc.integer({ min: -1_000, max: 1_000 });

/** The middle value by counting, slow and obvious. */
function slowMedian(values: readonly number[]): number {
  const rest = [...values];
  while (rest.length > 2) {
    rest.splice(rest.indexOf(Math.min(...rest)), 1);
    rest.splice(rest.indexOf(Math.max(...rest)), 1);
  }
  return rest.reduce((sum, each) => sum + each, 0) / rest.length;
}

describe('the others of a group', () => {
  it('equal a slow reference', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 25 }), (values) => {
        const median = slowMedian(values);
        const mad = slowMedian(values.map((each) => Math.abs(each - median)));
        expect(medianOf(values)).toBe(median);
        expect(peersOf(values, 0.5)).toEqual({ median, spread: Math.max(1.4826 * mad, 0.5) });
      }),
    );
  });

  it('are never divided by zero, however equal they are', () => {
    expect(peersOf([7, 7, 7, 7, 9], 0.1)).toEqual({ median: 7, spread: 0.1 });
  });

  it('are not moved by less than half of them', () => {
    const { median, spread } = peersOf([10, 11, 12, 1e12, -1e12], 0.1);
    expect(median).toBe(11);
    expect(spread).toBeLessThan(2);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addRange,
  contains,
  countIn,
  fromValues,
  intersect,
  subtract,
  union,
  type Ranges,
} from './intervals.ts';

const values = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });

function toSet(ranges: Ranges): Set<number> {
  const set = new Set<number>();
  for (const [from, to] of ranges) for (let value = from; value <= to; value++) set.add(value);
  return set;
}

function expectCanonical(ranges: Ranges): void {
  ranges.forEach(([from, to], index) => {
    expect(from).toBeLessThanOrEqual(to);
    const next = ranges[index + 1];
    if (next !== undefined) expect(next[0]).toBeGreaterThan(to + 1);
  });
}

describe('ranges', () => {
  it('merges what touches', () => {
    expect(addRange([[1, 3]], 4, 5)).toEqual([[1, 5]]);
    expect(addRange([[5, 6]], 1, 3)).toEqual([
      [1, 3],
      [5, 6],
    ]);
    expect(
      addRange(
        [
          [1, 2],
          [5, 6],
          [9, 9],
        ],
        3,
        8,
      ),
    ).toEqual([[1, 9]]);
  });

  it('cuts holes', () => {
    expect(
      subtract(
        [[1, 10]],
        [
          [3, 4],
          [9, 12],
        ],
      ),
    ).toEqual([
      [1, 2],
      [5, 8],
    ]);
  });

  it('behaves as a set under every operation and stays canonical', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 60 }), (left, right, probe) => {
        const [a, b] = [fromValues(left), fromValues(right)];
        const [setA, setB] = [new Set(left), new Set(right)];
        const results: [Ranges, number[]][] = [
          [a, [...setA]],
          [union(a, b), [...setA, ...setB]],
          [subtract(a, b), [...setA].filter((value) => !setB.has(value))],
          [intersect(a, b), [...setA].filter((value) => setB.has(value))],
        ];
        for (const [ranges, expected] of results) {
          expectCanonical(ranges);
          expect(toSet(ranges)).toEqual(new Set(expected));
          expect(countIn(ranges)).toBe(new Set(expected).size);
          expect(contains(ranges, probe)).toBe(expected.includes(probe));
        }
      }),
    );
  });

  it('adds ranges in any order to the same set', () => {
    const pieces = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 8 })).map(([from, more]) => ({
        from,
        to: from + more,
      })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const forward = all.reduce<Ranges>((ranges, { from, to }) => addRange(ranges, from, to), []);
        const back = all.reduceRight<Ranges>((ranges, { from, to }) => addRange(ranges, from, to), []);
        expect(forward).toEqual(back);
        expectCanonical(forward);
      }),
    );
  });
});

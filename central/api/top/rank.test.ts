import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ORDERS, rank } from './rank.ts';

const entries = fc.array(
  fc.record({
    tags: fc.record({ device: fc.stringMatching(/^[a-c]{1,3}$/) }),
    value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.bigInt({ min: -2n, max: 2n })),
  }),
);

it('gives the same as sorting all of them would', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom(...ORDERS), fc.integer({ min: 1, max: 12 }), (all, order, limit) => {
      const sign = order === 'desc' ? -1 : 1;
      const sorted = all
        .map(({ tags, value }) => [Number(value), tags.device] as const)
        .sort(([a, left], [b, right]) => sign * (a - b) || (left < right ? -1 : Number(left > right)));
      const ranked = rank(all, order, limit).map(({ tags, value }) => [Number(value), tags['device']]);
      expect(ranked).toEqual(sorted.slice(0, limit));
    }),
  );
});

it('asks for the tags of few: of those that may be among the first', () => {
  let asked = 0;
  const all = Array.from({ length: 10_000 }, (_, value) => ({
    value: (value * 7_919) % 10_000,
    get tags() {
      asked++;
      return { device: `d-${value}` };
    },
  }));
  expect(rank(all, 'desc', 10).map(({ value }) => value)).toEqual(
    Array.from({ length: 10 }, (_, at) => 9_999 - at),
  );
  expect(asked).toBe(0);
});

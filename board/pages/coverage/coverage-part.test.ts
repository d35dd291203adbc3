import { expect, it } from 'vitest';
import { partOf } from './coverage-part.ts';

const rat = (name: string, samples: number, coveredSamples: number) => ({
  ...{ rat: name, samples, coveredSamples, dips: 1, dipS: 9, fallBacks: 2 },
});
const counts = { samples: 60, coveredSamples: 57, dips: 3, dipS: 30, fallBacks: 4 };
const ITEM = {
  ...{ unit: '25747', name: 'Thủ Dầu Một', modems: 5, completeness: 1, coveredPercent: 95 },
  ...counts,
  operators: [
    { operator: 'mobifone', ...counts, rats: [rat('nr', 20, 19), rat('lte', 5, 5)] },
    { operator: 'viettel', ...counts, rats: [rat('nr', 20, 11)] },
  ],
};

it('is the whole unit, or one operator', () => {
  expect(partOf(ITEM, '', '')).toBe(ITEM);
  expect(partOf(ITEM, 'viettel', '')).toBe(ITEM.operators[1]);
  expect(partOf(ITEM, 'vinaphone', '')).toBeUndefined();
});

it('adds up one technology of all operators, and tells no share of too few samples', () => {
  expect(partOf(ITEM, '', 'nr')).toEqual({ samples: 40, dips: 2, fallBacks: 4, coveredPercent: 75 });
  expect(partOf(ITEM, '', 'lte')).toEqual(rat('lte', 5, 5));
  const few = { ...ITEM, operators: ITEM.operators.map((each) => ({ ...each, rats: [rat('nr', 10, 9)] })) };
  expect(partOf(few, '', 'nr')).toEqual({ samples: 20, dips: 2, fallBacks: 4 });
});

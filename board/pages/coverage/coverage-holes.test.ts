import { describe, expect, it } from 'vitest';
import { holesOf } from './coverage-holes.ts';

const counts = (samples: number, coveredSamples: number) => ({
  ...{ samples, coveredSamples, dips: 0, dipS: 0, fallBacks: 0 },
});
const rat = (name: string, samples: number, covered: number) => ({
  ...{ rat: name, ...counts(samples, covered) },
});
const operator = (name: string, rats: ReturnType<typeof rat>[]) => ({
  operator: name,
  ...counts(
    rats.reduce((sum, { samples }) => sum + samples, 0),
    rats.reduce((sum, { coveredSamples }) => sum + coveredSamples, 0),
  ),
  rats,
});
const unit = (...operators: ReturnType<typeof operator>[]) => ({
  ...{ unit: '25747', name: 'Thủ Dầu Một', modems: 1, ...counts(0, 0), operators },
});
const HERE = { unit: '25747', name: 'Thủ Dầu Một' };

describe('a hole', () => {
  it('is where an operator has samples and none of them reaches the minimum', () => {
    const items = [unit(operator('viettel', [rat('lte', 20, 0), rat('gsm', 20, 0)]))];
    expect(holesOf(items, '', '')).toEqual([{ ...HERE, operator: 'viettel', rat: undefined, samples: 40 }]);
  });

  it('is one of a technology where another one covers', () => {
    const items = [unit(operator('viettel', [rat('nr', 50, 0), rat('lte', 50, 49)]))];
    expect(holesOf(items, '', '')).toEqual([{ ...HERE, operator: 'viettel', rat: 'nr', samples: 50 }]);
    expect(holesOf(items, 'viettel', 'lte')).toEqual([]);
    expect(holesOf(items, 'vinaphone', '')).toEqual([]);
  });

  it('is not where too few samples were taken, nor one of 2G, whose level nobody compares', () => {
    expect(holesOf([unit(operator('viettel', [rat('lte', 29, 0)]))], '', '')).toEqual([]);
    expect(holesOf([unit(operator('viettel', [rat('gsm', 90, 0), rat('lte', 90, 90)]))], '', '')).toEqual([]);
    expect(holesOf([unit()], '', '')).toEqual([]);
  });
});

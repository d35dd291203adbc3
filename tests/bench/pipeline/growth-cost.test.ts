import { expect, it } from 'vitest';
import { cpuSPerMillion, toOnce, worstOf } from './growth-cost.ts';

const once = { store: 'duckdb', factor: 1, cpuS: 5, values: 1_000_000, ackedRatio: 1 };
const other = { store: 'influx', factor: 1, cpuS: 1, values: 1_000_000, ackedRatio: 1 };

it('is 1 where ten times the values take ten times the CPU, and more where they take more', () => {
  const all = [other, once];

  expect(toOnce({ ...once, factor: 10, cpuS: 50, values: 10_000_000 }, all)).toBe(1);
  expect(toOnce({ ...once, factor: 2, cpuS: 15, values: 2_000_000 }, all)).toBe(1.5);
  expect(cpuSPerMillion({ cpuS: 3, values: 2_000_000 })).toBe(1.5);
});

it('compares nothing with an overloaded central, which looks cheap or dear by chance', () => {
  const grown = { ...once, factor: 2 };
  const behind = { ...once, ackedRatio: 0.98 };

  expect(toOnce({ ...grown, ackedRatio: 0.98 }, [once])).toBeUndefined();
  expect(toOnce(grown, [behind])).toBeUndefined();
  expect(toOnce({ ...grown, ackedRatio: Number.NaN, values: 0 }, [once])).toBeUndefined();
  expect(toOnce(grown, [other])).toBeUndefined();
});

it('is as bad as its worst case, and unknown where one is', () => {
  expect(worstOf([0.9, 1.2, 1.1])).toBe(1.2);
  expect(worstOf([0.9, undefined])).toBeUndefined();
  expect(worstOf([])).toBeUndefined();
});

import { expect, it } from 'vitest';
import { cpuSPerMillion, toOnce } from './growth-cost.ts';

const once = { store: 'duckdb', factor: 1, cpuS: 5, values: 1_000_000 };
const other = { store: 'influx', factor: 1, cpuS: 1, values: 1_000_000 };

it('is 1 where ten times the values take ten times the CPU, and more where they take more', () => {
  const all = [other, once];

  expect(toOnce({ ...once, factor: 10, cpuS: 50, values: 10_000_000 }, all)).toBe(1);
  expect(toOnce({ ...once, factor: 2, cpuS: 15, values: 2_000_000 }, all)).toBe(1.5);
  expect(cpuSPerMillion({ cpuS: 3, values: 2_000_000 })).toBe(1.5);
});

it('counts what was acknowledged: an overloaded central does not look cheap', () => {
  expect(toOnce({ ...once, factor: 10, cpuS: 30, values: 5_000_000 }, [once])).toBeCloseTo(1.2);
});

it('meets no bar without a case to compare with', () => {
  expect(toOnce({ ...once, factor: 2 }, [other])).toBeNaN();
  expect(toOnce({ ...once, values: 0 }, [once])).toBe(Infinity);
});

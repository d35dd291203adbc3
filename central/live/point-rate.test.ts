import { expect, it } from 'vitest';
import { PointRate } from './point-rate.ts';

it('is the mean of the last ten seconds', () => {
  const rate = new PointRate();
  expect(rate.perS()).toBe(0);
  rate.sample(1_000);
  expect(rate.perS()).toBe(0);
  for (let second = 1; second <= 20; second++) rate.sample(1_000 + second * (second > 10 ? 50 : 0));
  rate.sample(2_050);
  expect(rate.perS()).toBeCloseTo((2_050 - 1_550) / 10);
});

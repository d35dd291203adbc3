import { expect, it } from 'vitest';
import { soonFull } from './soon-full.ts';

const pool = (id: string, forecast?: object) =>
  ({ id, site: 'dc-1', resource: 'storage', ...(forecast && { forecast }) }) as Parameters<
    typeof soonFull
  >[0][number];
const forecast = (outcome: string, daysToFull?: object) => ({ outcome, daysToFull, madeAtMs: 5 });

it('puts first what is full first, by the early end of the forecast', () => {
  const pools = [
    pool('a', forecast('dated', { middle: 30 })),
    pool('b', forecast('dated', { early: 9, middle: 40 })),
    pool('c', forecast('no_trend')),
  ];
  const { soonest, unknown } = soonFull(pools);
  expect(soonest.map(({ id, days }) => [id, days])).toEqual([
    ['b', 9],
    ['a', 30],
  ]);
  expect(unknown).toBe(0);
});

it('counts pools without a forecast, and with too little history for one, as not known', () => {
  const pools = [pool('a'), pool('b', forecast('too_little_history')), pool('c', forecast('distant'))];
  expect(soonFull(pools)).toEqual({ soonest: [], unknown: 2 });
});

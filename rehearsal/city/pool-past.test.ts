import { expect, it } from 'vitest';
import type { SeriesQuery } from '../../central/store/sample-store.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { poolPast } from './pool-past.ts';

const DAY_MS = 86_400_000;
/** Midnight in Ho Chi Minh City. */
const FROM_MS = Date.UTC(2026, 10, 23, 17);
const GROWING = { pool: 'pool-dc1', resource: 'storage' };
const past = poolPast(buildCity({ seed: 7, unitCount: 1 }), GROWING, FROM_MS);
const QUERY: SeriesQuery = {
  ...{ measurement: 'capacity', field: 'used', aggregate: 'mean', across: 'mean', maxPoints: 20_000 },
  ...{ fromMs: FROM_MS - 730 * DAY_MS, toMs: FROM_MS, everyMs: DAY_MS, offsetMs: 7 * 3_600_000 },
  ...{ groupBy: ['site', 'pool', 'resource'], tags: {} },
};

it('has 240 days of each pool, of which one has doubled each eight weeks and the others have not grown', async () => {
  const { series } = await past(QUERY);
  expect(series).toHaveLength(6);
  for (const { tags, points } of series) {
    expect(points).toHaveLength(240);
    const values = points.map(([, value]) => Number(value));
    // Whole weeks, since a weekend is not like a working day.
    const meanOf = (from: number): number =>
      values.slice(from, from + 7).reduce((sum, value) => sum + value, 0) / 7;
    const factor = meanOf(233) / meanOf(233 - 56);
    const isGrowing = tags['pool'] === GROWING.pool && tags['resource'] === GROWING.resource;
    expect(factor).toBeCloseTo(isGrowing ? 1.96 : 1, 1);
  }
});

it('answers the day of the rehearsal as the model has it, and of nothing else', async () => {
  const today = await past({ ...QUERY, fromMs: FROM_MS - DAY_MS, toMs: FROM_MS + DAY_MS });
  expect(today.series.map(({ points }) => points.map(([timeMs]) => timeMs))).toEqual(
    Array.from({ length: 6 }, () => [FROM_MS - DAY_MS, FROM_MS]),
  );
  expect((await past({ ...QUERY, measurement: 'disk' })).series).toEqual([]);
});

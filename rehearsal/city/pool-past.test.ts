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

it('has ninety days of each pool, of which one has grown each day and the others have not', async () => {
  const { series } = await past(QUERY);
  expect(series).toHaveLength(6);
  for (const { tags, points } of series) {
    expect(points).toHaveLength(90);
    const values = points.map(([, value]) => Number(value));
    // A week apart, since a weekend is not like a working day.
    const weeks = values.slice(7).map((value, at) => value - (values[at] ?? 0));
    const growth = weeks.reduce((sum, step) => sum + step, 0) / weeks.length / (values.at(-1) ?? 1);
    const isGrowing = tags['pool'] === GROWING.pool && tags['resource'] === GROWING.resource;
    // Seven days of 0.75 % of what is usable, of which half is used now; before the last ten weeks it was empty.
    if (isGrowing) expect(growth).toBeGreaterThan(0.06);
    else expect(Math.abs(growth)).toBeLessThan(0.01);
  }
});

it('answers the day of the rehearsal as the model has it, and of nothing else', async () => {
  const today = await past({ ...QUERY, fromMs: FROM_MS - DAY_MS, toMs: FROM_MS + DAY_MS });
  expect(today.series.map(({ points }) => points.map(([timeMs]) => timeMs))).toEqual(
    Array.from({ length: 6 }, () => [FROM_MS - DAY_MS, FROM_MS]),
  );
  expect((await past({ ...QUERY, measurement: 'disk' })).series).toEqual([]);
});

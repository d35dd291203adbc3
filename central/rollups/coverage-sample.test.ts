import { expect, it } from 'vitest';
import { coverageSample } from './coverage-sample.ts';
import { wilsonInterval } from './wilson-interval.ts';

const COUNT = {
  ...{ unit: '26734', operator: 'viettel', rat: 'nr' },
  ...{ modems: 5, dips: 1, dipS: 12, fallBacks: 0 },
};

it('a minute with few samples has counts and no share', () => {
  expect(coverageSample({ ...COUNT, samples: 29, covered: 29 }, 60_000)).toEqual({
    measurement: 'coverage',
    tags: { unit: '26734', operator: 'viettel', rat: 'nr' },
    fields: {
      ...{ samples: 29, samples_covered: 29, modems_count: 5, sufficient: false },
      ...{ dips_count: 1, dip_s: 12, fallbacks_count: 0 },
    },
    timeMs: 60_000,
  });
});

it('a minute with enough has a share and how sure it is', () => {
  const { fields } = coverageSample({ ...COUNT, samples: 40, covered: 38 }, 60_000);
  expect(fields).toMatchObject({ sufficient: true, radio_availability_pct: 95 });
  expect(fields['radio_availability_low_pct']).toBeCloseTo(83.5, 1);
  expect(fields['radio_availability_high_pct']).toBeCloseTo(98.6, 1);
});

it('a minute with a level has its median, however few samples there are; one without has none', () => {
  const levels = { rsrpP50Dbm: -91, sinrP50Db: 0 };
  expect(coverageSample({ ...COUNT, samples: 1, covered: 1, ...levels }, 60_000).fields).toMatchObject({
    ...{ rsrp_p50_dbm: -91, sinr_p50_db: 0 },
  });
  const { fields } = coverageSample({ ...COUNT, samples: 1, covered: 0, rsrpP50Dbm: undefined }, 60_000);
  expect(Object.keys(fields)).not.toContain('rsrp_p50_dbm');
});

it('an interval never leads beyond 0 and 1, and holds the share', () => {
  for (const count of [1, 7, 30, 100_000])
    for (const successes of [0, 1, Math.floor(count / 2), count - 1, count]) {
      const { low, high } = wilsonInterval(successes, count);
      expect(low, `${successes} of ${count}`).toBeGreaterThanOrEqual(0);
      expect(high, `${successes} of ${count}`).toBeLessThanOrEqual(1);
      expect([low <= successes / count, high >= successes / count], `${successes} of ${count}`).toEqual([
        true,
        true,
      ]);
    }
});

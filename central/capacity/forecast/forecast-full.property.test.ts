import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastFull, recordGrowth, type Forecast } from './forecast-full.ts';

/** Growth of each day: mostly up, with jumps and clean-ups. Whole numbers, so that sums are exact. */
const growth = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 2_000 }) },
);

const histories = fc.array(growth, { minLength: 0, maxLength: 400 }).map((days) => {
  let level = 100_000;
  return days.map((change) => (level = Math.max(0, level + change)));
});

const room = fc.integer({ min: 1, max: 100_000 });

function forecast(values: readonly number[], capacity: number): Forecast {
  return forecastFull(recordGrowth(values), values.at(-1) ?? 0, capacity);
}

describe('a forecast of any history', () => {
  it('is of numbers, early before middle before late, and rests on at least twenty predictions', () => {
    fc.assert(
      fc.property(histories, room, (values, more) => {
        const found = forecast(values, (values.at(-1) ?? 0) + more);
        if (found.outcome === 'unproven') expect(found.middleDays).toBeGreaterThan(0);
        if (found.outcome !== 'dated') return;
        const { earlyDays, middleDays, lateDays, comparedWith } = found;
        expect(earlyDays).toBeGreaterThan(0);
        expect(earlyDays).toBeLessThanOrEqual(middleDays);
        expect(middleDays).toBeLessThanOrEqual(lateDays);
        expect(lateDays).toBeLessThan(Infinity);
        expect(comparedWith).toBeGreaterThanOrEqual(20);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same in another unit, and on top of what never changes', () => {
    fc.assert(
      fc.property(histories, room, (values, more) => {
        const capacity = (values.at(-1) ?? 0) + more;
        const found = forecast(values, capacity);
        const inKibi = forecast(
          values.map((value) => value * 1_024),
          capacity * 1_024,
        );
        const onTop = forecast(
          values.map((value) => value + 5_000_000),
          capacity + 5_000_000,
        );
        expect(inKibi).toEqual(found);
        if (values.length > 0) expect(onTop).toEqual(found);
      }),
      { numRuns: 60 },
    );
  });

  it('names no date where nothing was ever added, nor of less than two weeks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 }), room, (losses, more) => {
        let level = 1_000_000;
        const values = losses.map((loss) => (level -= loss));
        expect(forecast(values, level + more).outcome).toBe(
          values.length < 15 ? 'too_little_history' : 'no_trend',
        );
      }),
      { numRuns: 60 },
    );
  });
});

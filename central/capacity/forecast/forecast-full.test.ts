import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastFull, recordGrowth, type Forecast } from './forecast-full.ts';

/** One value a day. */
function series(days: number, valueOn: (day: number) => number): number[] {
  return Array.from({ length: days }, (_, day) => valueOn(day));
}

/** From the last value on. */
function forecast(values: readonly number[], capacity: number): Forecast {
  return forecastFull(recordGrowth(values), values.at(-1) ?? 0, capacity);
}

function dated(values: readonly number[], capacity: number): Forecast & { outcome: 'dated' } {
  const found = forecast(values, capacity);
  if (found.outcome !== 'dated') throw new Error(`expected a date, got ${found.outcome}`);
  return found;
}

const steady = series(365, (day) => 1_000 + 10 * day);

describe('days until something is full', () => {
  it('are exact, with no range to speak of, where growth never changes', () => {
    const { earlyDays, middleDays, lateDays, comparedWith } = dated(steady, 4_640 + 300);
    expect([earlyDays, middleDays, lateDays].map((days) => Math.round(days * 1_000) / 1_000)).toEqual([
      30, 30, 30,
    ]);
    expect(comparedWith).toBeGreaterThanOrEqual(20);
  });

  it('go by how it grows now: growth of a year ago hardly counts', () => {
    const slower = series(700, (day) => (day < 300 ? 100 * day : 30_000 + 10 * (day - 300)));
    const { middleDays } = dated(slower, (slower.at(-1) ?? 0) + 300);
    expect(middleDays).toBeGreaterThan(25);
    expect(middleDays).toBeLessThan(45);
  });

  it('have a wide range where the past was full of surprises', () => {
    const jumps = series(365, (day) => 10 * day + 400 * Math.floor(day / 30));
    const { earlyDays, lateDays } = dated(jumps, (jumps.at(-1) ?? 0) + 300);
    expect(lateDays / earlyDays).toBeGreaterThan(2);
  });

  it('are 0 where it is full', () => {
    expect(forecast(steady, 4_000)).toMatchObject({ outcome: 'dated', earlyDays: 0, lateDays: 0 });
  });

  it.each([
    ['it shrinks', series(365, (day) => 5_000 - day)],
    ['nothing changes', series(365, () => 5_000)],
  ])('are not told where %s: there is no trend', (_what, values) => {
    expect(forecast(values, 10_000)).toEqual({ outcome: 'no_trend' });
  });

  it('are not told beyond a year', () => {
    expect(forecast(steady, 4_640 + 10 * 400)).toEqual({ outcome: 'distant' });
  });

  it('are not told of two weeks', () => {
    expect(
      forecast(
        series(14, (day) => 10 * day),
        400,
      ),
    ).toEqual({ outcome: 'too_little_history' });
    expect(forecast([], 400)).toEqual({ outcome: 'too_little_history' });
  });

  it('have no range as long as too few predictions of such a length have come to their end', () => {
    const young = steady.slice(0, 100);
    expect(forecast(young, 1_990 + 100)).toEqual({
      outcome: 'unproven',
      middleDays: expect.closeTo(10) as number,
    });
    expect(forecast(steady.slice(0, 160), 2_590 + 100)).toMatchObject({ outcome: 'dated' });
    expect(forecast(steady.slice(0, 160), 2_590 + 2_000)).toMatchObject({ outcome: 'unproven' });
  });
});

describe('what swings and does not grow', () => {
  /** Near enough to a bell curve of one standard deviation. */
  const noise = fc
    .noBias(fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: -1_000, max: 1_000 }))))
    .map((parts) => parts.reduce((sum, part) => sum + part) / 1_000);
  const years = fc.array(noise, { minLength: 1_000, maxLength: 1_000, size: 'max' });

  it.each([
    ['as the pools of the simulated city do', 48.6, 2.3, 0.2],
    ['by chance', 40, 0, 1],
    ['by chance, and is nearly full', 75, 0, 2],
    ['from working days to the weekend', 40, 5, 1],
    ['a little, from working days to the weekend', 30, 3, 0.5],
  ])('%s is never given a date, after whatever history', (_what, middle, weekly, deviation) => {
    fc.assert(
      fc.property(years, (noises) => {
        const percent = noises.map((by, day) => middle + (day % 7 < 5 ? weekly : -weekly) + by * deviation);
        for (let day = 60; day < percent.length; day += 47) {
          const { outcome } = forecast(percent.slice(Math.max(0, day - 730), day), 100);
          expect(['no_trend', 'unproven', 'distant']).toContain(outcome);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('has a date again when a flood that was cleaned up is more than a year ago', () => {
    const flooded = series(600, (day) => (day === 100 ? 9_000 : 1_000 + 10 * day));
    const { middleDays } = dated(flooded, (flooded.at(-1) ?? 0) + 400);
    expect(middleDays).toBeGreaterThan(30);
    expect(middleDays).toBeLessThan(50);
  });
});

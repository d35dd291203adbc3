import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPointInTime, type Present } from './point-in-time.ts';
import { DAY_MS, inWholeSeconds, rangeOf } from './time-range.ts';

const SECOND_MS = Date.UTC(2026, 10, 29, 18, 30, 5);

function read(from: string | undefined, to: string | undefined, afterMs: number): [number, number] {
  const present: Present = { nowMs: SECOND_MS + afterMs, timeZone: 'Asia/Ho_Chi_Minh' };
  const timeOf = (text: string | undefined) => (text === undefined ? undefined : readPointInTime(text));
  const { range, endMs } = inWholeSeconds({ from: timeOf(from), to: timeOf(to) }, present);
  const { fromMs, toMs } = rangeOf(range, present, DAY_MS, { latestMs: endMs });
  return [fromMs - SECOND_MS, toMs - SECOND_MS];
}

describe('times in whole seconds', () => {
  it('hold the second that has begun, whole, so that what has just come is in it', () => {
    expect(read('-10s', undefined, 0)).toEqual([-10_000, 0]);
    expect(read('-10s', undefined, 1)).toEqual([-10_000, 1_000]);
    expect(read('-10s', 'now', 999)).toEqual([-10_000, 1_000]);
    expect(read('-1h', '-1m', 400)).toEqual([-3_600_000, -59_000]);
  });

  it('without a begin are as long as they are by default', () => {
    expect(read(undefined, undefined, 400)).toEqual([1_000 - DAY_MS, 1_000]);
  });

  it('leave times that are written out, and days, as they are', () => {
    const written = '2026-11-29T18:30:01.250Z';
    expect(read(written, '2026-11-29T18:30:04.750Z', 400)).toEqual([-3_750, -250]);
    // Midnight of the city, UTC+7.
    const today = Date.UTC(2026, 10, 29, 17) - SECOND_MS;
    expect(read('today', 'now', 400)).toEqual([today, 1_000]);
    expect(read('yesterday', 'today', 400)).toEqual([today - DAY_MS, today]);
  });

  it('are the same for all who ask the same within one second, and hold what was asked for', () => {
    const form = fc.constantFrom('-1s', '-90s', '-1h', '-7d', 'today', 'yesterday', '2026-11-28');
    const within = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(form, within, within, (from, first, second) => {
        const range = read(from, undefined, first);
        expect(read(from, undefined, second)).toEqual(range);
        expect(range[1]).toBeGreaterThanOrEqual(first);
        const present: Present = { nowMs: SECOND_MS + first, timeZone: 'Asia/Ho_Chi_Minh' };
        expect(range[0] + SECOND_MS).toBeLessThanOrEqual(readPointInTime(from)?.(present) ?? 0);
      }),
    );
  });
});

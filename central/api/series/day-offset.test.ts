import { describe, expect, it } from 'vitest';
import { bucketOffsetMs } from './day-offset.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const range = { everyMs: DAY_MS, fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 1, 1) };
const NOW_MS = Date.UTC(2026, 11, 1);

describe('the offset of buckets', () => {
  it.each<[string, everyMs: number, offsetMs: number]>([
    ['UTC', DAY_MS, 0],
    ['Asia/Ho_Chi_Minh', DAY_MS, 7 * HOUR_MS],
    ['Asia/Ho_Chi_Minh', 6 * HOUR_MS, HOUR_MS],
    ['Asia/Ho_Chi_Minh', HOUR_MS, 0],
    ['Asia/Kathmandu', HOUR_MS, HOUR_MS * 0.75],
    ['America/St_Johns', DAY_MS, 20.5 * HOUR_MS],
  ])('in %s is such that a width of %i begins at midnight', (zone, everyMs, offsetMs) => {
    expect(bucketOffsetMs(zone, { ...range, everyMs }, NOW_MS)).toBe(offsetMs);
  });

  it('is refused where it changes, with the time at which it does', () => {
    const year = { ...range, toMs: NOW_MS };
    expect(() => bucketOffsetMs('Europe/Berlin', year, NOW_MS)).toThrow(
      expect.objectContaining({
        code: 'BAD_TIME_ZONE',
        message:
          'querystring.tz: the clocks of Europe/Berlin change at 2026-10-25T01:00:00.000Z; ' +
          'ask for the time before it and after it, or with tz=UTC',
      }),
    );
    expect(bucketOffsetMs('Europe/Berlin', { ...year, everyMs: HOUR_MS }, NOW_MS)).toBe(0);
    expect(bucketOffsetMs('Europe/Berlin', range, NOW_MS)).toBe(HOUR_MS);
  });

  it('is that of the present for a range without end', () => {
    const always = { everyMs: DAY_MS, fromMs: 0, toMs: 253_402_300_799_999 };
    expect(bucketOffsetMs('Asia/Ho_Chi_Minh', always, NOW_MS)).toBe(7 * HOUR_MS);
  });
});

import { describe, expect, it } from 'vitest';
import { isTimeZone, localTime, localTimeMs, utcOffsetMs } from './time-zone.ts';

const HOUR_MS = 3_600_000;
const JANUARY_MS = Date.UTC(2026, 0, 1);
const JULY_MS = Date.UTC(2026, 6, 1);

it.each([
  ['UTC', JANUARY_MS, 0],
  ['Asia/Ho_Chi_Minh', JANUARY_MS, 7],
  ['Asia/Ho_Chi_Minh', Date.UTC(1970, 0, 1), 8],
  ['Asia/Kathmandu', JANUARY_MS, 5.75],
  ['America/St_Johns', JANUARY_MS, -3.5],
  ['Europe/Berlin', JANUARY_MS, 1],
  ['Europe/Berlin', JULY_MS, 2],
])('%s is at %i so many hours ahead of UTC: %d', (zone, atMs, hours) => {
  expect(utcOffsetMs(zone, atMs)).toBe(hours * HOUR_MS);
});

it.each(['', 'Asia/Saigon City', 'Mars/Olympus', '../etc/passwd', ' 07:00', '\0', 'x'.repeat(10_000)])(
  '%j is no time zone',
  (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => utcOffsetMs(name, 0)).toThrow(RangeError);
  },
);

describe('a time on a wall', () => {
  const at = (year: number, month: number, day: number, hour = 0) => {
    return { year, month, day, clockMs: hour * 3_600_000 };
  };
  it.each<[string, ReturnType<typeof at>, string]>([
    ['Asia/Ho_Chi_Minh', at(2026, 11, 30), '2026-11-29T17:00:00.000Z'],
    ['UTC', at(2026, 12, 32), '2027-01-01T00:00:00.000Z'],
    ['America/St_Johns', at(2026, 1, 1, 12), '2026-01-01T15:30:00.000Z'],
    ['Europe/Berlin', at(2026, 3, 29, 1), '2026-03-29T00:00:00.000Z'],
    // Clocks go from 2 to 3: nothing shows half past two or 2.
    ['Europe/Berlin', at(2026, 3, 29, 2), '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', at(2026, 3, 29, 3), '2026-03-29T01:00:00.000Z'],
    // Clocks go from 3 to 2: 2 comes twice.
    ['Europe/Berlin', at(2026, 10, 25, 2), '2026-10-25T00:00:00.000Z'],
    ['Europe/Berlin', at(2026, 10, 25, 3), '2026-10-25T02:00:00.000Z'],
  ])('in %s: %o is %s', (zone, local, expected) => {
    const atMs = localTimeMs(zone, local);
    expect(new Date(atMs).toISOString()).toBe(expected);
  });

  it('is read back as it was, but where none shows it', () => {
    for (let hours = 0; hours < 3 * 366 * 24; hours += 7) {
      const local = localTime('America/New_York', Date.UTC(2026, 0, 1) + hours * 3_600_000);
      const back = localTimeMs('America/New_York', local);
      expect(localTime('America/New_York', back)).toEqual(local);
    }
  });
});

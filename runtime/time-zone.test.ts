import { expect, it } from 'vitest';
import { isTimeZone, utcOffsetMs } from './time-zone.ts';

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

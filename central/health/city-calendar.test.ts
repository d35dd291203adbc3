import { expect, it } from 'vitest';
import { cityCalendar } from './city-calendar.ts';

it('knows the days of the city and when they begin, over midnight and through summer time', () => {
  const city = cityCalendar('Asia/Ho_Chi_Minh');
  const midnightMs = Date.UTC(2026, 10, 29, 17);
  expect(city.dayOf(midnightMs - 1)).toBe('2026-11-29');
  expect(city.dayOf(midnightMs)).toBe('2026-11-30');
  expect(city.dayOf(midnightMs - 1)).toBe('2026-11-29');
  expect(city.startOf('2026-11-30')).toBe(midnightMs);
  const berlin = cityCalendar('Europe/Berlin');
  expect(berlin.startOf('2026-03-29')).toBe(Date.UTC(2026, 2, 28, 23));
  expect(berlin.startOf('2026-03-30')).toBe(Date.UTC(2026, 2, 29, 22));
});

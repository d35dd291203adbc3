import { offsetReader } from '../../runtime/time-zone.ts';
import { dayOf } from './states/in-service.ts';

const MAX_KEPT = 1_000;

/** Calendar days of the city, such as 2025-07-01. */
export interface CityCalendar {
  dayOf(timeMs: number): string;
  /** When a day begins, Unix time, ms. */
  startOf(day: string): number;
}

/** The same days are asked for again and again, so they are kept. */
export function cityCalendar(timeZone: string): CityCalendar {
  const offsetAt = offsetReader(timeZone);
  const starts = new Map<string, number>();
  let last = { fromMs: NaN, toMs: NaN, day: '' };
  return {
    dayOf: (timeMs) => {
      if (timeMs >= last.fromMs && timeMs < last.toMs) return last.day;
      const { day, endsMs } = dayOf(timeMs, timeZone);
      last = { fromMs: timeMs, toMs: endsMs, day };
      return day;
    },
    startOf: (day) => {
      const known = starts.get(day);
      if (known !== undefined) return known;
      const midnightMs = Date.parse(`${day}T00:00:00Z`);
      const startMs = midnightMs - offsetAt(midnightMs - offsetAt(midnightMs));
      if (starts.size >= MAX_KEPT) starts.clear();
      starts.set(day, startMs);
      return startMs;
    },
  };
}

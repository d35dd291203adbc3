import { offsetReader } from '../../runtime/time-zone.ts';

const DAY_MS = 86_400_000;
const MAX_KEPT = 1_000;

/** Calendar days of the city, such as 2025-07-01. */
export interface CityCalendar {
  dayOf(timeMs: number): string;
  /** When a day begins, Unix time, ms. */
  startOf(day: string): number;
}

/** Pure. The same days are asked for again and again, so they are kept. */
export function cityCalendar(timeZone: string): CityCalendar {
  const offsetAt = offsetReader(timeZone);
  let last = { fromMs: NaN, toMs: NaN, day: '' };
  const starts = new Map<string, number>();
  const startOf = (day: string): number => {
    const known = starts.get(day);
    if (known !== undefined) return known;
    const midnightMs = Date.parse(`${day}T00:00:00Z`);
    const startMs = midnightMs - offsetAt(midnightMs - offsetAt(midnightMs));
    if (starts.size >= MAX_KEPT) starts.clear();
    starts.set(day, startMs);
    return startMs;
  };
  return {
    dayOf: (timeMs) => {
      if (timeMs >= last.fromMs && timeMs < last.toMs) return last.day;
      const day = new Date(timeMs + offsetAt(timeMs)).toISOString().slice(0, 10);
      const nextDay = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
      last = { fromMs: startOf(day), toMs: startOf(nextDay), day };
      return day;
    },
    startOf,
  };
}

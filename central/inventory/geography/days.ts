import { utcOffsetMs } from '../../../runtime/time-zone.ts';

const DAY_MS = 86_400_000;

/** The calendar day of a time in a time zone, such as 2025-07-01. Pure. */
export function dayAt(atMs: number, timeZone: string): string {
  return toDay(atMs + utcOffsetMs(timeZone, atMs));
}

/** When a calendar day begins in a time zone, Unix ms. Pure. */
export function startOfDayMs(day: string, timeZone: string): number {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  // The offset of the night itself, should the clocks have been changed in the hours between it and midnight UTC.
  const guessMs = midnightMs - utcOffsetMs(timeZone, midnightMs);
  return midnightMs - utcOffsetMs(timeZone, guessMs);
}

/** The day before 2025-07-01 is 2025-06-30. Pure. */
export function dayBefore(day: string): string {
  return toDay(Date.parse(`${day}T00:00:00Z`) - DAY_MS);
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

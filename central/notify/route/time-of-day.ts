import { utcOffsetMs } from '../../../runtime/time-zone.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Minutes since midnight; `toMinute` is not in it. Goes over midnight where it is not after `fromMinute`. */
export interface DayTime {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** Pure. Whether it is such a time of such a day; what goes over midnight belongs to the day on which it begins. */
export function isWithin(
  { days, hours }: { readonly days?: readonly Weekday[] | undefined; readonly hours?: DayTime | undefined },
  atMs: number,
  timeZone: string,
): boolean {
  // What a time zone shows takes far longer than all else that a route asks.
  if (days === undefined && hours === undefined) return true;
  const localMs = atMs + utcOffsetMs(timeZone, atMs);
  const minute = minuteOf(localMs);
  if (hours !== undefined && !covers(hours, minute)) return false;
  const beganYesterday = hours !== undefined && goesOverMidnight(hours) && minute < hours.toMinute;
  return days === undefined || days.includes(weekdayOf(localMs - (beganYesterday ? DAY_MS : 0)));
}

/** Pure. When the time of day is over next; undefined: it is not that time now. Unix ms. */
export function endOf(hours: DayTime, atMs: number, timeZone: string): number | undefined {
  const localMs = atMs + utcOffsetMs(timeZone, atMs);
  const minute = minuteOf(localMs);
  if (!covers(hours, minute)) return undefined;
  const minutesLeft = (hours.toMinute - minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return atMs - (((localMs % MINUTE_MS) + MINUTE_MS) % MINUTE_MS) + minutesLeft * MINUTE_MS;
}

function covers({ fromMinute, toMinute }: DayTime, minute: number): boolean {
  return goesOverMidnight({ fromMinute, toMinute })
    ? minute >= fromMinute || minute < toMinute
    : minute >= fromMinute && minute < toMinute;
}

function goesOverMidnight({ fromMinute, toMinute }: DayTime): boolean {
  return toMinute <= fromMinute;
}

function minuteOf(localMs: number): number {
  return new Date(localMs).getUTCHours() * 60 + new Date(localMs).getUTCMinutes();
}

function weekdayOf(localMs: number): Weekday {
  return WEEKDAYS[new Date(localMs).getUTCDay()] ?? 'sun';
}

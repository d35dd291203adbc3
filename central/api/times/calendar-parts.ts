import { localClock, type LocalTime } from '../../../runtime/time-zone.ts';
import { ApiError } from '../problem.ts';
import type { TimeRange } from './time-range.ts';

export const CALENDAR_PARTS = ['day', 'week', 'month'] as const;
export type CalendarPart = (typeof CALENDAR_PARTS)[number];

/** More than the days for which states are kept. */
export const MAX_PARTS = 500;

type Day = Pick<LocalTime, 'year' | 'month' | 'day'>;

/** The day with which the next part begins; day 32 is the first of the month after. */
const NEXT: Readonly<Record<CalendarPart, (day: Day) => Day>> = {
  day: ({ day, ...rest }) => ({ ...rest, day: day + 1 }),
  // Weeks begin on Monday (ISO 8601).
  week: ({ day, ...rest }) => ({ ...rest, day: day + 7 - ((asUtc({ day, ...rest }).getUTCDay() + 6) % 7) }),
  month: ({ year, month }) => ({ year, month: month + 1, day: 1 }),
};

/**
 * Where the calendar days, weeks or months of the range begin, and where the last one ends: the first and the last are those of the
 * range, whatever the calendar says. Pure. Throws an ApiError for more than 500 parts.
 */
export function calendarEdges(range: TimeRange, part: CalendarPart, timeZone: string): readonly number[] {
  const edges = [range.fromMs];
  const clock = localClock(timeZone);
  for (let day: Day = clock.timeAt(range.fromMs); ;) {
    day = asDay(asUtc(NEXT[part](day)));
    const atMs = clock.msOf({ ...day, clockMs: 0 });
    if (atMs >= range.toMs) return [...edges, range.toMs];
    // A zone that skipped a day has none to begin with.
    if (atMs <= (edges.at(-1) ?? 0)) continue;
    if (edges.length >= MAX_PARTS)
      throw new ApiError(
        'INVALID_REQUEST',
        `querystring.by: expected at most ${MAX_PARTS} parts in the range, got more with "${part}"; begin later, or take longer parts`,
      );
    edges.push(atMs);
  }
}

function asUtc({ year, month, day }: Day): Date {
  return new Date(Date.UTC(year, month - 1, day));
}

function asDay(date: Date): Day {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

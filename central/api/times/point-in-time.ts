import { z } from 'zod';
import { parseDurationMs } from '../../../runtime/duration.ts';
import { localTime, localTimeMs, type LocalTime } from '../../../runtime/time-zone.ts';

/** What a time in a query is counted from. */
export interface Present {
  readonly nowMs: number;
  /** Where days begin: a name of the IANA time zone database, which exists. */
  readonly timeZone: string;
}

/** A time as a caller wrote it; Unix time in ms once it is known what the present is. */
export type PointInTime = (present: Present) => number;

/** The years 1970 to 9999, which `Date` and both stores can take. */
export const MAX_TIME_MS = 253_402_300_799_999;

type Day = Pick<LocalTime, 'year' | 'month' | 'day'>;

/** The day with which each begins. */
const CALENDAR = {
  today: (day) => day,
  yesterday: ({ day, ...rest }) => ({ ...rest, day: day - 1 }),
  'this-week': (day) => weekOf(day, 0),
  'last-week': (day) => weekOf(day, -1),
  'this-month': ({ year, month }) => ({ year, month, day: 1 }),
  'last-month': ({ year, month }) => ({ year, month: month - 1, day: 1 }),
  'this-year': ({ year }) => ({ year, month: 1, day: 1 }),
} satisfies Readonly<Record<string, (today: Day) => Day>>;
type CalendarWord = keyof typeof CALENDAR;
const WORDS = Object.keys(CALENDAR) as CalendarWord[];

const RFC_3339 = z.iso.datetime({ offset: true });
/** A + that was not encoded: in a query it stands for a space, which no time has there. */
const UNENCODED_PLUS = /^(\S+T\S+) (\d\d:\d\d)$/;
const UNIX_MS = /^\d{1,15}$/;
const AGO = /^-(\d{1,9}(?:ms|s|m|h|d))$/;
const DAY_AND_CLOCK = /^(today|yesterday|\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d))?$/;

const EXPECTED =
  `expected a time: Unix time in ms (a whole number from 0 to ${MAX_TIME_MS}), RFC 3339 such as 2026-01-31T08:00:00Z or ` +
  `2026-01-31T08:00:00%2B07:00, how long ago such as -15m, -1h or -7d, now, ${WORDS.join(', ')}, or a day such as 2026-01-31; ` +
  'today, yesterday and a day also with an hour, such as yesterdayT14:00';

/** A time in a query: the one place that reads them. Pure. */
export function readPointInTime(text: string): PointInTime | undefined {
  if (UNIX_MS.test(text)) return fixed(Number(text));
  if (text === 'now') return ({ nowMs }) => nowMs;
  const agoMs = parseDurationMs(AGO.exec(text)?.[1] ?? '');
  if (agoMs !== undefined) return ({ nowMs }) => Math.max(0, nowMs - agoMs);
  const rfc3339 = RFC_3339.safeParse(text.replace(UNENCODED_PLUS, '$1+$2'));
  if (rfc3339.success) return fixed(Date.parse(rfc3339.data));
  return isWord(text) ? beginOf(CALENDAR[text], 0) : readDay(text);
}

function fixed(atMs: number): PointInTime | undefined {
  return atMs >= 0 && atMs <= MAX_TIME_MS ? () => atMs : undefined;
}

function isWord(text: string): text is CalendarWord {
  return Object.hasOwn(CALENDAR, text);
}

function readDay(text: string): PointInTime | undefined {
  const [, name, hour = '00', minute = '00'] = DAY_AND_CLOCK.exec(text) ?? [];
  if (name === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const clockMs = (Number(hour) * 60 + Number(minute)) * 60_000;
  if (isWord(name)) return beginOf(CALENDAR[name], clockMs);
  const [year = 0, month = 0, day = 0] = name.split('-').map(Number);
  const isReal = z.iso.date().safeParse(name).success && year >= 1970;
  return isReal ? beginOf(() => ({ year, month, day }), clockMs) : undefined;
}

function beginOf(dayOf: (today: Day) => Day, clockMs: number): PointInTime {
  return ({ nowMs, timeZone }) =>
    Math.max(0, localTimeMs(timeZone, { ...dayOf(localTime(timeZone, nowMs)), clockMs }));
}

/** Weeks begin on Monday (ISO 8601). */
function weekOf({ year, month, day }: Day, weeks: number): Day {
  const sinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return { year, month, day: day - sinceMonday + weeks * 7 };
}

/** A query parameter with a time. */
export const timeParameter = z
  .unknown()
  .transform((text, context): PointInTime => {
    const time = typeof text === 'string' ? readPointInTime(text) : undefined;
    if (time !== undefined) return time;
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: 'integer', minimum: 0, maximum: MAX_TIME_MS },
      { type: 'string', format: 'date-time' },
      { type: 'string', enum: ['now', ...WORDS] },
      { type: 'string', pattern: '^-[0-9]{1,9}(ms|s|m|h|d)$' },
      { type: 'string', pattern: '^(today|yesterday|[0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2})?$' },
    ],
  });

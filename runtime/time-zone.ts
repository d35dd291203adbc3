const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_REMEMBERED = 5_000;

/** A name of the IANA time zone database, such as `Asia/Ho_Chi_Minh` or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Local time minus UTC, ms: 25,200,000 in `Asia/Ho_Chi_Minh`. Pure. Throws a RangeError for a zone that does not exist. */
export function utcOffsetMs(zone: string, atMs: number): number {
  return offsetReader(zone)(atMs);
}

/** The same for many times. */
export function offsetReader(zone: string): (atMs: number) => number {
  const formatter = formatterOf(zone);
  return (atMs) => {
    const parts = formatter.formatToParts(atMs);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // `GMT`, `GMT+07:00` or, long ago, `GMT+07:06:30`.
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
    const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * 60_000 + Number(seconds) * 1_000;
    return sign === '-' ? -offsetMs : offsetMs;
  };
}

/** What a clock and a calendar on a wall show. `month` is 1 to 12; where one is written that does not exist, such as day 0, it leads into the month before or after. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Since midnight, as the clock shows it. */
  readonly clockMs: number;
}

/** The clocks of a zone, for many questions. */
export interface LocalClock {
  timeAt(atMs: number): LocalTime;
  /**
   * When they show this. Of two such times the first, where they are set back; where they are set forward and none shows it, as much
   * later as they are set.
   */
  msOf(time: LocalTime): number;
}

/** Throws a RangeError for a zone that does not exist. */
export function localClock(zone: string): LocalClock {
  const offsetAt = remembering(offsetReader(zone));
  return {
    timeAt: (atMs) => shownTime(atMs + offsetAt(atMs)),
    msOf: (time) => msOfShown(time, offsetAt),
  };
}

/** The same times are asked for again and again, and each answer takes long. Clocks change at whole minutes. */
function remembering(read: (atMs: number) => number): (atMs: number) => number {
  const known = new Map<number, number>();
  return (atMs) => {
    const minute = Math.floor(atMs / 60_000);
    const offsetMs = known.get(minute) ?? read(atMs);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(minute, offsetMs);
    return offsetMs;
  };
}

/** Pure. */
export function localTime(zone: string, atMs: number): LocalTime {
  return localClock(zone).timeAt(atMs);
}

/** As `msOf` of the zone's clocks. Pure. */
export function localTimeMs(zone: string, time: LocalTime): number {
  return localClock(zone).msOf(time);
}

function shownTime(shownMs: number): LocalTime {
  const shown = new Date(shownMs);
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    clockMs: ((shown.getTime() % DAY_MS) + DAY_MS) % DAY_MS,
  };
}

function msOfShown({ year, month, day, clockMs }: LocalTime, read: (atMs: number) => number): number {
  const shownMs = Date.UTC(year, month - 1, day) + clockMs;
  // Clocks are never set twice within two days.
  const before = shownMs - read(shownMs - DAY_MS);
  const after = shownMs - read(shownMs + DAY_MS);
  return before + read(before) === shownMs || after + read(after) !== shownMs ? before : after;
}

/** Making one takes as long as some ten questions to it, and it never changes: those of the zones that were asked for last are kept. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat>();
/** Callers may name as many zones as they like. */
const MAX_FORMATTERS = 16;

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATTERS.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const [oldest] = FORMATTERS.keys();
  if (oldest !== undefined && FORMATTERS.size >= MAX_FORMATTERS) FORMATTERS.delete(oldest);
  FORMATTERS.set(zone, made);
  return made;
}

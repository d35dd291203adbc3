export type Language = 'vi' | 'en';

/** In which language and time zone numbers and times are written. */
export interface Locale {
  readonly language: Language;
  /** IANA name, such as Asia/Ho_Chi_Minh. */
  readonly timeZone: string;
}

const TAGS: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' };
const NO_VALUE = '–';

const formats = (options: Intl.DateTimeFormatOptions) => {
  const made = new Map<string, Intl.DateTimeFormat>();
  return ({ language, timeZone }: Locale, atMs: number): string => {
    const key = `${language} ${timeZone}`;
    const format =
      made.get(key) ?? new Intl.DateTimeFormat(TAGS[language], { ...options, timeZone, hour12: false });
    made.set(key, format);
    return format.format(atMs);
  };
};

const clockTime = formats({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClockTime = formats({ hour: '2-digit', minute: '2-digit' });
/** 30/11, 19:02 */
export const formatDayTime = formats({
  day: '2-digit',
  month: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});
const calendarDay = formats({ day: '2-digit', month: '2-digit', year: 'numeric' });
const dayKey = formats({ year: 'numeric', month: '2-digit', day: '2-digit' });

/** 19:02:11 */
export const formatClock = clockTime;
/** 30/11/2026 */
export const formatDay = calendarDay;

/** The time of today, with the day before it if it is another one. Pure. */
export function formatTime(locale: Locale, atMs: number, nowMs: number): string {
  const isToday = dayKey(locale, atMs) === dayKey(locale, nowMs);
  return isToday ? shortClockTime(locale, atMs) : formatDayTime(locale, atMs);
}

const UNITS: Readonly<Record<Language, readonly [s: string, min: string, h: string, d: string]>> = {
  vi: ['giây', 'phút', 'giờ', 'ngày'],
  en: ['s', 'min', 'h', 'd'],
};

/** At most two parts: `3 min`, `2 h 5 min`, `4 d 1 h`. Never less than nothing. Pure. */
export function formatDuration({ language }: Pick<Locale, 'language'>, durationMs: number): string {
  const [s, min, h, d] = UNITS[language];
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  if (seconds < 60) return `${seconds} ${s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${min}`;
  const hours = Math.floor(minutes / 60);
  const withRest = (whole: number, unit: string, rest: number, restUnit: string): string =>
    rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
  if (hours < 24) return withRest(hours, h, minutes % 60, min);
  return withRest(Math.floor(hours / 24), d, hours % 24, h);
}

/** Pure. */
export function formatNumber({ language }: Pick<Locale, 'language'>, value: number, digits = 0): string {
  return value.toLocaleString(TAGS[language], { maximumFractionDigits: digits });
}

/** Rounded down, so that 99.999 % never reads as 100 %; `ratio` 0 to 1; undefined: not known. Pure. */
export function formatRatio(locale: Pick<Locale, 'language'>, ratio: number | undefined): string {
  if (ratio === undefined) return NO_VALUE;
  return `${formatNumber(locale, Math.floor(ratio * 10_000) / 100, 2)} %`;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

/** A quantity with its unit and a prefix that keeps it short: `1.2 Gbit/s`. Pure. */
export function formatQuantity(locale: Pick<Locale, 'language'>, value: number, unit: string): string {
  const takesPrefix = ['bit/s', 'B', 'By', 'B/s', 'Hz'].includes(unit);
  if (!takesPrefix) return `${formatNumber(locale, value, Math.abs(value) < 10 ? 2 : 1)} ${unit}`.trim();
  const size = Math.min(
    PREFIXES.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)),
  );
  return `${formatNumber(locale, value / 1_000 ** size, 1)} ${PREFIXES[size] ?? ''}${unit.replace('By', 'B')}`;
}

import type { LocalClock, LocalTime } from '../../../../runtime/time-zone.ts';
import type { Span } from '../in-force.ts';
import { WEEKDAYS, type Schedule } from './schedule.ts';

type Recurring = Exclude<Schedule, { readonly repeats: 'once' }>;

const DAY_MS = 86_400_000;
/** Between two days on which the same weekday is the last of its month there are at most five weeks. */
const LONGEST_PAUSE_DAYS = 36;

/** The first time that ends after `afterMs`; undefined: there is none any more. Pure. */
export function nextOccurrence(schedule: Schedule, clock: LocalClock, afterMs: number): Span | undefined {
  if (schedule.repeats === 'once') {
    const { startsAtMs: fromMs, endsAtMs: toMs } = schedule;
    return toMs > afterMs ? { fromMs, toMs } : undefined;
  }
  // What began yesterday may go on past midnight.
  const firstDay = Math.max(
    dayNumberOf(clock.timeAt(afterMs)) - 1,
    dayNumber(schedule.firstDay) ?? -Infinity,
  );
  const lastDay = Math.min(dayNumber(schedule.lastDay) ?? Infinity, firstDay + 2 * LONGEST_PAUSE_DAYS);
  for (let day = firstDay; day <= lastDay; day++) {
    const span = beginningOn(schedule, clock, day);
    if (span !== undefined && span.toMs > afterMs) return span;
  }
  return undefined;
}

/** Those that end after `afterMs` and begin before `beforeMs`, at most `most`. Pure. */
export function occurrences(
  next: (afterMs: number) => Span | undefined,
  { afterMs, beforeMs, most }: { readonly afterMs: number; readonly beforeMs: number; readonly most: number },
): Span[] {
  const found: Span[] = [];
  let span = next(afterMs);
  while (span !== undefined && span.fromMs < beforeMs && found.length < most) {
    found.push(span);
    span = next(span.toMs);
  }
  return found;
}

/** The end of the last time; undefined: it goes on for ever. `-Infinity`: there is none at all. Pure. */
export function lastEndMs(schedule: Schedule, clock: LocalClock): number | undefined {
  if (schedule.repeats === 'once') return schedule.endsAtMs;
  const lastDay = dayNumber(schedule.lastDay);
  if (lastDay === undefined) return undefined;
  const firstDay = Math.max(dayNumber(schedule.firstDay) ?? -Infinity, lastDay - 2 * LONGEST_PAUSE_DAYS);
  for (let day = lastDay; day >= firstDay; day--) {
    const span = beginningOn(schedule, clock, day);
    if (span !== undefined) return span.toMs;
  }
  return -Infinity;
}

/** Undefined: none begins on that day. */
function beginningOn(schedule: Recurring, clock: LocalClock, day: number): Span | undefined {
  if (!beginsOn(schedule, day)) return undefined;
  const { from, to } = schedule;
  const fromMs = clock.msOf(wallTime(day, from));
  const toMs = clock.msOf(wallTime(to <= from ? day + 1 : day, to));
  // Where clocks are set forward, nothing may be left of it.
  return toMs > fromMs ? { fromMs, toMs } : undefined;
}

function beginsOn(schedule: Recurring, day: number): boolean {
  const date = new Date(day * DAY_MS);
  const weekday = WEEKDAYS[date.getUTCDay()];
  if (weekday === undefined) return false;
  if (schedule.repeats === 'weekly') return schedule.days.includes(weekday);
  if (weekday !== schedule.day) return false;
  const dayOfMonth = date.getUTCDate();
  if (schedule.nth !== 'last') return Math.ceil(dayOfMonth / 7) === schedule.nth;
  return new Date((day + 7) * DAY_MS).getUTCMonth() !== date.getUTCMonth();
}

/** Days since 1970-01-01, whatever the zone. */
function dayNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(`${text}T00:00:00Z`) / DAY_MS;
}

function dayNumberOf({ year, month, day }: LocalTime): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function wallTime(dayNumber: number, text: string): LocalTime {
  const date = new Date(dayNumber * DAY_MS);
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    clockMs: (hours * 60 + minutes) * 60_000,
  };
}

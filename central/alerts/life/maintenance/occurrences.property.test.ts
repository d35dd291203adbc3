import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localClock } from '../../../../runtime/time-zone.ts';
import { lastEndMs, nextOccurrence, occurrences } from './occurrences.ts';
import { WEEKDAYS, type Schedule } from './schedule.ts';

type Recurring = Exclude<Schedule, { readonly repeats: 'once' }>;

const STEP_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Ten weeks with a change of the clocks in Berlin. */
const FIRST_MS = Date.UTC(2026, 1, 25);
const LAST_MS = FIRST_MS + 70 * DAY_MS;

/** What clocks of the zone show each quarter of an hour. */
function wallOf(zone: string): { readonly atMs: number; readonly day: string; readonly time: string }[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const shown = [];
  for (let atMs = FIRST_MS; atMs < LAST_MS; atMs += STEP_MS) {
    const [day = '', time = ''] = format.format(atMs).split(' ');
    shown.push({ atMs, day, time });
  }
  return shown;
}

const ZONES = ['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/St_Johns', 'UTC'] as const;
const WALLS = new Map(ZONES.map((zone) => [zone, wallOf(zone)]));

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** By looking at each day of the month. */
function beginsOn(schedule: Recurring, day: string): boolean {
  if (day < (schedule.firstDay ?? '') || day > (schedule.lastDay ?? '9999')) return false;
  const weekday = WEEKDAYS[new Date(day).getUTCDay()] ?? 'sunday';
  if (schedule.repeats === 'weekly') return schedule.days.includes(weekday);
  if (weekday !== schedule.day) return false;
  const month = day.slice(0, 7);
  const alike = [...Array(31).keys()]
    .map((before) => `${month}-${String(before + 1).padStart(2, '0')}`)
    .filter((each) => !Number.isNaN(Date.parse(each)) && new Date(each).toISOString().startsWith(each))
    .filter((each) => WEEKDAYS[new Date(each).getUTCDay()] === schedule.day);
  return day === (schedule.nth === 'last' ? alike.at(-1) : alike[schedule.nth - 1]);
}

/** By the wall alone: what it shows now, and whether that is between the two times. */
function isOpen(
  schedule: Recurring,
  { day, time }: { readonly day: string; readonly time: string },
): boolean {
  const { from, to } = schedule;
  if (from < to) return beginsOn(schedule, day) && time >= from && time < to;
  return (beginsOn(schedule, day) && time >= from) || (beginsOn(schedule, shifted(day, -1)) && time < to);
}

// Clocks change between midnight and four: what they show then may come twice or never.
const timeOfDay = fc
  .tuple(fc.integer({ min: 4, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const someDay = fc.option(
  fc.integer({ min: -5, max: 75 }).map((days) => shifted('2026-02-25', days)),
  { nil: undefined },
);
const wall = {
  times: fc.tuple(timeOfDay, timeOfDay).filter(([from, to]) => from !== to),
  bounds: fc.tuple(someDay, someDay),
};
const schedule: fc.Arbitrary<Recurring> = fc
  .oneof(
    fc.record({
      ...wall,
      rule: fc.record({
        repeats: fc.constant('weekly' as const),
        days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      }),
    }),
    fc.record({
      ...wall,
      rule: fc.record({
        repeats: fc.constant('monthly' as const),
        nth: fc.constantFrom(1, 2, 3, 4, 'last' as const),
        day: fc.constantFrom(...WEEKDAYS),
      }),
    }),
  )
  .map(({ times: [from, to], bounds: [firstDay, lastDay], rule }) => ({
    ...{ ...rule, from, to },
    ...(firstDay !== undefined && { firstDay }),
    ...(lastDay !== undefined && { lastDay }),
  }));

describe('the times of a window that repeats', () => {
  it.each(ZONES)('in %s are those at which the clocks on the wall show it', (zone) => {
    const clock = localClock(zone);
    fc.assert(
      fc.property(schedule, (given) => {
        const next = (afterMs: number) => nextOccurrence(given, clock, afterMs);
        const spans = occurrences(next, { afterMs: FIRST_MS, beforeMs: LAST_MS, most: 1_000 });
        let at = 0;
        for (const shown of WALLS.get(zone) ?? []) {
          while ((spans[at]?.toMs ?? Infinity) <= shown.atMs) at++;
          const isIn = (spans[at]?.fromMs ?? Infinity) <= shown.atMs;
          if (isIn !== isOpen(given, shown)) expect.fail(`${shown.day} ${shown.time}: ${isIn}`);
        }
        const lastMs = lastEndMs(given, clock);
        expect(lastMs === undefined).toBe(given.lastDay === undefined);
        if (lastMs === -Infinity) expect(next(0)).toBeUndefined();
        else if (lastMs !== undefined) {
          expect(next(lastMs)).toBeUndefined();
          expect(next(lastMs - 1)?.toMs).toBe(lastMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('a night goes on past midnight, by the clocks of the city', () => {
  const nights: Recurring = { repeats: 'weekly', days: ['saturday'], from: '22:00', to: '02:00' };
  const clock = localClock('Asia/Ho_Chi_Minh');
  const at = (text: string): string =>
    ['fromMs', 'toMs']
      .map((name) => nextOccurrence(nights, clock, Date.parse(`${text}+07:00`))?.[name as 'fromMs' | 'toMs'])
      .map((ms) => new Date((ms ?? NaN) + 7 * 3_600_000).toISOString().slice(0, 16))
      .join(' ');
  const [first, second] = ['2026-11-28T22:00 2026-11-29T02:00', '2026-12-05T22:00 2026-12-06T02:00'];
  expect(at('2026-11-28T12:00')).toBe(first);
  expect(at('2026-11-29T01:59')).toBe(first);
  expect(at('2026-11-29T02:00')).toBe(second);
});

it('a window within the hour that clocks leave out does not open that day', () => {
  const early: Recurring = { repeats: 'weekly', days: [...WEEKDAYS], from: '02:15', to: '02:45' };
  const clock = localClock('Europe/Berlin');
  const next = (afterMs: number) => nextOccurrence(early, clock, afterMs);
  const spans = occurrences(next, {
    ...{ afterMs: Date.UTC(2026, 2, 28), beforeMs: Date.UTC(2026, 2, 31), most: 10 },
  });
  expect(spans.every(({ fromMs, toMs }) => toMs - fromMs === 30 * 60_000)).toBe(true);
  expect(spans.length).toBeGreaterThanOrEqual(2);
});

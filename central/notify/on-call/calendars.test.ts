import { describe, expect, it } from 'vitest';
import { OnCallCalendars, type Calendar } from './calendars.ts';
import { gapTexts } from './gap-text.ts';
import type { Layer } from './layer.ts';

const DAY_MS = 86_400_000;
const dayNumber = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, day) / DAY_MS;

const PEOPLE = [
  { id: 'an', name: 'An', channels: ['sms-an', 'mail-an'] },
  { id: 'binh', name: 'Bình', channels: ['sms-binh'] },
  { id: 'chi', name: 'Chi', channels: ['sms-chi'] },
];
/** Monday 30 November 2026. */
const WEEKLY: Layer = {
  ...{ name: 'first', people: ['an', 'binh'], firstDay: dayNumber(2026, 11, 30) },
  ...{ turnDays: 7, handoverMinute: 480, overrides: [] },
};

function calendars(timeZone: string, ...layers: readonly Layer[]): OnCallCalendars {
  const calendar: Calendar = { name: 'network', timeZone, layers };
  return new OnCallCalendars(PEOPLE, [calendar], ['network', ...layers.map(({ name }) => `network/${name}`)]);
}

function told(timeZone: string, layer: Layer, at: string): readonly string[] | undefined {
  return calendars(timeZone, layer).target('network')?.channelsAt(Date.parse(at));
}

describe('a weekly rotation', () => {
  it('hands over at its time of its day, in its own time zone', () => {
    const zone = 'Asia/Ho_Chi_Minh';
    expect(told(zone, WEEKLY, '2026-11-30T08:00:00+07:00')).toEqual(['sms-an', 'mail-an']);
    expect(told(zone, WEEKLY, '2026-12-07T07:59:59+07:00')).toEqual(['sms-an', 'mail-an']);
    expect(told(zone, WEEKLY, '2026-12-07T08:00:00+07:00')).toEqual(['sms-binh']);
    expect(told(zone, WEEKLY, '2026-12-14T08:00:00+07:00')).toEqual(['sms-an', 'mail-an']);
  });

  it('counts each person once, and nobody where there is a gap', () => {
    const at = (text: string): number => Date.parse(`${text}:00+07:00`);
    const backup: Layer = {
      ...WEEKLY,
      name: 'second',
      people: ['binh'],
      hours: { fromMinute: 480, toMinute: 1_020 },
    };
    const both = calendars('Asia/Ho_Chi_Minh', WEEKLY, backup);
    expect(both.countAt(at('2026-12-01T09:00'))).toBe(2);
    expect(both.countAt(at('2026-12-01T18:00'))).toBe(1);
    expect(both.countAt(at('2026-12-08T09:00'))).toBe(1);
    expect(both.countAt(at('2026-11-01T09:00'))).toBe(0);
  });

  it('says who is on call, until when, and who is next', () => {
    const atMs = Date.parse('2026-12-01T00:00:00+07:00');
    expect(calendars('Asia/Ho_Chi_Minh', WEEKLY).at(atMs)).toMatchObject([
      {
        ...{ calendar: 'network', layer: 'first', isOverride: false },
        ...{ person: { id: 'an' }, next: { id: 'binh' } },
        untilMs: Date.parse('2026-12-07T08:00:00+07:00'),
      },
    ]);
  });
});

describe('where clocks are set', () => {
  const daily = { ...WEEKLY, turnDays: 1 as const, handoverMinute: 150, firstDay: dayNumber(2026, 3, 1) };

  it('forward, a handover at a time that does not exist comes once, as much later', () => {
    // Berlin, 29 March 2026: 02:00 is 03:00.
    const day28 = told('Europe/Berlin', daily, '2026-03-29T01:59:59+01:00');
    const day29 = told('Europe/Berlin', daily, '2026-03-29T03:30:00+02:00');
    expect(day28).not.toEqual(day29);
    expect(told('Europe/Berlin', daily, '2026-03-29T03:29:59+02:00')).toEqual(day28);
  });

  it('back, a handover at a time that comes twice is at the first', () => {
    // Berlin, 25 October 2026: 03:00 is 02:00.
    const before = told('Europe/Berlin', daily, '2026-10-25T02:29:59+02:00');
    const after = told('Europe/Berlin', daily, '2026-10-25T02:30:00+02:00');
    expect(before).not.toEqual(after);
    expect(told('Europe/Berlin', daily, '2026-10-25T02:10:00+01:00')).toEqual(after);
    expect(told('Europe/Berlin', daily, '2026-10-25T02:50:00+01:00')).toEqual(after);
  });
});

describe('layers', () => {
  const nights = { ...WEEKLY, name: 'nights', people: ['chi'], hours: { fromMinute: 1_320, toMinute: 360 } };

  it('are on call beside each other, each within its hours', () => {
    const both = calendars('UTC', WEEKLY, nights);
    const at = (time: string) => both.target('network')?.channelsAt(Date.parse(time));
    expect(at('2026-12-01T21:59:59Z')).toEqual(['sms-an', 'mail-an']);
    expect(at('2026-12-01T22:00:00Z')).toEqual(['sms-an', 'mail-an', 'sms-chi']);
    expect(at('2026-12-02T06:00:00Z')).toEqual(['sms-an', 'mail-an']);
    expect(both.target('network/nights')?.channelsAt(Date.parse('2026-12-01T23:00:00Z'))).toEqual([
      'sms-chi',
    ]);
    expect([both.target('network/days'), both.target('power')]).toEqual([undefined, undefined]);
  });

  it('give way to whoever stands in', () => {
    const fromMs = Date.parse('2026-12-02T00:00:00Z');
    const layer = { ...WEEKLY, overrides: [{ person: 'chi', fromMs, toMs: fromMs + DAY_MS }] };
    expect(told('UTC', layer, '2026-12-01T23:59:59Z')).toEqual(['sms-an', 'mail-an']);
    expect(told('UTC', layer, '2026-12-02T00:00:00Z')).toEqual(['sms-chi']);
    expect(told('UTC', layer, '2026-12-03T00:00:00Z')).toEqual(['sms-an', 'mail-an']);
  });

  it('leave gaps where none of them has anybody; everybody is told then', () => {
    const day = { ...WEEKLY, days: ['sat' as const], firstDay: dayNumber(2026, 1, 1) };
    const fromMs = Date.parse('2026-12-05T12:00:00Z');
    const found = calendars('UTC', day, { ...nights, firstDay: dayNumber(2026, 1, 1) })
      .gaps(fromMs)
      .filter(({ layer }) => layer === undefined);
    // Saturday is covered, and each night.
    expect(found[0]).toEqual({
      ...{ calendar: 'network', timeZone: 'UTC' },
      fromMs: Date.parse('2026-12-06T06:00:00Z'),
      toMs: Date.parse('2026-12-06T22:00:00Z'),
    });
    expect(found.every((gap) => gap.toMs <= fromMs + 90 * DAY_MS)).toBe(true);
    expect(told('UTC', day, '2026-12-07T12:00:00Z')).toEqual(['sms-an', 'mail-an', 'sms-binh']);
    expect(gapTexts(found)).toEqual([
      expect.stringMatching(
        /^onCall network: within 90 days nobody is on call from 2026-12-06 06:00 to 2026-12-06 22:00, .*, and \d+ more \(UTC\): all of its people are told then$/,
      ),
    ]);
    expect(calendars('UTC', { ...WEEKLY, firstDay: dayNumber(2026, 1, 1) }).gaps(fromMs)).toEqual([]);
  });

  it('leave a gap outside their hours where a route calls one of them alone', () => {
    const all = calendars('UTC', { ...WEEKLY, firstDay: dayNumber(2026, 1, 1) }, nights);
    const noonMs = Date.parse('2026-12-01T12:00:00Z');
    const gaps = all.gaps(noonMs);
    expect(gaps[0]).toMatchObject({
      ...{ calendar: 'network', layer: 'nights' },
      ...{ fromMs: noonMs, toMs: Date.parse('2026-12-01T22:00:00Z') },
    });
    expect(new Set(gaps.map(({ layer }) => layer))).toEqual(new Set(['nights']));
    expect(gapTexts(gaps)).toEqual([
      expect.stringContaining(
        'onCall network/nights: within 90 days nobody is on call from 2026-12-01 12:00 to 2026-12-01 22:00',
      ),
    ]);
    expect(all.target('network/nights')?.channelsAt(noonMs)).toEqual(['sms-chi']);
  });

  it('say when nobody is there in the time of the calendar', () => {
    const fromMs = Date.parse('2026-12-01T12:00:00+07:00');
    const hanoi = calendars('Asia/Ho_Chi_Minh', { ...nights, firstDay: dayNumber(2026, 1, 1) });
    expect(gapTexts(hanoi.gaps(fromMs))[0]).toMatch(
      /from 2026-12-01 12:00 to 2026-12-01 22:00, .* \(Asia\/Ho_Chi_Minh\): all/,
    );
  });

  it('have their gaps found once an hour, however often they are asked for', () => {
    let asked = 0;
    const counted: Layer = {
      ...{ ...nights, firstDay: dayNumber(2026, 1, 1) },
      get overrides() {
        asked++;
        return [];
      },
    };
    const all = new OnCallCalendars(
      PEOPLE,
      [{ name: 'network', timeZone: 'UTC', layers: [counted] }],
      ['network'],
    );
    const noonMs = Date.parse('2026-12-01T12:00:00Z');
    const atNoon = all.gaps(noonMs);
    const afterFirst = asked;
    const later = all.gaps(noonMs + 60_000);
    expect([afterFirst > 0, asked]).toEqual([true, afterFirst]);
    expect([atNoon[0]?.fromMs, later[0]?.fromMs]).toEqual([noonMs, noonMs + 60_000]);
    expect([atNoon.at(-1)?.toMs, later.at(-1)?.toMs]).toEqual([
      noonMs + 90 * DAY_MS,
      noonMs + 60_000 + 90 * DAY_MS,
    ]);
    all.gaps(noonMs + 3_600_000);
    expect(asked).toBeGreaterThan(afterFirst);
  });
});

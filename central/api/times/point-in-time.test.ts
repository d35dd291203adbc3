import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TIME_MS, readPointInTime, timeParameter, type Present } from './point-in-time.ts';
import { presentOf, rangeOf } from './time-range.ts';

/** Monday, 30 November 2026, 01:30 in UTC+7. */
const PRESENT: Present = { nowMs: Date.UTC(2026, 10, 29, 18, 30), timeZone: 'Asia/Ho_Chi_Minh' };

function read(text: string, present = PRESENT): string | undefined {
  const atMs = readPointInTime(text)?.(present);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

describe('a time in a query', () => {
  it.each([
    ['1800000000000', '2027-01-15T08:00:00.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00+07:00', '2026-01-31T01:00:00.000Z'],
    // As a query has it where the + was not encoded.
    ['2026-01-31T08:00:00 07:00', '2026-01-31T01:00:00.000Z'],
    ['now', '2026-11-29T18:30:00.000Z'],
    ['-90s', '2026-11-29T18:28:30.000Z'],
    ['-1h', '2026-11-29T17:30:00.000Z'],
    ['-7d', '2026-11-22T18:30:00.000Z'],
    ['-999999999d', '1970-01-01T00:00:00.000Z'],
    ['today', '2026-11-29T17:00:00.000Z'],
    ['yesterday', '2026-11-28T17:00:00.000Z'],
    ['yesterdayT14:00', '2026-11-29T07:00:00.000Z'],
    ['this-week', '2026-11-29T17:00:00.000Z'],
    ['last-week', '2026-11-22T17:00:00.000Z'],
    ['this-month', '2026-10-31T17:00:00.000Z'],
    ['last-month', '2026-09-30T17:00:00.000Z'],
    ['this-year', '2025-12-31T17:00:00.000Z'],
    ['2026-02-28', '2026-02-27T17:00:00.000Z'],
    ['2026-02-28T23:59', '2026-02-28T16:59:00.000Z'],
  ])('%s is %s', (text, expected) => expect(read(text)).toBe(expected));

  it('goes by the days of the zone, over new year too', () => {
    const january = { nowMs: Date.UTC(2027, 0, 1, 3), timeZone: 'America/New_York' };
    expect(read('today', january)).toBe('2026-12-31T05:00:00.000Z');
    expect(read('last-month', january)).toBe('2026-11-01T04:00:00.000Z');
    expect(read('last-month', { ...january, timeZone: 'UTC' })).toBe('2026-12-01T00:00:00.000Z');
  });

  it('is a day of 23 hours where clocks are set forward', () => {
    const berlin = { nowMs: Date.UTC(2026, 2, 30, 10), timeZone: 'Europe/Berlin' };
    expect(read('yesterday', berlin)).toBe('2026-03-28T23:00:00.000Z');
    expect(read('today', berlin)).toBe('2026-03-29T22:00:00.000Z');
  });

  it.each([
    '',
    ' ',
    'tomorrow',
    'Today',
    'today ',
    '1h',
    '+1h',
    '-1.5h',
    '-1w',
    '--1h',
    '-1234567890s',
    'now-1h',
    '1e300',
    '9999999999999999',
    String(MAX_TIME_MS + 1),
    '2026-02-30',
    '2026-2-3',
    '1969-12-31',
    '2026-01-01 07:00',
    '2026-01-31T24:00',
    'yesterdayT14:60',
    'this-monthT08:00',
    '2026-01-31T08:00:00',
    'constructor',
    '__proto__',
    'toString',
    '\0',
    '💥',
  ])('is not %j', (text) => expect(readPointInTime(text)).toBeUndefined());

  it('of any text is a whole number of the years 1970 to 9999, or none', () => {
    const words = fc.constantFrom(
      'now',
      'today',
      'T',
      '-',
      '1',
      '9',
      ':',
      'h',
      'd',
      'this-',
      'month',
      '2026-',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 6 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const atMs = readPointInTime(text)?.(PRESENT) ?? 0;
        expect(Number.isSafeInteger(atMs) && atMs >= 0 && atMs <= MAX_TIME_MS).toBe(true);
      }),
    );
  });

  it('is one text', () => {
    expect(timeParameter.safeParse(['1', '2']).success).toBe(false);
    expect(timeParameter.safeParse(undefined).success).toBe(false);
  });
});

describe('a range', () => {
  const range = (from?: string, to?: string) => {
    const request = {
      ...(from !== undefined && { from: readPointInTime(from) }),
      ...(to !== undefined && { to: readPointInTime(to) }),
    };
    const { fromMs, toMs } = rangeOf(request, PRESENT, 3_600_000);
    return [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  };

  it('ends now and begins before that, unless it is said', () => {
    expect(range()).toEqual(['2026-11-29T17:30:00.000Z', '2026-11-29T18:30:00.000Z']);
    expect(range(undefined, 'today')).toEqual(['2026-11-29T16:00:00.000Z', '2026-11-29T17:00:00.000Z']);
    expect(range('yesterdayT14:00', 'yesterdayT15:00')).toEqual([
      '2026-11-29T07:00:00.000Z',
      '2026-11-29T08:00:00.000Z',
    ]);
  });

  it('ends now where it was to end later, and is refused where all of it is to come', () => {
    const now = '2026-11-29T18:30:00.000Z';
    expect(range('-1h', '253402300799999')).toEqual(['2026-11-29T17:30:00.000Z', now]);
    expect(range(undefined, '2031-01-01')).toEqual(['2026-11-29T17:30:00.000Z', now]);
    expect(() => range('2030-01-01', '2031-01-01')).toThrow(
      expect.objectContaining({
        code: 'EMPTY_RANGE',
        message: `querystring.from: expected a time before now (${now}), got 2029-12-31T17:00:00.000Z`,
      }),
    );
  });

  it('that is empty is refused, with how a whole day is asked for', () => {
    expect(() => range('yesterday', 'yesterday')).toThrow(/all of yesterday is from=yesterday&to=today$/);
    expect(() => range('today', 'yesterday')).toThrow(
      expect.objectContaining({
        code: 'EMPTY_RANGE',
        message:
          'querystring.from: expected a time before to, got 2026-11-29T17:00:00.000Z for from and 2026-11-28T17:00:00.000Z for to',
      }),
    );
  });
});

it('names the zone that does not exist, and the + that was not encoded', () => {
  const central = { clock: { now: () => PRESENT.nowMs }, timeZone: 'UTC' };
  expect(presentOf(central, undefined)).toEqual({ nowMs: PRESENT.nowMs, timeZone: 'UTC' });
  expect(presentOf(central, 'Asia/Ho_Chi_Minh')).toEqual(PRESENT);
  expect(() => presentOf(central, 'Asia/HCM')).toThrow(/expected a time zone such as .*, got "Asia\/HCM"$/);
  expect(() => presentOf(central, ' 07:00')).toThrow(/got " 07:00" \(in a query, \+ is written %2B\)$/);
});

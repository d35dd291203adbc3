import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTime } from '../../../runtime/time-zone.ts';
import { CALENDAR_PARTS, calendarEdges } from './calendar-parts.ts';

const CITY = 'Asia/Ho_Chi_Minh';
const ms = (text: string): number => Date.parse(text);

function edges(from: string, to: string, part: (typeof CALENDAR_PARTS)[number], zone = CITY): string[] {
  return calendarEdges({ fromMs: ms(from), toMs: ms(to) }, part, zone).map((at) =>
    new Date(at).toISOString(),
  );
}

describe('the parts of a range', () => {
  it('begin with the days, weeks and months of the zone; the range cuts the first and the last', () => {
    expect(edges('2026-11-10T00:00:00+07:00', '2026-12-02T12:00:00+07:00', 'month')).toEqual([
      '2026-11-09T17:00:00.000Z',
      '2026-11-30T17:00:00.000Z',
      '2026-12-02T05:00:00.000Z',
    ]);
    // 30 November 2026 is a Monday.
    expect(edges('2026-11-29T00:00:00+07:00', '2026-12-01T00:00:00+07:00', 'week')).toEqual([
      '2026-11-28T17:00:00.000Z',
      '2026-11-29T17:00:00.000Z',
      '2026-11-30T17:00:00.000Z',
    ]);
    expect(edges('2026-11-30T00:00:00+07:00', '2026-12-01T00:00:00+07:00', 'day')).toEqual([
      '2026-11-29T17:00:00.000Z',
      '2026-11-30T17:00:00.000Z',
    ]);
  });

  it('are as long as the day is, where clocks are set', () => {
    const [first = '', second = '', third = ''] = edges(
      '2026-10-25T00:00:00+02:00',
      '2026-10-27T00:00:00+01:00',
      'day',
      'Europe/Berlin',
    );
    expect([ms(second) - ms(first), ms(third) - ms(second)]).toEqual([25 * 3_600_000, 24 * 3_600_000]);
  });

  it('are not more than can be answered', () => {
    expect(() => edges('1970-01-01T00:00:00Z', '2026-11-30T00:00:00Z', 'day')).toThrow(
      /querystring.by: .*500/,
    );
    expect(edges('1990-01-01T00:00:00Z', '2026-11-30T00:00:00Z', 'month')).toHaveLength(444);
  });

  it('cover the range without gaps or overlaps, each but the first begins at midnight, in any zone', () => {
    const zones = fc.constantFrom(
      'UTC',
      CITY,
      'Europe/Berlin',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    );
    const range = fc.tuple(
      fc.integer({ min: ms('2009-01-01T00:00:00Z'), max: ms('2027-01-01T00:00:00Z') }),
      fc.integer({ min: 1, max: 400 * 86_400_000 }),
    );
    fc.assert(
      fc.property(range, fc.constantFrom(...CALENDAR_PARTS), zones, ([fromMs, lengthMs], part, zone) => {
        const found = calendarEdges({ fromMs, toMs: fromMs + lengthMs }, part, zone);
        expect([found[0], found.at(-1)]).toEqual([fromMs, fromMs + lengthMs]);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        for (const edgeMs of found.slice(1, -1)) {
          const before = localTime(zone, edgeMs - 1);
          const after = localTime(zone, edgeMs);
          // Some zones set their clocks at midnight: the day begins at one o'clock.
          expect(after.day).not.toBe(before.day);
          if (part === 'month') expect(after.month).not.toBe(before.month);
        }
      }),
      { numRuns: 60 },
    );
  });
});

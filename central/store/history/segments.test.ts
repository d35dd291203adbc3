import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, hourOf, LEVELS, MINUTE_MS, type HistoryStanding } from './levels.ts';
import { planSegments, subjectOf } from './segments.ts';
import { tilesOf } from './tiles.ts';

const NOTHING = { fromMs: undefined, rolledToMs: undefined };
/** Samples of the last hours, minutes of the last day. */
const standing: HistoryStanding = {
  rawFromMs: 20 * HOUR_MS + 1,
  minute: { fromMs: 5 * HOUR_MS, rolledToMs: 24.5 * HOUR_MS },
  hour: { fromMs: HOUR_MS, rolledToMs: 24 * HOUR_MS },
};

const plan = (
  [fromMs, toMs]: readonly [number, number],
  everyMs: number | undefined,
  change: Partial<Parameters<typeof planSegments>[0]> = {},
  lateHoursMs: readonly number[] = [],
) =>
  planSegments(
    { fromMs, toMs, aggregate: 'mean', ...(everyMs !== undefined && { everyMs }), ...change },
    'number',
    { standing, lateHoursMs },
  ).map(({ resolution, fromMs: from, toMs: to }) => [resolution, from / HOUR_MS, to / HOUR_MS]);

describe('a question is answered', () => {
  it('by hours, with minutes and samples at the newer end', () => {
    expect(plan([3 * HOUR_MS, 26 * HOUR_MS], 6 * HOUR_MS)).toEqual([
      ['hour', 3, 24],
      ['minute', 24, 24.5],
      ['raw', 24.5, 26],
    ]);
  });

  it('by minutes where it begins within an hour, from the next hour on where minutes are gone', () => {
    expect(plan([10.5 * HOUR_MS, 12 * HOUR_MS], HOUR_MS)).toEqual([
      ['minute', 10.5, 11],
      ['hour', 11, 12],
    ]);
    expect(plan([2.5 * HOUR_MS, 4 * HOUR_MS], HOUR_MS)).toEqual([['hour', 3, 4]]);
  });

  it.each<[string, number | undefined, Parameters<typeof plan>[2]]>([
    ['raw points are asked for', undefined, {}],
    ['a bucket is no whole number of minutes', 90_000, {}],
    ['a percentile is asked for', HOUR_MS, { aggregate: 'p95' }],
    ['the newest value is asked for', HOUR_MS, { aggregate: 'last' }],
    ['days begin between two minutes', 24 * HOUR_MS, { offsetMs: 30_000 }],
  ])('by samples alone where %s', (_, everyMs, change) => {
    expect(plan([0, 22 * HOUR_MS], everyMs, change)).toEqual([['raw', 20 + 1 / HOUR_MS, 22]]);
  });

  it('by minutes where days begin at a quarter of an hour', () => {
    expect(plan([6 * HOUR_MS, 24 * HOUR_MS], 24 * HOUR_MS, { offsetMs: 5.75 * HOUR_MS })).toEqual([
      ['minute', 6, 24],
    ]);
  });

  it('by samples in hours for which rows came late, until they are rolled up again', () => {
    expect(plan([19 * HOUR_MS, 26 * HOUR_MS], HOUR_MS, {}, [22 * HOUR_MS, 24 * HOUR_MS])).toEqual([
      ['hour', 19, 22],
      ['raw', 22, 23],
      ['hour', 23, 24],
      ['raw', 24, 26],
    ]);
    // Of the hour in which samples begin the minutes before them are whole.
    expect(plan([19 * HOUR_MS, 22 * HOUR_MS], HOUR_MS, {}, [20 * HOUR_MS])).toEqual([
      ['hour', 19, 20],
      ['minute', 20, 20 + 1 / 60],
      ['raw', 20 + 1 / 60, 21],
      ['hour', 21, 22],
    ]);
  });

  it('by nothing where all is gone', () => {
    expect(plan([0, HOUR_MS], HOUR_MS)).toEqual([]);
    expect(plan([0, 20 * HOUR_MS], undefined)).toEqual([]);
  });
});

it('states are flags and texts; whole numbers are counted in samples alone', () => {
  expect(subjectOf({ fieldType: 'bool', states: 'mean' })).toBe('state');
  expect(subjectOf({ fieldType: 'string', states: 'share' })).toBe('state');
  expect(subjectOf({ fieldType: 'int', states: 'share' })).toBe('other');
  expect(subjectOf({ fieldType: 'int' })).toBe('number');
  expect(subjectOf({ fieldType: 'bool' })).toBe('other');
});

const times = fc.integer({ min: 0, max: 30 * 60 }).map((minute) => minute * MINUTE_MS);
const lateHours = fc
  .uniqueArray(fc.integer({ min: 0, max: 29 }), { maxLength: 5 })
  .map((hours) => hours.toSorted((left, right) => left - right).map((hour) => hour * HOUR_MS));
/** As they can be: what is deleted was rolled up before. */
const standings = fc.tuple(times, times, times, times).map(([minuteToMs, hourMs, rawMs, minuteMs]) => {
  const hourToMs = hourOf(Math.min(minuteToMs, hourMs));
  const rawFromMs = Math.min(rawMs, minuteToMs);
  return {
    rawFromMs,
    minute: { fromMs: hourOf(Math.min(minuteMs, hourToMs, rawFromMs)), rolledToMs: minuteToMs },
    hour: { fromMs: undefined, rolledToMs: hourToMs },
  };
});

it('segments follow each other, are whole buckets of what was rolled up, and lack nothing that samples have', () => {
  fc.assert(
    fc.property(
      standings,
      times,
      times,
      fc.integer({ min: -70_000, max: 70_000 }),
      lateHours,
      (at, one, other, by, late) => {
        const [fromMs, toMs] = [Math.max(0, Math.min(one, other) + by), Math.max(one, other)];
        const found = planSegments({ fromMs, toMs, everyMs: 2 * HOUR_MS, aggregate: 'sum' }, 'number', {
          standing: at,
          lateHoursMs: late,
        });
        for (const [index, segment] of found.entries()) {
          expect(segment.fromMs).toBeLessThan(segment.toMs);
          if (index > 0) expect(segment.fromMs).toBe(found[index - 1]?.toMs);
          const level = LEVELS.find(({ name }) => name === segment.resolution);
          if (level === undefined) continue;
          expect([segment.fromMs % level.widthMs, segment.toMs % level.widthMs]).toEqual([0, 0]);
          expect(segment.toMs).toBeLessThanOrEqual(at[level.name].rolledToMs);
        }
        const rawFromMs = Math.max(fromMs, at.rawFromMs);
        if (rawFromMs >= toMs) return;
        expect(found.at(-1)?.toMs).toBe(toMs);
        expect(found[0]?.fromMs).toBeLessThanOrEqual(rawFromMs);
      },
    ),
  );
});

it('tiles have all of it, the newest first, and each bucket once', () => {
  fc.assert(
    fc.property(
      standings,
      times,
      times,
      fc.constantFrom(1, 7, 24),
      lateHours,
      (at, one, other, hours, late) => {
        const everyMs = hours * HOUR_MS;
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other)];
        const segments = planSegments({ fromMs, toMs, everyMs, aggregate: 'sum' }, 'number', {
          standing: at,
          lateHoursMs: late,
        });
        const tiles = tilesOf(segments, everyMs, 0);
        const parts = tiles.flatMap((tile) =>
          tile.kind === 'whole' ? [tile.segment] : [...tile.bucket.shares].reverse(),
        );
        const spanMs = (some: readonly { fromMs: number; toMs: number }[]): number =>
          some.reduce((sum, part) => sum + part.toMs - part.fromMs, 0);
        expect(spanMs(parts)).toBe(spanMs(segments));
        const bounds = parts.map((part) => part.toMs);
        expect(bounds).toEqual(bounds.toSorted((left, right) => right - left));
        const buckets = tiles.flatMap((tile) => {
          if (tile.kind === 'split') return [tile.bucket.startMs];
          const first = Math.floor(tile.segment.fromMs / everyMs);
          const last = Math.floor((tile.segment.toMs - 1) / everyMs);
          return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * everyMs);
        });
        expect(new Set(buckets).size).toBe(buckets.length);
      },
    ),
  );
});

it('nothing rolled up is samples alone', () => {
  const none: HistoryStanding = { rawFromMs: undefined, minute: NOTHING, hour: NOTHING };
  expect(
    planSegments({ fromMs: -5, toMs: HOUR_MS, everyMs: HOUR_MS, aggregate: 'mean' }, 'number', {
      standing: none,
      lateHoursMs: [],
    }),
  ).toEqual([{ resolution: 'raw', fromMs: 0, toMs: HOUR_MS }]);
});

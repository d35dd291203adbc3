import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localClock } from '../../../runtime/time-zone.ts';
import { WEEKDAYS } from '../route/time-of-day.ts';
import { handoverMs, onCallAt, turnAt, type Layer, type Override } from './layer.ts';
import { shiftsBetween } from './shifts.ts';

const DAY_MS = 86_400_000;
/** Without summer time; set by an hour, in spring of either half of the world; by half an hour. */
const ZONES = ['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'].map(
  localClock,
);
const FROM_MS = Date.UTC(2026, 0, 1);
/** Two changes of the clocks of each zone are in it. */
const SPAN_MS = 400 * DAY_MS;

const minute = fc.integer({ min: 0, max: 1_439 });
const PEOPLE = ['an', 'binh', 'chi'];

const override: fc.Arbitrary<Override> = fc.record({
  person: fc.constantFrom(...PEOPLE),
  fromMs: fc.integer({ min: FROM_MS, max: FROM_MS + SPAN_MS }),
  toMs: fc.integer({ min: 1, max: 20 * DAY_MS }),
});

const layer: fc.Arbitrary<Layer> = fc.record({
  name: fc.constant('first'),
  people: fc.array(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 4 }),
  firstDay: fc.integer({ min: FROM_MS / DAY_MS - 30, max: FROM_MS / DAY_MS + 30 }),
  turnDays: fc.constantFrom(1 as const, 7 as const),
  handoverMinute: fc.oneof(minute, fc.constantFrom(0, 120, 150, 179)),
  days: fc.option(fc.subarray([...WEEKDAYS], { minLength: 1 }), { nil: undefined }),
  hours: fc.option(fc.record({ fromMinute: minute, toMinute: minute }), { nil: undefined }),
  overrides: fc.array(override, { maxLength: 2 }).map((list) =>
    list
      .map(({ person, fromMs, toMs: lengthMs }) => ({ person, fromMs, toMs: fromMs + lengthMs }))
      .sort((a, b) => a.fromMs - b.fromMs)
      .filter(({ fromMs }, at, all) => at === 0 || fromMs >= (all[at - 1]?.toMs ?? 0)),
  ),
});

it('at each instant exactly one person of a layer is on call, or it is in a gap, whatever the clocks do', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 90 * DAY_MS - 1 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(layer, fc.constantFrom(...ZONES), fc.nat(300), instants, (one, clock, startDay, offsets) => {
      const fromMs = FROM_MS + startDay * DAY_MS;
      const toMs = fromMs + 90 * DAY_MS;
      const shifts = shiftsBetween(one, fromMs, toMs, clock);
      // One after another, with nothing between them.
      expect(shifts[0]?.fromMs).toBe(fromMs);
      expect(shifts.at(-1)?.toMs).toBe(toMs);
      for (const [at, shift] of shifts.entries()) {
        expect(shift.fromMs).toBeLessThan(shift.toMs);
        expect(shift.fromMs).toBe(shifts[at - 1]?.toMs ?? fromMs);
      }
      const edges = shifts.flatMap((shift) => [shift.fromMs, shift.toMs - 1]);
      for (const atMs of [...offsets.map((offset) => fromMs + offset), ...edges]) {
        const found = shifts.filter((shift) => atMs >= shift.fromMs && atMs < shift.toMs);
        expect(found).toHaveLength(1);
        expect(onCallAt(one, atMs, clock)).toEqual(found[0]?.onCall);
        const turn = turnAt(one, atMs, clock);
        expect(handoverMs(one, turn, clock)).toBeLessThanOrEqual(atMs);
        expect(handoverMs(one, turn + 1, clock)).toBeGreaterThan(atMs);
      }
    }),
    { numRuns: 25 },
  );
});

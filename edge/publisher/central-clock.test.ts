import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CentralClock, certainOffsetMs } from './central-clock.ts';

it('the most exact of the last ten minutes counts, and a clock that was set at once', () => {
  const clock = new CentralClock();
  expect(clock.offset(0)).toBeUndefined();
  clock.note(1_000_000, 4_000, 1_009_000, 0);
  expect(clock.offset(0)).toEqual({ offsetMs: 7_000, errorMs: 2_000 });
  clock.note(1_000_000, 200, 1_008_100, 0);
  clock.note(1_060_000, 4_000, 1_069_000, 60_000);
  expect(clock.offset(60_000)).toEqual({ offsetMs: 8_000, errorMs: 100 });
  // chrony sets the clock of this machine.
  clock.note(1_090_000, 2_000, 1_091_000, 90_000);
  expect(clock.offset(90_000)).toEqual({ offsetMs: 0, errorMs: 1_000 });
  expect(clock.offset(90_000 + 11 * 60_000)).toBeUndefined();
});

it('what is told as certain is never more than how far the clocks really are apart', () => {
  const way = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(way, way, fc.integer({ min: -1e6, max: 1e6 }), (thereMs, backMs, trueOffsetMs) => {
      const clock = new CentralClock();
      const centralMs = 1e12;
      clock.note(centralMs, thereMs + backMs, centralMs + trueOffsetMs + backMs, 0);
      const offset = clock.offset(0);
      if (offset === undefined) throw new Error('not measured');
      expect(Math.abs(offset.offsetMs - trueOffsetMs)).toBeLessThanOrEqual(offset.errorMs);
      expect(Math.abs(certainOffsetMs(offset))).toBeLessThanOrEqual(Math.abs(trueOffsetMs));
    }),
    { numRuns: 500 },
  );
});

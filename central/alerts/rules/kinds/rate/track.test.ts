import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CounterTrack, GaugeTrack, medianSlope, stepMsOf, type TrackShape } from './track.ts';

const S = 1_000;
const SHAPE: TrackShape = { windowMs: 480 * S, intervalMs: 60 * S };

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** Samples with steps from a tenth of an interval to five of them, at times the clock goes back a little or much. */
const samples = (values: fc.Arbitrary<number>): fc.Arbitrary<Point[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(6, 20, 59, 60, 60, 61, 100, 179, 181, 300, 0, -30, -400), values), {
      maxLength: 40,
    })
    .map((steps) => {
      let atMs = 1_000_000 * S;
      return steps.map(([stepS, value]) => ({ atMs: (atMs += stepS * S), value }));
    });

/** What counts at the end: in order, since the last gap, clock set back or not. Slow and obvious. */
function lastRun(points: readonly Point[]): Point[] {
  const usualMs = 3 * SHAPE.intervalMs;
  let run: Point[] = [];
  let steps: number[] = [];
  for (const point of points) {
    const last = run.at(-1);
    const stepMs = last === undefined ? Infinity : point.atMs - last.atMs;
    const [longest = 0, second = longest] = steps.toSorted((a, b) => b - a);
    const gapMs = Math.min(Math.max(usualMs, 3 * second), SHAPE.windowMs);
    if (Math.abs(stepMs) > gapMs) run = [point];
    else if (stepMs > 0) run.push(point);
    else continue;
    if (stepMs > 0 && Number.isFinite(stepMs)) steps = [...steps, stepMs].slice(-6);
    if (steps.every((each) => each <= usualMs)) steps = [];
  }
  return run;
}

/** Of a run: points at least a step apart, from its first on. */
function thinned(run: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of run) {
    const last = kept.at(-1);
    if (last === undefined || point.atMs - last.atMs >= stepMsOf(SHAPE)) kept.push(point);
  }
  return kept;
}

/** Those of the window, and the one before it that reaches into it; nine at most. */
function inWindow(kept: readonly Point[]): Point[] {
  const nowMs = kept.at(-1)?.atMs ?? 0;
  return kept.filter((_, at) => (kept[at + 1]?.atMs ?? Infinity) > nowMs - SHAPE.windowMs).slice(-9);
}

describe('the slope of a gauge', () => {
  it('is that of a straight line, whatever the pace', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.array(fc.integer({ min: 5, max: 170 }), { minLength: 30, maxLength: 60 }),
        (perS, stepsS) => {
          const track = new GaugeTrack(SHAPE);
          let atMs = 0;
          let read: number | undefined;
          for (const stepS of stepsS) {
            atMs += stepS * S;
            read = track.read(atMs, 20 + (perS * atMs) / S) ?? read;
          }
          expect(read! * S).toBeCloseTo(perS, 6);
        },
      ),
    );
  });

  it('is not moved by one wrong value, wherever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(1e12, -1e12, 0, 4_000),
        (wrongAt, wrong) => {
          const track = new GaugeTrack(SHAPE);
          for (let at = 0; at <= 30; at++) {
            const slope = track.read(at * 60 * S, at === wrongAt ? wrong : 20 + at);
            if (slope !== undefined) expect(slope * 60 * S).toBeCloseTo(1, 6);
          }
        },
      ),
    );
  });

  it('equals a slow reference over gaps, late samples, clocks set back and rubbish', () => {
    fc.assert(
      fc.property(samples(fc.double({ noNaN: true, min: -1e9, max: 1e9 })), (points) => {
        const track = new GaugeTrack(SHAPE);
        points.forEach((point, at) => {
          const read = track.read(point.atMs, point.value);
          const run = lastRun(points.slice(0, at + 1));
          const kept = inWindow(thinned(run));
          const isJudged =
            run.at(-1) === point &&
            kept.at(-1) === point &&
            kept.length >= 5 &&
            point.atMs - kept[0]!.atMs >= SHAPE.windowMs / 2;
          if (!isJudged) expect(read).toBeUndefined();
          else {
            const slopes = kept
              .flatMap((a, from) => kept.slice(from + 1).map((b) => (b.value - a.value) / (b.atMs - a.atMs)))
              .sort((a, b) => a - b);
            const middle = slopes.length / 2;
            const expected =
              slopes.length % 2 === 1
                ? slopes[Math.floor(middle)]!
                : (slopes[middle - 1]! + slopes[middle]!) / 2;
            expect(read).toBe(expected);
          }
        });
      }),
    );
  });

  it('is the median of an odd and of an even number of slopes', () => {
    expect(medianSlope([0, 1, 2], [0, 1, 5])).toBe(2.5);
    expect(medianSlope([0, 1, 2, 3], [0, 0, 0, 9])).toBe(1.5);
  });
});

describe('the increase of a counter', () => {
  /** Each rise whose next value is not below it; where a value is between the two around it, it was wrong. */
  function risesOf(run: readonly Point[]): { atMs: number; rise: number }[] {
    const values: Point[] = [];
    const rises: { atMs: number; rise: number; from: number }[] = [];
    for (const point of run) {
      const last = values.at(-1);
      const before = values.at(-2) ?? last;
      if (last !== undefined && before !== undefined && point.value < last.value) {
        rises.pop();
        if (point.value >= before.value && values.length > 1) values.pop();
      }
      const from = values.at(-1) ?? point;
      rises.push({ atMs: point.atMs, rise: Math.max(0, point.value - from.value), from: from.value });
      values.push(point);
    }
    return rises;
  }

  it('equals what it rose, without restarts and rubbish', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 20, maxLength: 40 }), (rises) => {
        const track = new CounterTrack(SHAPE, 2);
        let value = 5_000;
        const values = rises.map((rise) => (value += rise));
        const read = values.map((each, at) => track.read(at * 60 * S, each, 2 * each));
        const last = read.at(-1)!;
        // Nine points make a window of eight minutes; the newest rise waits for the next sample.
        const at = values.length - 2;
        const expected = values[at]! - values[at - 8]!;
        expect(last).toEqual({
          increase: expected,
          divisor: 2 * expected,
          spanMs: SHAPE.windowMs,
          isWhole: true,
        });
      }),
    );
  });

  it('is never negative and never more than what it rose in all', () => {
    fc.assert(
      fc.property(samples(fc.nat(1_000)), (points) => {
        const track = new CounterTrack(SHAPE, 1);
        points.forEach((point, at) => {
          const read = track.read(point.atMs, point.value);
          if (read === undefined) return;
          const run = lastRun(points.slice(0, at + 1));
          const all = risesOf(run).reduce((sum, { rise }) => sum + rise, 0);
          expect(read.increase).toBeGreaterThanOrEqual(0);
          expect(read.increase).toBeLessThanOrEqual(all);
          expect(read.spanMs).toBeLessThanOrEqual(2 * SHAPE.windowMs);
        });
      }),
    );
  });

  function totalOf(values: readonly (number | bigint)[]): number | undefined {
    const track = new CounterTrack(SHAPE, 1);
    return values.map((value, at) => track.read(at * 60 * S, value)).at(-1)?.increase;
  }

  it('does not know what was between a restart and the sample before it', () => {
    expect(totalOf([100, 110, 120, 3, 5, 6, 6])).toBe(13);
  });

  it('does not count one wrong value, up and back again', () => {
    expect(totalOf([100, 101, 1e12, 102, 103, 103])).toBe(3);
    expect(totalOf([100, 101, 1e12])).toBe(1);
  });

  it('is exact beyond 2^53, where a counter changes from a number to a bigint', () => {
    const limit = 2n ** 53n;
    expect(totalOf([Number(limit - 2n), limit + 1n, limit + 3n, limit + 3n])).toBe(5);
  });

  it('says that it is at least so much before the window is full', () => {
    const track = new CounterTrack(SHAPE, 1);
    expect(track.read(0, 10)).toBeUndefined();
    expect(track.read(60 * S, 12)).toMatchObject({ increase: 0, isWhole: false });
    expect(track.read(120 * S, 13)).toMatchObject({ increase: 2, spanMs: 120 * S, isWhole: false });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isFired,
  levelOf,
  phaseOf,
  transitionOf,
  type AlertState,
  type Evaluation,
  type StateRule,
} from './alert-state.ts';
import { nextAlertState } from './next-alert-state.ts';

const MINUTE = 60_000;

/** Minor above 90 for 5 min, major above 97 for 2 min; both clear at 85 for 5 min; a sample a minute. */
const cpu: StateRule = {
  intervalMs: MINUTE,
  levels: [
    { forMs: 5 * MINUTE, clearForMs: 5 * MINUTE },
    { forMs: 2 * MINUTE, clearForMs: 5 * MINUTE },
  ],
};

function evaluate(value: number): Evaluation[] {
  return [90, 97].map((raise) => (value > raise ? 'breach' : value <= 85 ? 'clear' : 'between'));
}

interface Step {
  readonly minute: number;
  readonly state: AlertState | undefined;
  readonly event: string | undefined;
}

/** Samples of [minute, value], as they come. */
function replay(samples: readonly (readonly [number, number])[], rule = cpu): Step[] {
  let state: AlertState | undefined;
  return samples.map(([minute, value]) => {
    const before = state;
    state = nextAlertState(rule, before, { timeMs: minute * MINUTE, evaluations: evaluate(value) });
    return { minute, state, event: transitionOf(before, state) };
  });
}

function events(samples: readonly (readonly [number, number])[]): string[] {
  return replay(samples).flatMap(({ minute, event }) => (event === undefined ? [] : [`${minute} ${event}`]));
}

function run(fromMinute: number, toMinute: number, value: number): [number, number][] {
  return Array.from({ length: toMinute - fromMinute + 1 }, (_, at) => [fromMinute + at, value]);
}

describe('the life of an alert', () => {
  it('fires when the breach has lasted five minutes and resolves five clear minutes later', () => {
    expect(events([...run(0, 10, 95), ...run(11, 20, 50)])).toEqual([
      '5 fired',
      '11 recovering',
      '16 resolved',
    ]);
  });

  it('reports nothing of a breach of four minutes', () => {
    expect(events([...run(0, 4, 95), ...run(5, 8, 50), ...run(9, 12, 95), [13, 50]])).toEqual([]);
  });

  it('keeps firing through a one-minute dip', () => {
    const steps = replay([...run(0, 6, 95), [7, 50], ...run(8, 9, 95)]);
    expect(steps.slice(5).map(({ state }) => state && phaseOf(state))).toEqual([
      'firing',
      'firing',
      'recovering',
      'firing',
      'firing',
    ]);
    expect(new Set(steps.map(({ state }) => state?.startedAtMs))).toEqual(new Set([0]));
  });

  it('does not flap while the value swings between the clear and the raise level', () => {
    expect(events([...run(0, 6, 95), [7, 88], [8, 91], [9, 86], [10, 92], [11, 88]])).toEqual(['5 fired']);
  });

  it('gets worse and better without becoming another alert', () => {
    const samples = [...run(0, 5, 95), ...run(6, 8, 99), ...run(9, 14, 50)];
    expect(events(samples)).toEqual(['5 fired', '8 escalated', '9 recovering', '14 resolved']);
    expect(replay(samples).at(-2)?.state?.startedAtMs).toBe(0);
  });

  it('fires at the graver level first when that asks for less time', () => {
    const steps = replay(run(0, 2, 99));
    expect(steps.at(-1)?.event).toBe('fired');
    expect(steps.at(-1)?.state && levelOf(steps.at(-1)!.state!)).toBe(1);
  });

  it('never resolves without data, however long', () => {
    expect(events([...run(0, 6, 95), [10_000, 95]])).toEqual(['5 fired']);
    expect(events([...run(0, 6, 95), [10_000, 50], [10_001, 50]])).toEqual(['5 fired', '10000 recovering']);
  });

  it('does not count a gap toward `for`', () => {
    // Three minutes of progress, then four minutes without a sample: two more are needed.
    expect(events([...run(0, 3, 95), ...run(7, 10, 95)])).toEqual(['9 fired']);
  });

  it('starts anew after a gap longer than `for`, with the new breach as its start', () => {
    const steps = replay([...run(0, 3, 95), ...run(60, 65, 95)]);
    expect(steps.filter(({ event }) => event === 'fired').map(({ minute }) => minute)).toEqual([65]);
    expect(steps.at(-1)?.state?.startedAtMs).toBe(60 * MINUTE);
  });

  it('does not count a gap toward `clearFor` either', () => {
    expect(events([...run(0, 6, 95), [7, 50], [30, 50], ...run(31, 36, 50)])).toEqual([
      '5 fired',
      '7 recovering',
      '35 resolved',
    ]);
  });

  it('adapts to samples that come more slowly than the rule expects', () => {
    // Every ten minutes where one a minute is expected: the first gap is not counted, the next ones are.
    expect(events([0, 10, 20, 30].map((minute) => [minute, 95] as const))).toEqual(['20 fired']);
  });
});

const anyRule = fc.record({
  intervalMs: fc.integer({ min: 1, max: 20 }),
  levels: fc.array(
    fc.record({ forMs: fc.integer({ min: 0, max: 40 }), clearForMs: fc.integer({ min: 0, max: 40 }) }),
    { minLength: 1, maxLength: 3 },
  ),
});
/** Steps in time and heights; level n breaches above n + 1 and is clear at or below 0. */
const anySamples = fc.array(
  fc.record({ gapMs: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 0, max: 4 }) }),
  { maxLength: 120 },
);

function heights(rule: StateRule, height: number): Evaluation[] {
  return rule.levels.map((_, at) => (height > at + 1 ? 'breach' : height === 0 ? 'clear' : 'between'));
}

interface Moment {
  readonly timeMs: number;
  readonly height: number;
  readonly before: AlertState | undefined;
  readonly after: AlertState | undefined;
}

function live(rule: StateRule, samples: readonly { gapMs: number; height: number }[]): Moment[] {
  let timeMs = 0;
  let state: AlertState | undefined;
  return samples.map(({ gapMs, height }) => {
    timeMs += gapMs;
    const before = state;
    state = nextAlertState(rule, before, { timeMs, evaluations: heights(rule, height) });
    return { timeMs, height, before, after: state };
  });
}

describe('any alert, whatever its samples', () => {
  it('never fires twice without resolving, and every change has exactly one fitting name', () => {
    fc.assert(
      fc.property(anyRule, anySamples, (rule, samples) => {
        let open = false;
        for (const { before, after } of live(rule, samples)) {
          const event = transitionOf(before, after);
          if (event === 'fired') expect(open).toBe(false);
          else if (event !== undefined) expect(open).toBe(true);
          if (event === 'fired') open = true;
          if (event === 'resolved') open = false;
          expect(after !== undefined && isFired(after)).toBe(open);
        }
      }),
    );
  });

  it('fires only after consecutive breaches that span `for`', () => {
    fc.assert(
      fc.property(anyRule, anySamples, (rule, samples) => {
        const moments = live(rule, samples);
        moments.forEach(({ before, after, timeMs }, at) => {
          if (after === undefined || transitionOf(before, after) !== 'fired') return;
          const level = levelOf(after);
          let first = at;
          while (first > 0 && (moments[first - 1]?.height ?? 0) > level + 1) first--;
          expect(moments[at]?.height).toBeGreaterThan(level + 1);
          expect(timeMs - (moments[first]?.timeMs ?? Infinity)).toBeGreaterThanOrEqual(
            rule.levels[level]?.forMs ?? Infinity,
          );
        });
      }),
    );
  });

  it('resolves only by a clear sample, after clear ones that span `clearFor`', () => {
    fc.assert(
      fc.property(anyRule, anySamples, (rule, samples) => {
        const moments = live(rule, samples);
        moments.forEach(({ before, after, timeMs, height }, at) => {
          if (before === undefined || transitionOf(before, after) !== 'resolved') return;
          expect(height).toBe(0);
          let first = at;
          while (first > 0 && moments[first - 1]?.height === 0) first--;
          const needed = Math.min(...rule.levels.map((level) => level.clearForMs));
          expect(timeMs - (moments[first]?.timeMs ?? Infinity)).toBeGreaterThanOrEqual(needed);
        });
      }),
    );
  });

  it('keeps one start from its first breach to its end, and no two alerts share one', () => {
    fc.assert(
      fc.property(anyRule, anySamples, (rule, samples) => {
        const starts: number[] = [];
        for (const { before, after } of live(rule, samples)) {
          const event = transitionOf(before, after);
          if (event === 'fired') starts.push(after?.startedAtMs ?? NaN);
          else if (event !== undefined && event !== 'resolved')
            expect(after?.startedAtMs).toBe(starts.at(-1));
        }
        expect(new Set(starts).size).toBe(starts.length);
        expect([...starts].sort((a, b) => a - b)).toEqual(starts);
      }),
    );
  });
});

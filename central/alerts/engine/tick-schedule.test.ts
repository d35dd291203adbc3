import { expect, it } from 'vitest';
import { absenceFile, ruleOf } from '../testing/batches-and-rules.ts';
import { S, START } from '../testing/engine-harness.ts';
import type { TickEvaluator } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { createRuntimes, type RuleRuntime } from './rule-runtime.ts';
import { TickSchedule } from './tick-schedule.ts';

function runtimeOf(changes: Partial<TickEvaluator>): RuleRuntime<TickEvaluator> {
  const rule = ruleOf('a', absenceFile());
  const evaluator = { ...rule.evaluator, ...changes } as TickEvaluator;
  const runtimes = createRuntimes([{ ...rule, evaluator } satisfies AlertRule]);
  return runtimes.get('a') as RuleRuntime<TickEvaluator>;
}

/** Seconds after the start at which it is due. */
function dueAt(
  schedule: TickSchedule,
  runtime: RuleRuntime<TickEvaluator>,
  place: number,
  untilS: number,
): number[] {
  const seconds = Array.from({ length: untilS }, (_, atS) => atS);
  return seconds.filter((atS) => schedule.isDue(runtime, place, START + atS * S));
}

it('a rule that reads other evidence is due at each tick, whatever its interval: only it knows when there is news', () => {
  expect(dueAt(new TickSchedule(START), runtimeOf({ intervalMs: 60 * S }), 0, 5)).toEqual([0, 1, 2, 3, 4]);
});

it('one that judges reports is due once an interval, from the third on, and each in its own second', () => {
  const schedule = new TickSchedule(START);
  const reports = { intervalMs: 10 * S, judgesReports: true } as const;
  const [first, second] = [runtimeOf(reports), runtimeOf(reports)];
  expect(dueAt(schedule, first, 0, 60)).toEqual([30, 40, 50]);
  expect(dueAt(schedule, second, 3, 60)).toEqual([30, 33, 43, 53]);
});

it.each([
  [60, 180],
  [300, 600],
  [3_600, 3_960],
])(
  'an interval of %i s is waited for until all can have sent, though not for hours: %i s',
  (intervalS, dueS) => {
    const runtime = runtimeOf({ intervalMs: intervalS * S, judgesReports: true });
    expect(dueAt(new TickSchedule(START), runtime, 0, 10_000)[0]).toBe(dueS);
  },
);

it('goes on where the time of central is set back', () => {
  const schedule = new TickSchedule(START + 3_600 * S);
  const runtime = runtimeOf({ intervalMs: 10 * S, judgesReports: true });
  expect(dueAt(schedule, runtime, 0, 60)).toEqual([30, 40, 50]);
});

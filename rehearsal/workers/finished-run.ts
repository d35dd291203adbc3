import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { ruleCoverage, type RuleCoverage } from '../score/rule-coverage.ts';
import { runScenario } from '../scenarios/run-scenario.ts';
import { scoreScenario, type ScenarioScore } from '../scenarios/score-scenario.ts';
import { hashesOf, timelineOf, type RunHashes, type Timeline } from '../scenarios/timeline.ts';

/** A scenario in one city. */
export interface PlannedRun {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** What is left of a run once it is scored: plain data. */
export interface FinishedRun {
  readonly title: Scenario['title'];
  readonly score: ScenarioScore;
  readonly hashes: RunHashes;
  readonly timeline: Timeline;
  readonly rules: Pick<RuleCoverage, 'fired' | 'quiet'>;
  readonly tookS: number;
}

export interface RunWays {
  /** Where it may write meanwhile. */
  readonly directory: string;
  readonly rules: readonly AlertRule[];
}

export async function finishRun({ scenario, seed }: PlannedRun, ways: RunWays): Promise<FinishedRun> {
  const startMs = performance.now();
  const run = await runScenario(scenario, seed, ways);
  const { fired, quiet } = ruleCoverage(ways.rules, run.recorded);
  return {
    title: scenario.title,
    score: scoreScenario(run),
    hashes: hashesOf(run),
    timeline: timelineOf(run),
    rules: { fired, quiet },
    tookS: (performance.now() - startMs) / 1_000,
  };
}

import { createHash } from 'node:crypto';
import { scoreCard, type ScoreCard } from './score-card.ts';
import type { ScenarioScore } from './score-scenario.ts';
import type { RunHashes } from './timeline.ts';

/** `rehearsal/score-card.json`: what the shipped rules were worth in the shipped scenarios. */
export interface CommittedCard {
  /** Of the texts of the shipped rules. */
  readonly rules: string;
  readonly seeds: readonly number[];
  readonly scenarios: Readonly<Record<string, CommittedScenario>>;
  /** Over all runs. */
  readonly figures: ScoreCard;
}

export interface CommittedScenario {
  /** Of its text. */
  readonly text: string;
  readonly met: number;
  readonly runs: number;
  /** Of all runs, in the order of their seeds. */
  readonly truth: string;
  readonly alerts: string;
}

export interface CardRun {
  readonly score: ScenarioScore;
  readonly hashes: RunHashes;
}

/** Texts by name, in any order. Pure. */
export function textsHash(texts: ReadonlyMap<string, string>): string {
  return hash([...texts].sort(([a], [b]) => (a < b ? -1 : 1)).flat());
}

/** `scenarios`: the text of each by its name. Pure. */
export function committedCard(
  runs: readonly CardRun[],
  { rules, scenarios }: { readonly rules: string; readonly scenarios: ReadonlyMap<string, string> },
): CommittedCard {
  const names = [...new Set(runs.map(({ score }) => score.scenario))].sort();
  const scenarioOf = (name: string): CommittedScenario => {
    const own = runs
      .filter(({ score }) => score.scenario === name)
      .sort((a, b) => a.score.seed - b.score.seed);
    return {
      text: textsHash(new Map([[name, scenarios.get(name) ?? '']])),
      met: own.filter(({ score }) => score.failures.length === 0).length,
      runs: own.length,
      truth: hash(own.map(({ hashes }) => hashes.truth)),
      alerts: hash(own.map(({ hashes }) => hashes.alerts)),
    };
  };
  return {
    rules,
    seeds: [...new Set(runs.map(({ score }) => score.seed))].sort((a, b) => a - b),
    scenarios: Object.fromEntries(names.map((name) => [name, scenarioOf(name)])),
    figures: scoreCard(runs.map(({ score }) => score)),
  };
}

/** What a new card has less than the one before: it may only rise. `asked`: names of what was to be run; none: all. Pure. */
export function fallen(
  before: CommittedCard,
  after: CommittedCard,
  asked: readonly string[] = [],
): readonly string[] {
  const found: string[] = [];
  for (const [name, { met, runs }] of Object.entries(before.scenarios)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const now = after.scenarios[name];
    if (now === undefined) found.push(`${name}: was in the card, and was not run`);
    else if (now.met * runs < met * now.runs)
      found.push(`${name}: ${met} of ${runs} runs were met, now ${now.met} of ${now.runs}`);
  }
  return found;
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

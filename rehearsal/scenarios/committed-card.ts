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

/** Of a figure on a card: whether more of it is better, or less. */
const BETTER: Readonly<Record<Exclude<keyof ScoreCard, 'scenarios' | 'runs' | 'passed'>, 'more' | 'less'>> = {
  ...{ recallPct: 'more', rootExactPct: 'more', pathGroundedPct: 'more', symptomsAttributedPct: 'more' },
  ...{ falsePagesPct: 'less', toldP50S: 'less', toldP95S: 'less', falseAlerts: 'less', duplicates: 'less' },
  ...{ falseResolves: 'less', orphans: 'less', messagesPerIncident: 'less', suppressedMinutes: 'less' },
  pagesPerOperatorMost: 'less',
};

/**
 * What these runs are worth less than the card: it may only rise. Only what both have is compared, so that a further scenario or seed lowers
 * nothing; what the card has and was not run has fallen, too. `asked`: names of what was to be run, without the figures, which are over all
 * runs; none: all. Pure.
 */
export function fallen(
  before: CommittedCard,
  runs: readonly CardRun[],
  asked: readonly string[] = [],
): readonly string[] {
  const ran = new Set(runs.map(({ score }) => score.seed));
  const missing = before.seeds.filter((seed) => !ran.has(seed));
  if (missing.length > 0) return missing.map((seed) => `seed ${seed}: was in the card, and was not run`);
  const same = runs.filter(
    ({ score }) => before.seeds.includes(score.seed) && before.scenarios[score.scenario] !== undefined,
  );
  const after = committedCard(same, { rules: before.rules, scenarios: new Map() });
  const found: string[] = [];
  for (const [name, { met, runs: of }] of Object.entries(before.scenarios)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const now = after.scenarios[name];
    if (now === undefined) found.push(`${name}: was in the card, and was not run`);
    else if (now.runs < of) found.push(`${name}: ${of} runs were in the card, now ${now.runs}`);
    else if (now.met < met)
      found.push(`${name}: ${met} of ${of} runs were met, now ${now.met} of ${now.runs}`);
  }
  return asked.length > 0 ? found : [...found, ...worse(before.figures, after.figures)];
}

/** Scenarios that say and have the same as on the card, under the same rules, and of which central told something else. Pure. */
export function toldOtherwise(before: CommittedCard, after: CommittedCard): readonly string[] {
  if (before.rules !== after.rules || String(before.seeds) !== String(after.seeds)) return [];
  return Object.entries(after.scenarios).flatMap(([name, now]) => {
    const then = before.scenarios[name];
    if (then === undefined || then.text !== now.text) return [];
    if (then.truth !== now.truth) return [`${name}: another truth than in the card`];
    return then.alerts === now.alerts ? [] : [`${name}: other alerts than in the card`];
  });
}

function worse(before: ScoreCard, after: ScoreCard): readonly string[] {
  return Object.entries(BETTER).flatMap(([key, better]) => {
    const figure = key as keyof typeof BETTER;
    const [then, now] = [before[figure], after[figure]];
    if (then === undefined) return [];
    const isWorse = now === undefined || (better === 'more' ? now < then : now > then);
    return isWorse ? [`${figure} was ${then}, now ${now ?? 'nothing to judge'}`] : [];
  });
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

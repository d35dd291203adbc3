import type { Catalogue } from '../../contract/catalogue.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { runScenario } from '../scenarios/run-scenario.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { choose, stateOf } from './choose.ts';
import { candidateBegins, effectsOf, type CandidateBegins } from './effects.ts';
import { fullestHour } from './page-load.ts';
import type { Budget } from './parse-budget.ts';
import { rehearsedOf, type Rehearsed } from './rehearsed.ts';

/** One change of the proposal, with what it alone was seen to do beside the rules as they were. */
export interface ProposedChange {
  readonly candidate: Candidate;
  readonly pagesLess: number;
  /** Of all that is due together, later than before. */
  readonly delayMs: number;
}

export interface Proposal {
  readonly before: readonly Rehearsed[];
  /** Rehearsed again with all changes together. */
  readonly after: readonly Rehearsed[];
  readonly changes: readonly ProposedChange[];
  readonly isMet: boolean;
}

export interface ProposalSources {
  readonly planned: readonly { readonly scenario: Scenario; readonly seed: number }[];
  readonly rules: readonly AlertRule[];
  readonly catalogue: Catalogue;
  /** Between two runs; throws where somebody wants it to end. */
  readonly onRun: (done: number, round: number, what: 'as they are' | 'with candidates') => void;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
}

/** Of a rule that was changed and still pages too often another change is tried so often. */
const ROUNDS = 4;
/** No round begins after it. */
const LONGEST_MS = 15 * 60_000;

/**
 * Rehearses, tries all candidates of the rules that paged beside them in one run each, chooses, and rehearses the choice: incidents and suppression
 * decide what a page is, so that only this shows what it is worth. At most `ROUNDS` times.
 */
export async function propose(budget: Budget, sources: ProposalSources): Promise<Proposal> {
  const { catalogue, nowMs } = sources;
  const startMs = nowMs();
  const before = await rehearse(sources, sources.rules, 0);
  let now = before;
  let rules = sources.rules;
  let changes: readonly ProposedChange[] = [];
  for (let round = 1; !isMet(now, budget) && round <= ROUNDS && nowMs() - startMs < LONGEST_MS; round++) {
    const paging = new Set(
      now.flatMap(({ pages }) => pages.flatMap(({ begins }) => begins.map(({ rule }) => rule))),
    );
    const candidates = rules
      .filter(({ id }) => paging.has(id))
      .flatMap((rule) => candidatesOf(rule, catalogue));
    const begins = await tryBeside(sources, rules, candidates, round);
    const effects = effectsOf(now, begins, candidates);
    const chosen = choose(now, effects, budget);
    if (chosen.length === 0) break;
    const pagesNow = now.reduce((sum, { pages }) => sum + pages.length, 0);
    const added = chosen.map((effect): ProposedChange => {
      const { pages, cost } = stateOf(now, [effect], budget);
      return { candidate: effect.candidate, pagesLess: pagesNow - pages, delayMs: cost.delayMs };
    });
    const changed = new Map(chosen.map(({ candidate }) => [candidate.rule.id, candidate.rule]));
    const nextRules = rules.map((rule) => changed.get(rule.id) ?? rule);
    const next = await rehearse(sources, nextRules, round);
    // Together they keep back what none of them would alone.
    if (toldInTime(next) < toldInTime(now)) break;
    changes = [...changes, ...added];
    rules = nextRules;
    now = next;
  }
  return { before, after: now, changes, isMet: isMet(now, budget) };
}

function isMet(runs: readonly Rehearsed[], { pagesPerHour }: Budget): boolean {
  return runs.every(({ pages }) => fullestHour(pages) <= pagesPerHour);
}

function toldInTime(runs: readonly Rehearsed[]): number {
  return runs.flatMap(({ debts }) => debts).filter(({ toldAtMs }) => toldAtMs !== undefined).length;
}

async function rehearse(
  { planned, onRun }: ProposalSources,
  rules: readonly AlertRule[],
  round: number,
): Promise<readonly Rehearsed[]> {
  const runs: Rehearsed[] = [];
  for (const { scenario, seed } of planned) {
    onRun(runs.length, round, 'as they are');
    runs.push(rehearsedOf(await runScenario(scenario, seed, { rules })));
  }
  return runs;
}

/** Rules do not see each other: each candidate has its alerts as if it were alone. What is told of them does not count. */
async function tryBeside(
  { planned, onRun }: ProposalSources,
  rules: readonly AlertRule[],
  candidates: readonly Candidate[],
  round: number,
): Promise<readonly CandidateBegins[]> {
  const named = new Map(candidates.map((candidate, at) => [`candidate_${at}`, candidate]));
  const beside = [...named].map(([id, { rule }]) => ({ ...rule, id }));
  const found: CandidateBegins[] = [];
  for (const { scenario, seed } of planned) {
    onRun(found.length, round, 'with candidates');
    const { recorded } = await runScenario(scenario, seed, { rules: [...rules, ...beside] });
    found.push(candidateBegins(recorded.alerts, named));
  }
  return found;
}

import { CATALOGUE } from '../../contract/measurements/index.ts';
import { EXIT } from '../../runtime/errors.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { BOUNDARIES_DIRECTORY, loadBoundaryTests } from '../../rehearsal/mutations/boundary-tests.ts';
import { mutantsOf } from '../../rehearsal/mutations/mutants.ts';
import { MutationScore } from '../../rehearsal/mutations/mutation-score.ts';
import { scoreByBoundaries } from '../../rehearsal/mutations/score-by-boundaries.ts';
import { scoreByScenario } from '../../rehearsal/mutations/score-by-scenario.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { print, printError, terminalJson } from '../terminal.ts';

/** Of all mutants, in per cent. */
const BAR_PCT = 90;

export interface MutationOptions {
  readonly seed: number;
  readonly json?: true;
}

/** `--mutations`: what the boundary tests notice, and the scenarios of rules that no test can feed. */
export async function runMutations(
  rules: readonly AlertRule[],
  scenarios: readonly Scenario[],
  { seed, json }: MutationOptions,
  shutdown: AbortSignal,
): Promise<void> {
  const context = { catalogue: CATALOGUE, rules };
  const tests = loadBoundaryTests(BOUNDARIES_DIRECTORY, context);
  const score = new MutationScore();
  const failures: string[] = [];
  const tested = rules.filter(({ id }) => tests.has(id));
  for (const [at, rule] of tested.entries()) {
    await oneTurn();
    shutdown.throwIfAborted();
    failures.push(...scoreByBoundaries(rule, tests.get(rule.id) ?? [], context, score));
    if (process.stderr.isTTY) printError(`${at + 1} of ${tested.length} rules\n`);
  }
  const mutants = rules.filter(({ id }) => !tests.has(id)).flatMap((rule) => mutantsOf(rule, CATALOGUE));
  for (const [at, scenario] of scenarios.entries()) {
    shutdown.throwIfAborted();
    await scoreByScenario(scenario, seed, { rules, mutants }, score);
    printError(`${at + 1} of ${scenarios.length} scenarios: ${scenario.id}\n`);
  }
  const { noticedPct, survivors } = score;
  const untried = scenarios.length === 0 ? mutants.length : 0;
  if (json === true)
    print(
      terminalJson({ event: 'mutations', mutants: score.mutants, noticedPct, survivors, untried, failures }),
    );
  else {
    for (const line of [...failures, ...survivors.map((name) => `not noticed: ${name}`)]) print(`${line}\n`);
    print(`${score.mutants} mutants, ${noticedPct ?? 0} % noticed (bar: ${BAR_PCT} %)\n`);
    if (untried > 0)
      print(`${untried} of rules that only scenarios can feed were not tried: name scenarios, or --all\n`);
  }
  if (failures.length > 0 || (noticedPct ?? 0) < BAR_PCT) process.exitCode = EXIT.differs;
}

/** Signals are heard in between. */
function oneTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

import { writeFileSync } from 'node:fs';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { RECORDING_ENDING } from '../../rehearsal/recording/recording-file.ts';
import { reportPage, type ReportedRun } from '../../rehearsal/report/report-page.ts';
import { scenarioInventory } from '../../rehearsal/scenarios/run-scenario.ts';
import { cardLines, scoreCard } from '../../rehearsal/scenarios/score-card.ts';
import type { FinishedRun } from '../../rehearsal/workers/finished-run.ts';
import { runAll } from '../../rehearsal/workers/run-all.ts';
import { loadScenarios, scenarioNames, SCENARIOS_DIRECTORY } from '../../simulators/load-scenarios.ts';
import { BOUNDARIES_DIRECTORY, loadBoundaryTests } from '../../rehearsal/mutations/boundary-tests.ts';
import { CoveredRules, uncovered, type CoveredRule } from '../../rehearsal/score/covered-rules.ts';
import { runBudget } from './budget.ts';
import { runMutations } from './mutations.ts';
import { rehearseRecordings } from './recordings.ts';
import { print, printError, terminalJson } from '../terminal.ts';
import { textTable } from '../text-table.ts';

/** Its program is built beside this one. */
const WORKER = new URL('./rehearse-worker.js', import.meta.url);

export interface RehearseOptions {
  readonly all?: true;
  readonly list?: true;
  readonly seeds: number;
  readonly seed: number;
  readonly mutations?: true;
  readonly budget?: string;
  readonly json?: true;
  readonly report?: string;
}

export async function runRehearse(
  wanted: readonly string[],
  options: RehearseOptions,
  shutdown: AbortSignal,
): Promise<void> {
  const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const rules = shipped.map(({ id }) => id);
  const load = (names: readonly string[]) =>
    loadScenarios(names, { directory: SCENARIOS_DIRECTORY, rules, inventoryOf: scenarioInventory });
  const all = scenarioNames(SCENARIOS_DIRECTORY);
  if (options.list === true) {
    const rows = load(all).map(({ id, title, length }) => [
      id,
      `${Math.round(length / 60_000)} min`,
      title.en,
      title.vi,
    ]);
    print(textTable(['SCENARIO', 'LENGTH', 'TITLE', 'TÊN'], rows, [1]));
    return;
  }
  const recordings = wanted.filter((name) => name.endsWith(RECORDING_ENDING));
  if (recordings.length > 0) {
    const others = (['all', 'budget', 'mutations', 'report'] as const).filter(
      (name) => options[name] !== undefined,
    );
    const besides = [
      ...wanted.filter((name) => !name.endsWith(RECORDING_ENDING)),
      ...others.map((name) => `--${name}`),
    ];
    if (besides.length > 0)
      throw new UserError(EXIT.badConfig, [
        `rehearse: expected recordings alone, got ${besides.join(', ')} besides`,
      ]);
    return rehearseRecordings(recordings, shipped, options, shutdown);
  }
  const names = [...new Set(options.all === true ? [...all, ...wanted] : wanted)];
  const { budget } = options;
  if (budget !== undefined) return runBudget(shipped, load(names), { ...options, budget }, shutdown);
  if (options.mutations === true) return runMutations(shipped, load(names), options, shutdown);
  if (names.length === 0)
    throw new UserError(EXIT.badConfig, ['rehearse: expected names of scenarios, --all or --list']);
  const planned = load(names).flatMap((scenario) =>
    Array.from({ length: options.seeds }, (_, at) => ({ scenario, seed: options.seed + at })),
  );
  const finished: (FinishedRun | undefined)[] = planned.map(() => undefined);
  let done = 0;
  let told = 0;
  await runAll(planned, {
    ...{ program: WORKER, shutdown },
    onEnd: (run, at) => {
      finished[at] = run;
      tellProgress(run, options, { done: ++done, total: planned.length });
      // In the order in which they were asked for.
      for (let next = finished[told]; next !== undefined; next = finished[++told]) tellRun(next, options);
    },
  });
  const runs = finished.flatMap((run) => run ?? []);
  const covered = new CoveredRules(shipped);
  covered.addTests(loadBoundaryTests(BOUNDARIES_DIRECTORY, { catalogue: CATALOGUE, rules: shipped }));
  for (const { score, rules: seen } of runs) covered.addRun(score.scenario, seen);
  finish(runs, covered.list(), options);
}

function tellProgress(
  { score, tookS }: FinishedRun,
  { json }: RehearseOptions,
  { done, total }: { readonly done: number; readonly total: number },
): void {
  if (json === true) return;
  const verdict = score.failures.length === 0 ? 'met' : 'NOT MET';
  printError(
    `${done} of ${total}: ${score.scenario}, seed ${score.seed}: ${verdict}, ${tookS.toFixed(1)} s\n`,
  );
}

function tellRun({ score, hashes }: FinishedRun, { json }: RehearseOptions): void {
  const { scenario, seed, failures } = score;
  if (json === true) print(terminalJson({ event: 'run', ...score, hashes }));
  else for (const failure of failures) print(`${scenario}, seed ${seed}: ${failure}\n`);
}

function finish(
  runs: readonly ReportedRun[],
  rules: readonly CoveredRule[],
  { json, report, all }: RehearseOptions,
): void {
  const scores = runs.map(({ score }) => score);
  const card = scoreCard(scores);
  const lacking = uncovered(rules);
  if (json === true)
    print(terminalJson({ event: 'card', ...card, rules: { of: rules.length, uncovered: lacking } }));
  else {
    const rows = scores.map((score) => [
      ...[score.scenario, String(score.seed), score.failures.length === 0 ? 'met' : 'NOT MET'],
      ...[
        `${score.due.good}/${score.due.of}`,
        score.toldS.length === 0 ? '–' : `${Math.round(Math.max(...score.toldS))} s`,
      ],
      ...[score.roots, score.paths, score.symptoms].map(({ good, of }) => `${good}/${of}`),
      ...[`${score.pages - score.falsePages}/${score.pages}`, String(score.falseAlerts)],
    ]);
    const head = ['SCENARIO', 'SEED', '', 'DUE', 'TOLD', 'ROOT', 'PATH', 'SYMPTOMS', 'PAGES', 'FALSE'];
    print(`${textTable(head, rows, [1, 3, 4, 5, 6, 7, 8, 9])}\n`);
    const lines = cardLines(card);
    // A few scenarios are not meant to show all rules.
    const ofRules = all === true ? [coverageLine(rules.length, lacking)] : [];
    print(textTable(['FIGURE', 'VALUE', 'BAR'], [...lines, ...ofRules]));
    if (all === true && lacking.length > 0)
      print(`not seen both to fire and to stay quiet: ${lacking.join(', ')}\n`);
  }
  if (report !== undefined) writeReport(report, reportPage(runs, card, rules));
  if (card.passed < card.runs) process.exitCode = EXIT.differs;
}

function coverageLine(of: number, lacking: readonly string[]): readonly [string, string, string] {
  return ['rules seen to fire and to stay quiet', `${of - lacking.length} of ${of}`, 'all'];
}

function writeReport(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`--report: ${file}: cannot be written: ${messageOf(error)}`], error);
  }
}

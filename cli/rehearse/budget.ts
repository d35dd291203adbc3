import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { fullestHour } from '../../rehearsal/budget/page-load.ts';
import { parseBudget } from '../../rehearsal/budget/parse-budget.ts';
import { propose, type Proposal, type ProposedChange } from '../../rehearsal/budget/propose.ts';
import type { Rehearsed } from '../../rehearsal/budget/rehearsed.ts';
import { editedText, unifiedDiff } from '../../rehearsal/budget/rule-diff.ts';
import { quantile } from '../../rehearsal/score/quantile.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { print, printError, terminalJson } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface BudgetOptions {
  readonly budget: string;
  readonly seeds: number;
  readonly seed: number;
  readonly json?: true;
}

/** `--budget`: changes to the rules by which operators are paged no oftener than that. */
export async function runBudget(
  rules: readonly AlertRule[],
  scenarios: readonly Scenario[],
  { budget: text, seeds, seed, json }: BudgetOptions,
  shutdown: AbortSignal,
): Promise<void> {
  const budget = parseBudget(text);
  if (typeof budget === 'string') throw new UserError(EXIT.badConfig, [`--budget: ${budget}`]);
  if (scenarios.length === 0)
    throw new UserError(EXIT.badConfig, [
      '--budget: expected names of the scenarios to propose by, or --all, got none',
    ]);
  const planned = scenarios.flatMap((scenario) =>
    Array.from({ length: seeds }, (_, at) => ({ scenario, seed: seed + at })),
  );
  const proposal = await propose(budget, {
    ...{ planned, rules, catalogue: CATALOGUE, nowMs: () => performance.now() },
    onRun: (done, round, what) => {
      shutdown.throwIfAborted();
      printError(`round ${round}, rules ${what}: ${done + 1} of ${planned.length}\n`);
    },
  });
  const diff = diffOf(proposal, rules);
  const figures = { before: figuresOf(proposal.before), after: figuresOf(proposal.after) };
  if (json === true)
    print(
      terminalJson({
        ...{ event: 'budget', ...budget, isMet: proposal.isMet, ...figures },
        ...{ changes: proposal.changes.map(changeLine), diff },
      }),
    );
  else {
    print(`${figureTable(figures)}\n`);
    if (proposal.changes.length > 0) print(`${changeTable(proposal.changes)}\n`);
    print(`${verdict(proposal, budget.pagesPerHour)}\n`);
    if (diff !== '') print(`\n${diff}`);
  }
  if (!proposal.isMet) process.exitCode = EXIT.differs;
}

function verdict({ isMet, changes }: Proposal, pagesPerHour: number): string {
  const wanted = `${pagesPerHour} pages in any hour`;
  if (isMet && changes.length === 0)
    return `The rules as they are meet it: at most ${wanted}. Nothing to change.`;
  if (isMet) return `With these changes it is met: at most ${wanted}.`;
  const all = `No proposal was found that meets ${wanted} and keeps all that is due told in time`;
  return changes.length === 0 ? `${all}.` : `${all}; these changes come nearest.`;
}

interface Figures {
  readonly pages: number;
  readonly fullestHour: number;
  readonly due: number;
  readonly toldInTime: number;
  readonly recallPct: number | undefined;
  readonly toldP50S: number | undefined;
  readonly toldP95S: number | undefined;
}

function figuresOf(runs: readonly Rehearsed[]): Figures {
  const debts = runs.flatMap((run) => run.debts);
  const toldS = debts.flatMap(({ toldAtMs, fromMs }) =>
    toldAtMs === undefined ? [] : [(toldAtMs - fromMs) / 1_000],
  );
  return {
    pages: runs.reduce((sum, { pages }) => sum + pages.length, 0),
    fullestHour: Math.max(0, ...runs.map(({ pages }) => fullestHour(pages))),
    due: debts.length,
    toldInTime: toldS.length,
    recallPct: debts.length === 0 ? undefined : Math.round((1_000 * toldS.length) / debts.length) / 10,
    toldP50S: quantile(toldS, 0.5),
    toldP95S: quantile(toldS, 0.95),
  };
}

function figureTable({ before, after }: { readonly before: Figures; readonly after: Figures }): string {
  const seconds = (value: number | undefined): string =>
    value === undefined ? '–' : `${Math.round(value)} s`;
  const of = (figures: Figures): readonly string[] => [
    String(figures.fullestHour),
    String(figures.pages),
    `${figures.toldInTime} of ${figures.due}`,
    `${seconds(figures.toldP50S)} / ${seconds(figures.toldP95S)}`,
  ];
  const now = of(before);
  const then = of(after);
  const names = [
    'most pages in an hour',
    'pages in all runs',
    'told in time, of what was due',
    'told after, p50 / p95',
  ];
  return textTable(
    ['FIGURE', 'NOW', 'PROPOSED'],
    names.map((name, at) => [name, now[at] ?? '', then[at] ?? '']),
  );
}

function changeTable(changes: readonly ProposedChange[]): string {
  const rows = changes.map((change) => {
    const { change: name, pagesLess, laterS } = changeLine(change);
    return [name, String(pagesLess), `${laterS} s`];
  });
  return textTable(['CHANGE', 'PAGES LESS', 'TOLD LATER, ALL TOGETHER'], rows, [1, 2]);
}

function changeLine({ candidate, pagesLess, delayMs }: ProposedChange) {
  return { change: candidate.name, pagesLess, laterS: Math.round(delayMs / 1_000) };
}

/** Of the files that the rules were read from. */
function diffOf({ changes }: Proposal, rules: readonly AlertRule[]): string {
  const sources = new Map(rules.map(({ id, source }) => [id, source]));
  const edits = new Map<string, ProposedChange['candidate'][]>();
  for (const { candidate } of changes)
    edits.set(candidate.rule.id, [...(edits.get(candidate.rule.id) ?? []), candidate]);
  return [...edits]
    .map(([id, own]) => {
      const file = sources.get(id) ?? '';
      const text = readFileSync(file, 'utf8');
      const edited = own.reduce((before, edit) => editedText(before, [edit]), text);
      return unifiedDiff(basename(file), text, edited);
    })
    .join('');
}

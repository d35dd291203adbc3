import { readFileSync, writeFileSync } from 'node:fs';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../central/alerts/rules/load-rules.ts';
import { loadScenarios, scenarioNames, SCENARIOS_DIRECTORY } from '../simulators/load-scenarios.ts';
import {
  committedCard,
  fallen,
  textsHash,
  toldOtherwise,
  type CommittedCard,
} from './scenarios/committed-card.ts';
import { scenarioInventory } from './scenarios/run-scenario.ts';
import { yamlTexts } from './scenarios/shipped-texts.ts';
import type { FinishedRun } from './workers/finished-run.ts';
import { runAll } from './workers/run-all.ts';

/** Seen from the root of the sources. */
const FILE = 'rehearsal/score-card.json';
/** Its program is built beside this one. */
const WORKER = new URL('./rehearse-worker.js', import.meta.url);

export interface WrittenCard {
  readonly fallen: readonly string[];
  /** What is told otherwise than the card has it, which may be better or worse. */
  readonly otherwise: readonly string[];
  readonly isWritten: boolean;
}

/**
 * Runs all scenarios and writes the card unless something in it has fallen; or the named ones, and only compares: figures of the card are over all
 * runs.
 */
export async function writeCard(
  names: readonly string[],
  seeds: number,
  onLine: (line: string) => void,
): Promise<WrittenCard> {
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).map(({ id }) => id);
  const wanted = names.length > 0 ? names : scenarioNames(SCENARIOS_DIRECTORY);
  const sources = { directory: SCENARIOS_DIRECTORY, rules, inventoryOf: scenarioInventory };
  const planned = loadScenarios(wanted, sources).flatMap((scenario) =>
    Array.from({ length: seeds }, (_, at) => ({ scenario, seed: 1 + at })),
  );
  const runs: FinishedRun[] = [];
  await runAll(planned, {
    ...{ program: WORKER, shutdown: new AbortController().signal },
    onEnd: (run) => {
      runs.push(run);
      const { scenario, seed, failures } = run.score;
      const verdict = failures.length === 0 ? 'met' : 'NOT MET';
      onLine(
        `${runs.length} of ${planned.length}: ${scenario}, seed ${seed}: ${verdict}, ${run.tookS.toFixed(1)} s`,
      );
      for (const failure of failures) onLine(`  ${failure}`);
    },
  });
  const card = committedCard(runs, {
    rules: textsHash(yamlTexts(SHIPPED_RULES_DIRECTORY)),
    scenarios: yamlTexts(SCENARIOS_DIRECTORY),
  });
  const before = JSON.parse(readFileSync(FILE, 'utf8')) as CommittedCard;
  const less = fallen(before, runs, names);
  const isWritten = less.length === 0 && names.length === 0;
  if (isWritten) writeFileSync(FILE, `${JSON.stringify(card, undefined, 2)}\n`);
  return { fallen: less, otherwise: toldOtherwise(before, card), isWritten };
}

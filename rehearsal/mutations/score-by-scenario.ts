import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { runScenario } from '../scenarios/run-scenario.ts';
import type { MutationScore } from './mutation-score.ts';
import type { Mutant } from './mutants.ts';

/**
 * Runs a scenario with the shipped rules and, beside them, all mutants at once: rules do not see each other. One is noticed when its alerts are others
 * than those of its rule, or the same at other times.
 */
export async function scoreByScenario(
  scenario: Scenario,
  seed: number,
  { rules, mutants }: { readonly rules: readonly AlertRule[]; readonly mutants: readonly Mutant[] },
  score: MutationScore,
): Promise<void> {
  const named = mutants.map((mutant, at) => ({ mutant, id: `mutant_${at}` }));
  const beside = named.map(({ mutant, id }) => ({ ...mutant.rule, id }));
  const { recorded } = await runScenario(scenario, seed, { rules: [...rules, ...beside] });
  const alerts = new Map<string, string[]>();
  for (const alert of recorded.alerts)
    alerts.set(alert.rule, [...(alerts.get(alert.rule) ?? []), outcomeOf(alert)]);
  const outcome = (rule: string): string => (alerts.get(rule) ?? []).sort().join('\n');
  for (const { mutant, id } of named) score.set(mutant, outcome(id) !== outcome(mutant.of));
}

function outcomeOf({ entity, startedAtMs, timeline }: AlertDetail): string {
  const steps = timeline.map(({ kind, severity, atMs }) => [kind, severity, atMs]);
  return JSON.stringify([entity, startedAtMs, steps]);
}

import type { Catalogue, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { NotOverHistory, RuleEvaluator } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { isList, neededFields, storedReads } from './needed-fields.ts';

/** What of a measurement a rule is judged by. */
export interface Read {
  readonly measurement: MeasurementDefinition;
  readonly fields: readonly string[];
}

/** Throws for a rule that cannot be judged by what a store has. */
export function readsOf(rule: AlertRule, catalogue: Catalogue): readonly Read[] {
  const problem = whyNotBacktestable(rule);
  if (problem !== undefined) throw new Error(problem.en);
  return measurementsOf(rule.evaluator).map((name) => {
    const measurement = catalogue.get(name);
    if (measurement === undefined)
      throw new Error(`a rule over ${name} passed the check, which the catalogue lacks`);
    return { measurement, fields: neededFields(rule.evaluator, measurement) };
  });
}

/** That a rule is judged by over stored samples; none: it cannot be. Pure. */
export function measurementsOf(evaluator: RuleEvaluator): readonly string[] {
  if (evaluator.reads === 'rows') return [evaluator.measurement];
  return storedReads(evaluator).map(({ measurement }) => measurement);
}

/** Why a rule cannot be judged by what a store has; undefined: it can. Pure. */
export function whyNotBacktestable({ evaluator }: AlertRule): NotOverHistory | undefined {
  return evaluator.reads === 'rows' || isList(evaluator.overHistory) ? undefined : evaluator.overHistory;
}

/** `mem with available_percent`. */
export function readText({ measurement, fields }: Read): string {
  return `${measurement.name} with ${fields.join(', ')}`;
}

import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { RuleTest } from '../../central/alerts/replay/rule-test-file.ts';
import type { RuleCoverage } from './rule-coverage.ts';

/** Where a rule fired, and where it stayed quiet though there was something to judge. */
export interface CoveredRule {
  readonly rule: string;
  readonly firedIn: readonly string[];
  readonly quietIn: readonly string[];
}

/** Over the runs of a rehearsal and the tests of its boundaries. */
export class CoveredRules {
  readonly #rules: readonly AlertRule[];
  readonly #firedIn = new Map<string, Set<string>>();
  readonly #quietIn = new Map<string, Set<string>>();

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
  }

  addRun(scenario: string, { fired, quiet }: Pick<RuleCoverage, 'fired' | 'quiet'>): void {
    for (const id of fired) put(this.#firedIn, id, scenario);
    for (const id of quiet) put(this.#quietIn, id, scenario);
  }

  /** What they expect, which the mutation score checks. */
  addTests(tests: ReadonlyMap<string, readonly RuleTest[]>): void {
    for (const [id, own] of tests)
      for (const { alerts } of own)
        put(alerts.some(({ rule }) => rule === id) ? this.#firedIn : this.#quietIn, id, 'boundaries');
  }

  /** In the order of their ids. */
  list(): readonly CoveredRule[] {
    return this.#rules.map(({ id }) => ({
      rule: id,
      firedIn: [...(this.#firedIn.get(id) ?? [])],
      quietIn: [...(this.#quietIn.get(id) ?? [])],
    }));
  }
}

/** Ids of the rules of which a rehearsal has not seen both. Pure. */
export function uncovered(rules: readonly CoveredRule[]): readonly string[] {
  return rules
    .filter(({ firedIn, quietIn }) => firedIn.length === 0 || quietIn.length === 0)
    .map(({ rule }) => rule);
}

function put(into: Map<string, Set<string>>, id: string, where: string): void {
  const known = into.get(id);
  if (known === undefined) into.set(id, new Set([where]));
  else known.add(where);
}

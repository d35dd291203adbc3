import type { Text } from '../contract/catalogue.ts';

/** What dashboards need of a shipped alert rule. Whoever builds them hands the rules in: they live in central/. */
export interface ShippedRule {
  readonly id: string;
  readonly name: Text;
  /** The runbook. */
  readonly action: Text;
  /** Of a rule that judges one field. */
  readonly measurement?: string;
  readonly field?: string;
  readonly op?: string;
  /** Mildest first. `raise`: where a number begins to be bad. */
  readonly levels: readonly { readonly severity: string; readonly raise?: number }[];
}

export type RuleBook = ReadonlyMap<string, ShippedRule>;

/** Throws an Error that names the rule: a dashboard names one that is not shipped. */
export function ruleOf(rules: RuleBook, id: string): ShippedRule {
  const rule = rules.get(id);
  if (rule === undefined) throw new Error(`dashboards: no shipped rule "${id}"`);
  return rule;
}

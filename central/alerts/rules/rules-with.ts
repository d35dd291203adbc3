import type { Catalogue } from '../../../contract/catalogue.ts';
import { UserError } from '../../../runtime/errors.ts';
import { createRule } from './create-rule.ts';
import { ruleKinds } from './kinds/index.ts';
import type { AlertRule } from './rule.ts';

/** Why own rules that run could not be read with this catalogue. Pure. */
export function problemsOfRulesWith(catalogue: Catalogue, rules: readonly AlertRule[]): readonly string[] {
  return rules.flatMap((rule) => {
    if (rule.origin === 'shipped') return [];
    try {
      createRule(rule, catalogue, ruleKinds);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.problems;
    }
  });
}

import type { Catalogue } from '../../../contract/catalogue.ts';
import { UserError } from '../../../runtime/errors.ts';
import type { RuleVersions } from '../history/rule-versions.ts';
import { createRule } from '../rules/create-rule.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import { overrideRules } from '../rules/load-rules.ts';
import type { AlertRule } from '../rules/rule.ts';

export interface LastGoodRulesDeps {
  readonly versions: Pick<RuleVersions, 'lastOwn'>;
  readonly shipped: readonly AlertRule[];
  readonly catalogue: Catalogue;
  readonly problemsOf: (ids: readonly string[]) => readonly string[];
}

/**
 * The set that ran last, for a start whose files are refused. Undefined: there is none, or it is not valid in this version
 * of the program or with these routes.
 */
export function lastGoodRules(deps: LastGoodRulesDeps): readonly AlertRule[] | undefined {
  const { versions, shipped, catalogue, problemsOf } = deps;
  const sources = versions.lastOwn();
  if (sources === undefined) return undefined;
  try {
    const own = sources.map((source) => createRule(source, catalogue, ruleKinds));
    const rules = overrideRules(shipped, own);
    return problemsOf(rules.map(({ id }) => id)).length === 0 ? rules : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

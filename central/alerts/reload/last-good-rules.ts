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
  /** Of a set with these ids. */
  readonly problemsOf: (ids: readonly string[]) => readonly string[];
}

export interface LastGoodRules {
  readonly rules: readonly AlertRule[];
  /** Why some that ran last do not run now: this version of the program or this catalogue cannot take them. */
  readonly leftOut: readonly string[];
}

/** The set that ran last, for a start whose files are refused. Undefined: there is none, or it is not valid with these routes. */
export function lastGoodRules(deps: LastGoodRulesDeps): LastGoodRules | undefined {
  const { versions, shipped, catalogue, problemsOf } = deps;
  const sources = versions.lastOwn();
  if (sources === undefined) return undefined;
  const own: AlertRule[] = [];
  const leftOut: string[] = [];
  for (const source of sources) {
    try {
      own.push(createRule(source, catalogue, ruleKinds));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      leftOut.push(
        ...error.problems.map((problem) => `${problem}: rule ${source.id} ran before and does not run now`),
      );
    }
  }
  const rules = overrideRules(shipped, own);
  const ids = new Set([...rules, ...sources].map(({ id }) => id));
  return problemsOf([...ids]).length === 0 ? { rules, leftOut } : undefined;
}

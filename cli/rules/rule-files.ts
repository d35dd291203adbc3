import { loadRules, overrideRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';

export interface RuleFilesOptions {
  /** Of own rules; without it the shipped ones are all. */
  readonly rulesDir?: string;
}

/** As central runs them. Throws a UserError (exit 2) with every problem of every file. */
export function readRuleFiles({ rulesDir }: RuleFilesOptions): readonly AlertRule[] {
  const own = rulesDir === undefined ? [] : loadRules(rulesDir, CATALOGUE);
  return overrideRules(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE), own);
}

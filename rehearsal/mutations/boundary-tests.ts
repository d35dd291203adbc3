import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../contract/catalogue.ts';
import { checkAll, readConfigFile } from '../../runtime/config.ts';
import { readRuleTests, type RuleTest } from '../../central/alerts/replay/rule-test-file.ts';
import { runRuleTest, type RuleTestResult } from '../../central/alerts/replay/run-rule-test.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { SCENARIOS_DIRECTORY } from '../../simulators/load-scenarios.ts';

/** What rules do with values around their limits, beside the scenarios: `wardwatch rules test` reads them, too. */
export const BOUNDARIES_DIRECTORY = join(SCENARIOS_DIRECTORY, 'boundaries');

export interface BoundaryContext {
  readonly catalogue: Catalogue;
  readonly rules: readonly AlertRule[];
}

/** By rule: the tests in which it runs. Throws a UserError (exit 2) with the problems of all files. */
export function loadBoundaryTests(
  directory: string,
  context: BoundaryContext,
): ReadonlyMap<string, readonly RuleTest[]> {
  const files = readdirSync(directory).sort();
  const read = checkAll(
    ...files.map((name) => () => {
      const file = join(directory, name);
      return readRuleTests(file, readConfigFile(file), context);
    }),
  ).flat();
  const byRule = new Map<string, RuleTest[]>();
  for (const test of read)
    for (const id of test.rules ?? []) byRule.set(id, [...(byRule.get(id) ?? []), test]);
  return byRule;
}

/** Whether the rule does what a test expects of it, and nothing else. */
export function isAsExpected(
  test: RuleTest,
  rule: AlertRule,
  { catalogue, rules }: BoundaryContext,
): boolean {
  const others = rules.filter(({ id }) => id !== rule.id);
  const result = runRuleTest(test, { catalogue, rules: [...others, rule] });
  return problemsOf(result) === 0;
}

function problemsOf({ refusals, missing, unexpected }: RuleTestResult): number {
  return refusals.length + missing.length + unexpected.length;
}

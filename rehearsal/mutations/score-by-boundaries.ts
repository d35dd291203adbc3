import type { RuleTest } from '../../central/alerts/replay/rule-test-file.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { isAsExpected, type BoundaryContext } from './boundary-tests.ts';
import { mutantsOf } from './mutants.ts';
import type { MutationScore } from './mutation-score.ts';

/**
 * The mutants of a rule through its boundary tests. Returns what the rule itself does not do as its tests expect: by such a test nothing would be
 * noticed, and its mutants are not counted.
 */
export function scoreByBoundaries(
  rule: AlertRule,
  tests: readonly RuleTest[],
  context: BoundaryContext,
  score: MutationScore,
): readonly string[] {
  const failing = tests.filter((test) => !isAsExpected(test, rule, context));
  if (failing.length > 0) return failing.map(({ name }) => `${rule.id}: not as expected: ${name}`);
  for (const mutant of mutantsOf(rule, context.catalogue))
    score.set(
      mutant,
      tests.some((test) => !isAsExpected(test, mutant.rule, context)),
    );
  return [];
}

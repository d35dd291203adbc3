import { absenceKind } from './absence.ts';
import { agentProblemKind } from './agent-problem.ts';
import { clockSkewKind } from './clock-skew.ts';
import type { RuleKind } from './rule-kind.ts';
import { thresholdKind } from './threshold.ts';
import { wiringKind } from './wiring.ts';

/** The only list of rule kinds. */
export const ruleKinds: readonly RuleKind[] = [
  thresholdKind,
  absenceKind,
  clockSkewKind,
  agentProblemKind,
  wiringKind,
];

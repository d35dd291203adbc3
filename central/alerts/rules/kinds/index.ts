import { absenceKind } from './absence.ts';
import { agentProblemKind } from './agent-problem.ts';
import { clockSkewKind } from './clock-skew.ts';
import { measurementAbsenceKind } from './measurement-absence.ts';
import { reconciliationKind } from './reconciliation.ts';
import type { RuleKind } from './rule-kind.ts';
import { stateKind } from './state.ts';
import { thresholdKind } from './threshold.ts';
import { wiringKind } from './wiring.ts';

/** The only list of rule kinds. */
export const ruleKinds: readonly RuleKind[] = [
  thresholdKind,
  stateKind,
  absenceKind,
  measurementAbsenceKind,
  reconciliationKind,
  clockSkewKind,
  agentProblemKind,
  wiringKind,
];

import { absenceKind } from './absence.ts';
import { aggregateKind } from './aggregate/aggregate.ts';
import { agentProblemKind } from './agent-problem.ts';
import { burnRateKind } from './burn-rate.ts';
import { clockSkewKind } from './clock-skew.ts';
import { compositeKind } from './composite/composite.ts';
import { forecastKind } from './forecast.ts';
import { measurementAbsenceKind } from './measurement-absence.ts';
import { peersKind } from './peers/peers.ts';
import { rateKind } from './rate/rate.ts';
import { reconciliationKind } from './reconciliation.ts';
import type { RuleKind } from './rule-kind.ts';
import { shareKind } from './share/share.ts';
import { stateKind } from './state.ts';
import { thresholdKind } from './threshold.ts';
import { wiringKind } from './wiring.ts';

/** The only list of rule kinds. */
export const ruleKinds: readonly RuleKind[] = [
  thresholdKind,
  stateKind,
  rateKind,
  shareKind,
  aggregateKind,
  compositeKind,
  peersKind,
  forecastKind,
  burnRateKind,
  absenceKind,
  measurementAbsenceKind,
  reconciliationKind,
  clockSkewKind,
  agentProblemKind,
  wiringKind,
];

import { absenceKind } from './absence.ts';
import { aggregateKind } from './aggregate/aggregate.ts';
import { agentProblemKind } from './agent-problem.ts';
import { clockSkewKind } from './clock-skew.ts';
import { compositeKind } from './composite/composite.ts';
import { peersKind } from './peers/peers.ts';
import { rateKind } from './rate/rate.ts';
import type { RuleKind } from './rule-kind.ts';
import { shareKind } from './share/share.ts';
import { thresholdKind } from './threshold.ts';

/** The only list of rule kinds. */
export const ruleKinds: readonly RuleKind[] = [
  thresholdKind,
  rateKind,
  shareKind,
  aggregateKind,
  compositeKind,
  peersKind,
  absenceKind,
  clockSkewKind,
  agentProblemKind,
];

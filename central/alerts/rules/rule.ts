import type { RuleEvaluator } from './kinds/rule-kind.ts';
import type { RuleSettings } from './rule-settings.ts';

/** A rule as it runs. */
export interface AlertRule {
  /** Its file's name without `.yaml`. */
  readonly id: string;
  readonly settings: RuleSettings;
  readonly evaluator: RuleEvaluator;
  /** The former name of its kind, where the file has that. */
  readonly formerKind?: string;
}

import type { RuleEvaluator } from './kinds/rule-kind.ts';
import type { RuleSettings } from './rule-settings.ts';

/** `replacement`: own, in place of a shipped one. */
export const RULE_ORIGINS = ['shipped', 'own', 'replacement'] as const;
export type RuleOrigin = (typeof RULE_ORIGINS)[number];

/** A rule as it runs. */
export interface AlertRule {
  /** Its file's name without `.yaml`. */
  readonly id: string;
  readonly settings: RuleSettings;
  readonly evaluator: RuleEvaluator;
  /** Where it was read from. */
  readonly source: string;
  readonly origin: RuleOrigin;
  /** As its file has it. */
  readonly content: unknown;
  /** Of `content`: another one means that the rule was edited. */
  readonly hash: string;
  /** 1 for the first content that central ran under this id; undefined where no versions are kept. */
  readonly version?: number;
  /** The former name of its kind, where the file has that. */
  readonly formerKind?: string;
}

/** The rules that run at the time of the call: whoever keeps a rule may have an old one. */
export interface RuleLookup {
  get(id: string): AlertRule | undefined;
  all(): readonly AlertRule[];
}

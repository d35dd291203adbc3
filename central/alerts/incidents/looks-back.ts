import type { AlertRule } from '../rules/rule.ts';

/** Kinds of rules that judge a time that is past: their alerts stand after what they tell of is over. Pure. */
const BACKWARD_KINDS: ReadonlySet<string> = new Set(['burn_rate']);

export function looksBack(rule: AlertRule | undefined): boolean {
  return rule !== undefined && BACKWARD_KINDS.has(rule.settings.kind);
}

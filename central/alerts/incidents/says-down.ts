import type { AlertRule } from '../rules/rule.ts';

/** Kinds of rules that say that something is down, cut or silent; of thresholds one that is shipped does. */
const DOWN_KINDS: ReadonlySet<string> = new Set(['state', 'absence', 'reconciliation']);
const DEVICE_DOWN = 'device_down';

export function saysDown(rule: AlertRule | undefined): boolean {
  return rule !== undefined && (rule.id === DEVICE_DOWN || DOWN_KINDS.has(rule.settings.kind));
}

import type { AlertRule } from '../rules/rule.ts';
import type { Aspect } from './shared-causes.ts';

const SHARE = 'share';

/** Pure. undefined: there is no such rule. */
export function aspectOf(rule: AlertRule | undefined): Aspect | undefined {
  if (rule === undefined) return undefined;
  const { settings, evaluator } = rule;
  const isShare = settings.kind === SHARE;
  const measurement = isShare && 'measurement' in settings ? settings.measurement : evaluator.measurement;
  return { isShare, measurement: typeof measurement === 'string' ? measurement : undefined };
}

/** The measurement that a rule judges for whole units; undefined: it judges none so, or is a finding. Pure. */
export function sharedBy(rule: AlertRule): string | undefined {
  if (rule.settings.kind !== SHARE || !rule.evaluator.entityTags.includes('unit')) return undefined;
  const isFinding = rule.settings.levels.every(({ severity }) => severity === 'warning');
  return isFinding ? undefined : aspectOf(rule)?.measurement;
}

import type { Logger } from '../../../runtime/logger.ts';
import type { AlertRule } from './rule.ts';

export function warnOfFormerKinds(rules: readonly AlertRule[], log: Logger): void {
  for (const { id, formerKind, settings } of rules) {
    if (formerKind === undefined) continue;
    log.warn(
      { rule: id, kind: formerKind, use: settings.kind },
      'kind of a rule by its former name: accepted for one more release',
    );
  }
}

import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { SHIPPED_RULES_DIRECTORY } from '../../../central/alerts/rules/load-rules.ts';

/** About what the city does not measure: nothing is ever evaluated. */
const RULE = `kind: threshold
name: { en: Nothing, vi: Không có gì }
action: { en: None., vi: Không cần. }
eventType: environmental
probableCause: temperature_unacceptable
measurement: environment
field: temperature_celsius
entity: [device, sensor]
across: newest
op: below
for: 0s
clearFor: 0s
levels: [{ severity: warning, raise: -40, clear: -40 }]
`;

/** Files of a rules directory that replace each shipped rule, so that central judges nothing. */
export function noRules(): Readonly<Record<string, string>> {
  const ids = readdirSync(SHIPPED_RULES_DIRECTORY).map((name) => basename(name, '.yaml'));
  return Object.fromEntries(ids.map((id) => [id, RULE]));
}

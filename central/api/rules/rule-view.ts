import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { RuleVersion } from '../../alerts/history/rule-versions.ts';
import { whyNotBacktestable } from '../../alerts/replay/needed-reads.ts';
import { RULE_ORIGINS, type AlertRule } from '../../alerts/rules/rule.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import { EVENT_TYPES, PROBABLE_CAUSES } from '../../alerts/rules/x733.ts';
import { ruleFileName } from './rule-files.ts';

const text = z.object({ en: z.string(), vi: z.string() });

export const ruleViewSchema = z.object({
  id: z.string(),
  version: z.int().optional().describe('counts from 1, with each content that central ran under this id'),
  kind: z.string(),
  name: text,
  action: text.describe('what to do'),
  owner: z.string().optional().describe('who looks after the rule'),
  eventType: z.enum(EVENT_TYPES),
  probableCause: z.enum(PROBABLE_CAUSES),
  origin: z
    .enum(RULE_ORIGINS)
    .describe('`own`: of `rulesDirectory`; `replacement`: of it, in place of a shipped rule of the same id'),
  source: z.string().describe('`shipped`, or the file in `rulesDirectory`'),
  hash: z.string().describe('of the content of the file'),
  measurement: z.string().optional().describe('not of rules that read no samples, or those of several'),
  condition: z.string().describe('when it is in breach, without limits'),
  valueUnit: z.string().describe('UCUM unit of the limits, or a word; empty for flags and texts'),
  entity: z.array(z.string()).describe('one alert for each value of these tags'),
  levels: z
    .array(
      z.object({
        severity: z.enum(SEVERITIES),
        limit: z.string().describe('begin → end, or the values'),
        forMs: z.int().describe('how long the breach lasts before the alert fires'),
      }),
    )
    .describe('mildest first'),
  clearForMs: z.int().describe('how long it is clear before the alert ends'),
  activeAlerts: z.int(),
  notOverHistory: text.optional().describe('why it cannot be tested over what is stored; not there: it can'),
});
export type RuleView = z.input<typeof ruleViewSchema>;

const ruleVersionSchema = z.object({
  version: z.int(),
  hash: z.string(),
  sinceMs: unixMs.describe('when central began to run it'),
  source: z.string().describe('`shipped`, or the file that had it'),
  content: z.record(z.string(), z.unknown()).describe('as the file had it'),
});

export const ruleDetailSchema = ruleViewSchema.extend({
  yaml: z.string().describe('its settings as a rule file has them, without the comments'),
  versions: z.array(ruleVersionSchema).describe('newest first, at most 50'),
});

export function toRuleView(rule: AlertRule, activeAlerts: number): RuleView {
  const { id, version, settings, evaluator, origin, source, hash } = rule;
  const notOverHistory = whyNotBacktestable(rule);
  const { kind, name, action, owner, eventType, probableCause, levels } = settings;
  return {
    id,
    ...(version !== undefined && { version }),
    kind,
    name,
    action,
    ...(owner !== undefined && { owner }),
    eventType,
    probableCause,
    origin,
    source: ruleFileName(source),
    hash,
    ...(evaluator.measurement !== undefined && { measurement: evaluator.measurement }),
    condition: evaluator.conditionText,
    valueUnit: evaluator.valueUnit,
    entity: [...evaluator.entityTags],
    levels: levels.map((level, at) => ({
      severity: level.severity,
      limit: evaluator.levelTexts[at] ?? '',
      forMs: level.for ?? settings.for,
    })),
    clearForMs: settings.clearFor,
    activeAlerts,
    ...(notOverHistory !== undefined && { notOverHistory: { ...notOverHistory } }),
  };
}

/** A rule that passed its checks is an object with settings by name. */
export function toVersionView({ version, hash, sinceMs, source, content }: RuleVersion) {
  return {
    version,
    hash,
    sinceMs,
    source: ruleFileName(source),
    content: content as Record<string, unknown>,
  };
}

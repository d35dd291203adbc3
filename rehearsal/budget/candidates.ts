import type { Catalogue } from '../../contract/catalogue.ts';
import { parseDurationMs } from '../../runtime/duration.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { severityRank, type Severity } from '../../central/alerts/rules/severity.ts';
import { describeMs } from '../mutations/describe-ms.ts';
import { placeText, replaced, ruleOrUndefined, settingsOf, type Setting } from '../mutations/rule-edits.ts';

/** A rule with one limit or time moved so that it pages later or less often. */
export interface Candidate {
  readonly rule: AlertRule;
  readonly setting: Setting;
  readonly to: number | string;
  /** `ping_loss: for 10m → 15m` */
  readonly name: string;
}

/** Longer by these. */
const TIMES = [1.5, 2, 3, 5];
/** Where there is no time to lengthen. */
const FROM_NOTHING_MS = [60_000, 120_000, 300_000, 600_000];
/** Further away from what is well, by these shares of the limit. */
const SHARES = [0.1, 0.2, 0.4];

/** Each `for` and `clearFor` longer, and each limit of a level that pages further away from what is well. Pure. */
export function candidatesOf(rule: AlertRule, catalogue: Catalogue): readonly Candidate[] {
  return settingsOf(rule.content).flatMap((setting) => {
    const { path, key, value } = setting;
    return valuesFor(rule, setting).flatMap((to): readonly Candidate[] => {
      const content = replaced(rule.content, [...path, key], to);
      const changed = ruleOrUndefined(rule.id, content, catalogue);
      const name = `${rule.id}: ${placeText(setting)} ${String(value)} → ${String(to)}`;
      return changed === undefined ? [] : [{ rule: changed, setting, to, name }];
    });
  });
}

function valuesFor({ content }: AlertRule, setting: Setting): readonly (number | string)[] {
  const { path, key, value } = setting;
  if (key === 'for' || key === 'clearFor') {
    const ms = parseDurationMs(String(value)) ?? 0;
    const longerMs = ms === 0 ? FROM_NOTHING_MS : TIMES.map((times) => ms * times);
    return longerMs.map((each) => describeMs(Math.round(each / 1_000) * 1_000));
  }
  const level = path.reduce<unknown>(partOf, content);
  const severity = partOf(level, 'severity') as Severity | undefined;
  const clear = partOf(level, 'clear');
  const isPaging = severity !== undefined && severityRank(severity) >= severityRank('major');
  if (key !== 'raise' || !isPaging || typeof value !== 'number' || typeof clear !== 'number') return [];
  const away = Math.sign(value - clear) * Math.abs(value);
  return SHARES.map((share) => Number((value + away * share).toPrecision(4)));
}

function partOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
}

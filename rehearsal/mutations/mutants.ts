import type { Catalogue } from '../../contract/catalogue.ts';
import { describeMs } from './describe-ms.ts';
import { parseDurationMs } from '../../runtime/duration.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { CONDITIONS, placeText, replaced, ruleOrUndefined, settingsOf } from './rule-edits.ts';

/** A shipped rule with one thing changed. */
export interface Mutant {
  /** `cpu_busy: levels[0].raise 90 → 108` */
  readonly name: string;
  readonly of: string;
  /** With the id of the rule that it is made of. */
  readonly rule: AlertRule;
}

/** A limit that may not go so far, such as an end above its begin, goes as far as it may. */
const STEPS = [0.2, 0.15, 0.1, 0.05];

/**
 * Each threshold, `for` and `clearFor` 20 % up and down, and each condition left out. Limits of whole numbers move by one at least; what the schema
 * refuses at any step is no mutant. Pure.
 */
export function mutantsOf(rule: AlertRule, catalogue: Catalogue): readonly Mutant[] {
  const isWhole = isWholeNumber(rule, catalogue);
  return settingsOf(rule.content).flatMap(({ path, key, value }): readonly Mutant[] => {
    const place = placeText({ path, key });
    const made = (changed: unknown, text: string): Mutant | undefined => {
      const content = replaced(rule.content, [...path, key], changed);
      const mutant = ruleOrUndefined(rule.id, content, catalogue);
      return mutant && { name: `${rule.id}: ${place} ${text}`, of: rule.id, rule: mutant };
    };
    if (CONDITIONS.includes(key)) return [made(undefined, 'left out')].filter((each) => each !== undefined);
    return [1, -1].flatMap((sign) => {
      for (const step of STEPS) {
        const changed = moved(value, sign * step, isWhole);
        const mutant =
          changed === undefined ? undefined : made(changed, `${String(value)} → ${String(changed)}`);
        if (mutant !== undefined) return [mutant];
      }
      return [];
    });
  });
}

/** Undefined: there is nothing to move. */
function moved(value: unknown, share: number, isWhole: boolean): number | string | undefined {
  if (typeof value === 'number') {
    const by = value * share;
    const whole = Math.sign(by) * Math.max(1, Math.round(Math.abs(by)));
    return value === 0 ? undefined : Number((value + (isWhole ? whole : by)).toPrecision(12));
  }
  const ms = parseDurationMs(String(value));
  if (ms === undefined || ms === 0) return undefined;
  return describeMs(Math.max(1_000, Math.round((ms * (1 + share)) / 1_000) * 1_000));
}

/** Between two whole numbers a limit changes nothing. */
function isWholeNumber({ content, evaluator: { measurement } }: AlertRule, catalogue: Catalogue): boolean {
  const { field, divideBy, of, window } = content as Readonly<Record<string, unknown>>;
  if (of === 'site' || of === 'link' || of === 'device') return true;
  if (divideBy !== undefined || window !== undefined || measurement === undefined) return false;
  return typeof field === 'string' && catalogue.get(measurement)?.fields[field]?.type === 'int';
}

import type { Catalogue } from '../../contract/catalogue.ts';
import { UserError } from '../../runtime/errors.ts';
import { createRule } from '../../central/alerts/rules/create-rule.ts';
import { ruleKinds } from '../../central/alerts/rules/kinds/index.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';

/** One setting within the content of a rule. */
export interface Setting {
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly value: unknown;
}

/** Numbers of these settings are thresholds, and durations of those. */
const NUMBERS = ['raise', 'clear', 'above', 'below', 'usedAbove', 'sites', 'minDifference', 'holdsAt'];
const DURATIONS = ['for', 'clearFor', 'stoppedFor'];
/** What keeps a rule from judging a row. */
export const CONDITIONS = ['when', 'beginsWhen', 'where', 'among'];

/** All limits, times and conditions of a rule. Pure. */
export function settingsOf(value: unknown, path: readonly (string | number)[] = []): readonly Setting[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]): readonly Setting[] => {
    if (CONDITIONS.includes(name)) return [{ path, key: name, value: part }];
    const isNumber = typeof part === 'number' && NUMBERS.includes(name);
    const isDuration = typeof part === 'string' && DURATIONS.includes(name);
    if (isNumber || isDuration) return [{ path, key: name, value: part }];
    return settingsOf(part, [...path, Array.isArray(value) ? Number(name) : name]);
  });
}

/** A value with one part of it in place of what was there; undefined: without it. Pure. */
export function replaced(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  changed: unknown,
): unknown {
  if (key === undefined) return changed;
  if (Array.isArray(value)) {
    return value.map((part: unknown, at) => (at === key ? replaced(part, rest, changed) : part));
  }
  const entries = Object.entries(value as object).flatMap(([name, part]): [string, unknown][] => {
    if (name !== key) return [[name, part]];
    const next = replaced(part, rest, changed);
    return next === undefined ? [] : [[name, next]];
  });
  return Object.fromEntries(entries);
}

/** As `createRule`; undefined: its schema refuses it. Pure. */
export function ruleOrUndefined(id: string, content: unknown, catalogue: Catalogue): AlertRule | undefined {
  try {
    return createRule({ id, source: `${id}, edited`, content }, catalogue, ruleKinds);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** `levels[0].raise`. Pure. */
export function placeText({ path, key }: Pick<Setting, 'path' | 'key'>): string {
  const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `${at}.${key}`.replace(/^\./, '');
}

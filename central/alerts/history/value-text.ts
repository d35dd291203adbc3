import type { AlertValue } from './alert.ts';
import type { AlertRule } from '../rules/rule.ts';

/** UCUM units as people write them; annotations such as `{packet}` lose their braces. */
const SPOKEN: Readonly<Record<string, string>> = { Cel: '°C', '1': '', By: 'B' };

/** The value as an operator reads it: `97.2 %`, `-112 dBm`, `3.4 intervals`. */
export function valueText(rule: AlertRule | undefined, value: AlertValue): string {
  if (typeof value !== 'number') return String(value);
  const unit = rule === undefined ? '' : rule.kind === 'silence' ? 'intervals' : rule.valueUnit;
  const spoken = SPOKEN[unit] ?? unit.replace(/[{}]/g, '');
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1_000 ? 6 : 3));
  return spoken === '' ? String(rounded) : `${rounded} ${spoken}`;
}

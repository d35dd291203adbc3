import { formatNumber, formatQuantity, type Locale } from '../language/format.ts';

/** From where to where an axis of values goes, in their unit. */
export type AxisRange = readonly [low: number, high: number];

const MOST_PERCENT = 100;
const ROOM = 0.08;
/** As fine as uPlot divides an axis. */
const MOST_DIGITS = 6;

/** With some room around all of `values`; a count has at least one whole step, and no share is above all of it. Pure. */
export function axisRange(values: readonly number[], unit: string, isCount: boolean): AxisRange {
  const all = values.filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = (most - least || Math.abs(most) || 1) * ROOM;
  const low = least >= 0 && least - room < 0 ? 0 : least - room;
  const high = isCount ? Math.max(most + room, Math.floor(low) + 1) : most + room;
  return [low, unit === '%' && most <= MOST_PERCENT ? Math.min(high, MOST_PERCENT) : high];
}

/** 1, 2, 5, 10, 20 and so on up to 5 · 10^15: how a count is divided. */
export const WHOLE_STEPS: readonly number[] = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

/** The number alone, with the prefix of its unit where it has one (`1.2 M`): the title has the unit. Pure. */
export function axisLabel(locale: Pick<Locale, 'language'>, value: number, unit: string): string {
  const withUnit = formatQuantity(locale, value, unit);
  const shownUnit = unit.replace('By', 'B');
  const hasPrefix = /[kMGTP]$/.exec(withUnit.slice(0, -shownUnit.length || undefined)) !== null;
  return hasPrefix ? withUnit.slice(0, -shownUnit.length) : formatNumber(locale, value, MOST_DIGITS);
}

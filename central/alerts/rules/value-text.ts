import type { AlertValue } from '../lifecycle/alert-value.ts';

/** UCUM units as people write them; annotations such as `{packet}` lose their braces. */
const WRITTEN: Readonly<Record<string, string>> = { Cel: '°C', '1': '', By: 'B', '1/min': 'RPM' };

/** Units that are words. */
const OF_ONE: Readonly<Record<string, string>> = {
  sites: 'site',
  intervals: 'interval',
  'standard deviations': 'standard deviation',
};

/** The value as an operator reads it: `97.2 %`, `-112 dBm`, `3.4 intervals`. */
export function valueText(value: AlertValue, unit: string): string {
  if (typeof value !== 'number') return String(value);
  // Of `Cel/h` or `By in 20 min` the first part.
  const written =
    WRITTEN[unit] ?? unit.replace(/^\w+/, (first) => WRITTEN[first] ?? first).replace(/[{}]/g, '');
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1_000 ? 6 : 3));
  const inNumber = rounded === 1 ? (OF_ONE[written] ?? written) : written;
  return written === '' ? String(rounded) : `${rounded} ${inNumber}`;
}

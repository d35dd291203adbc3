/**
 * Units of the catalogue (UCUM) as Grafana calls them; counts of things are plain numbers. Days are its own suffix: its unit `d`
 * makes 11 days "2 weeks". Its `dBm` is written "dbm".
 */
const GRAFANA_UNITS: Readonly<Record<string, string>> = {
  '': 'none',
  1: 'none',
  '%': 'percent',
  A: 'amp',
  By: 'bytes',
  Cel: 'celsius',
  Hz: 'hertz',
  'Mbit/s': 'Mbits',
  MHz: 'suffix: MHz',
  V: 'volt',
  W: 'watt',
  '[ppm]': 'ppm',
  bit: 'bits',
  'bit/s': 'bps',
  d: 'suffix: d',
  dB: 'dB',
  dBm: 'suffix: dBm',
  deg: 'degree',
  h: 'h',
  'kW.h': 'kwatth',
  m: 'lengthm',
  mA: 'mamp',
  min: 'm',
  ms: 'ms',
  ns: 'ns',
  s: 's',
  us: 'µs',
  '1/d': 'suffix: /d',
  '1/min': 'suffix: /min',
};

/** Throws an Error that names the unit: one that the catalogue got and this list did not. */
export function grafanaUnit(ucum: string): string {
  if (/^\{\w+\}$/.test(ucum)) return 'short';
  const rate = /^\{(\w+)\}\/s$/.exec(ucum);
  if (rate !== null) return `suffix: ${rate[1] ?? ''}/s`;
  const unit = GRAFANA_UNITS[ucum];
  if (unit === undefined) throw new Error(`dashboards: no unit of Grafana for "${ucum}" of the catalogue`);
  return unit;
}

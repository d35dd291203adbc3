interface Unit {
  readonly quantity: string;
  /** How many of the quantity's own unit one of it is. */
  readonly factor: number;
  /** What 0 of it is in the quantity's own unit. */
  readonly zero?: number;
}

function unitsOf(quantity: string, factors: Readonly<Record<string, number>>): [string, Unit][] {
  return Object.entries(factors).map(([name, factor]) => [name, { quantity, factor }]);
}

/** UCUM (ucum.org), with dBm, degF and bit as they are said. */
const UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...unitsOf('voltage', { uV: 1e-6, mV: 1e-3, V: 1, kV: 1e3 }),
  ...unitsOf('current', { uA: 1e-6, mA: 1e-3, A: 1 }),
  ...unitsOf('power', { nW: 1e-9, uW: 1e-6, mW: 1e-3, W: 1, kW: 1e3, MW: 1e6 }),
  ...unitsOf('level', { dBm: 1 }),
  ...unitsOf('ratio of levels', { dB: 1 }),
  ...unitsOf('energy', { 'W.h': 1, 'kW.h': 1e3, 'MW.h': 1e6 }),
  ...unitsOf('frequency', { mHz: 1e-3, Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 }),
  ...unitsOf('rotation', { '1/min': 1 }),
  ...unitsOf('time', { ns: 1e-9, us: 1e-6, ms: 1e-3, cs: 1e-2, s: 1, min: 60, h: 3_600, d: 86_400 }),
  ['Cel', { quantity: 'temperature', factor: 1 }],
  ['K', { quantity: 'temperature', factor: 1, zero: -273.15 }],
  ['degF', { quantity: 'temperature', factor: 5 / 9, zero: -160 / 9 }],
  ...unitsOf('share', { '%': 1 }),
  ...unitsOf('number', { '1': 1 }),
  ...unitsOf('data', { By: 1, kBy: 1e3, MBy: 1e6, GBy: 1e9, TBy: 1e12 }),
  ...unitsOf('data', { KiBy: 2 ** 10, MiBy: 2 ** 20, GiBy: 2 ** 30, TiBy: 2 ** 40 }),
  ...unitsOf('data rate', { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, 'By/s': 8 }),
  ...unitsOf('length', { mm: 1e-3, cm: 1e-2, m: 1, km: 1e3 }),
  ...unitsOf('speed', { 'm/s': 1 }),
  ...unitsOf('angle', { deg: 1 }),
]);

const MILLIWATTS_PER_WATT = 1_000;

export type Conversion = (value: number) => number | undefined;

/** From a device's unit to that of a field; undefined: one is not the other. Pure. */
export function conversion(from: string, to: string): Conversion | undefined {
  if (from === to) return (value) => value;
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (source === undefined) return undefined;
  if (source.quantity === 'number') {
    if (isCount(to)) return (value) => value;
    return target?.quantity === 'share' ? (value) => value * 100 : undefined;
  }
  if (target === undefined) return undefined;
  // 0 W has no level in dBm.
  if (source.quantity === 'power' && target.quantity === 'level')
    return (value) =>
      value > 0
        ? Number((10 * Math.log10(value * source.factor * MILLIWATTS_PER_WATT)).toFixed(2))
        : undefined;
  if (source.quantity !== target.quantity) return undefined;
  const { factor, zero = 0 } = source;
  return (value) => (value * factor + zero - (target.zero ?? 0)) / target.factor;
}

/** The units that can become that of a field. Pure. */
export function unitsFor(to: string): readonly string[] {
  return [...UNITS.keys()].filter((from) => conversion(from, to) !== undefined);
}

/** Numbers of things and codes: `{packet}`, or nothing. */
function isCount(unit: string): boolean {
  return unit === '' || unit.startsWith('{');
}

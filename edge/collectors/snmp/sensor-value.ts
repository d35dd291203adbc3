/** What can be measured, in the unit of the type: the smallest value that is not 0, and the largest, without their sign. */
const PLAUSIBLE = {
  volts_ac: [1e-6, 1e6],
  volts_dc: [1e-6, 1e6],
  amperes: [1e-9, 1e5],
  // Optical power that is received may be a few picowatts.
  watts: [1e-15, 1e7],
  hertz: [1e-3, 1e12],
  celsius: [1e-3, 500],
  percent_rh: [1e-3, 100],
  rpm: [1, 1e6],
  cubic_meters_per_minute: [1e-4, 1e5],
  truth_value: [1, 2],
  dbm: [1e-3, 100],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

export type SensorType = keyof typeof PLAUSIBLE;

/** EntitySensorDataScale (RFC 3433): 9 is units, each step a factor of 1000. */
const UNITS_SCALE = 9;
/** EntitySensorValue: under- and overflow. */
const LIMIT = 1_000_000_000;

export interface RawValue {
  readonly value: number | undefined;
  readonly scale: number | undefined;
  readonly precision: number | undefined;
}

/**
 * value × 1000^(scale − units) ÷ 10^precision; a negative precision is the accuracy only. Some agents (Cisco ASA) state a
 * scale such as yocto and mean units: a scale that leads to a value nobody can measure is not believed, if units do not.
 * Pure.
 */
export function sensorValue(type: SensorType, raw: RawValue): number | undefined {
  const { value, scale = UNITS_SCALE } = raw;
  if (value === undefined || Math.abs(value) >= LIMIT) return undefined;
  const precision = Math.max(0, raw.precision ?? 0);
  const scaled = Number(`${value}e${3 * (scale - UNITS_SCALE) - precision}`);
  const inUnits = Number(`${value}e${-precision}`);
  return !isPlausible(type, scaled) && isPlausible(type, inUnits) ? inUnits : scaled;
}

function isPlausible(type: SensorType, value: number): boolean {
  const [least, most] = PLAUSIBLE[type];
  return value === 0 || (Math.abs(value) >= least && Math.abs(value) <= most);
}

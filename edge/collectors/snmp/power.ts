import type { FieldValue } from '../../../contract/sample.ts';
import { knownRuntime } from '../battery-runtime.ts';
import type { Reading } from './reading.ts';

/** upsOutputSource (RFC 1628). */
const NONE = 2;
const BATTERY = 5;
const FROM_MAINS: readonly (FieldValue | undefined)[] = [3, 4, 6, 7];
/** upsBatteryStatus: low, depleted. */
const BATTERY_LOW: readonly (FieldValue | undefined)[] = [3, 4];
/** Below this there is no mains power, at any nominal voltage. */
const DEAD_LINE_V = 50;

export interface PowerSummary {
  readonly readings: readonly Reading[];
  /** For the next poll: whether the device reports a runtime that counts. */
  readonly runtimeCounts: boolean;
}

/** Derives from the rows of one device: on battery, mains power, total load; and leaves out a runtime that means nothing. Pure. */
export function withPowerSummary(readings: readonly Reading[], runtimeCounted: boolean): PowerSummary {
  const lines = readings.filter(
    ({ measurement, tags }) => measurement === 'power' && tags['line'] !== undefined,
  );
  let runtimeCounts = runtimeCounted;
  const summed = readings.map((reading) => {
    if (reading.measurement !== 'power' || reading.tags['line'] !== undefined) return reading;
    const fields: Record<string, FieldValue> = { ...summary(reading.fields, lines), ...reading.fields };
    const known = knownRuntime(numberOf(fields, 'runtime_minutes'), batteryState(fields), runtimeCounts);
    runtimeCounts = known.counts;
    if (known.runtime === undefined) delete fields['runtime_minutes'];
    return { ...reading, fields };
  });
  return { readings: summed, runtimeCounts };
}

function summary(fields: Reading['fields'], lines: readonly Reading[]): Record<string, FieldValue> {
  const found: Record<string, FieldValue> = {};
  const source = fields['output_source'];
  const mainsOk = isMainsOk(fields, numbers(lines, 'input_voltage_v'));
  const onBattery = isOnBattery(fields, mainsOk);
  if (mainsOk !== undefined) found['mains_ok'] = mainsOk;
  if (source !== undefined && onBattery !== undefined) found['on_battery'] = onBattery;
  const powers = numbers(lines, 'output_power_w');
  if (powers.length > 0) found['output_power_w'] = powers.reduce((sum, power) => sum + power, 0);
  const loads = numbers(lines, 'load_pct');
  if (loads.length > 0) found['load_pct'] = Math.max(...loads);
  return found;
}

function isMainsOk(fields: Reading['fields'], lineVoltages: readonly number[]): boolean | undefined {
  if (lineVoltages.length > 0) return Math.max(...lineVoltages) >= DEAD_LINE_V;
  const source = fields['output_source'];
  if (FROM_MAINS.includes(source)) return true;
  if (source !== BATTERY && source !== NONE) return undefined;
  const voltage = numberOf(fields, 'input_voltage_v');
  if (voltage !== undefined) return voltage >= DEAD_LINE_V;
  return source === BATTERY ? false : undefined;
}

/**
 * undefined: not known. A UPS whose battery ran empty has no output, and is not back on mains: that is known once there is
 * mains power. One that counts its seconds on battery over dead lines is on battery, whatever source it states.
 */
function isOnBattery(fields: Reading['fields'], mainsOk: boolean | undefined): boolean | undefined {
  const source = fields['output_source'];
  if (source === BATTERY) return true;
  if (mainsOk === false && (numberOf(fields, 'on_battery_s') ?? 0) > 0) return true;
  return source === NONE && mainsOk !== true ? undefined : false;
}

function batteryState(fields: Reading['fields']): Parameters<typeof knownRuntime>[1] {
  const onBattery = fields['on_battery'];
  return {
    onBattery: typeof onBattery === 'boolean' ? onBattery : undefined,
    isBatteryLow: BATTERY_LOW.includes(fields['battery_status']),
  };
}

function numbers(lines: readonly Reading[], field: string): number[] {
  return lines.flatMap(({ fields }) => numberOf(fields, field) ?? []);
}

function numberOf(fields: Reading['fields'], field: string): number | undefined {
  const value = fields[field];
  return typeof value === 'number' ? value : undefined;
}

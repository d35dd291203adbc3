import type { FieldValue } from '../../../contract/sample.ts';
import type { Reading } from './reading.ts';

/** upsOutputSource (RFC 1628). */
const BATTERY = 5;
const FROM_MAINS: readonly FieldValue[] = [3, 4, 6, 7];
/** Below this there is no mains power, at any nominal voltage. */
const DEAD_LINE_V = 50;

/** Derives from the rows of one device: on battery, mains power, total load. */
export function withPowerSummary(readings: readonly Reading[]): readonly Reading[] {
  const lines = readings.filter(
    ({ measurement, tags }) => measurement === 'power' && tags['line'] !== undefined,
  );
  return readings.map((reading) => {
    if (reading.measurement !== 'power' || reading.tags['line'] !== undefined) return reading;
    return { ...reading, fields: { ...summary(reading.fields, lines), ...reading.fields } };
  });
}

function summary(fields: Reading['fields'], lines: readonly Reading[]): Record<string, FieldValue> {
  const found: Record<string, FieldValue> = {};
  const source = fields['output_source'];
  if (source !== undefined) found['on_battery'] = source === BATTERY;
  const voltages = numbers(lines, 'input_voltage_v');
  if (voltages.length > 0) found['mains_ok'] = Math.max(...voltages) >= DEAD_LINE_V;
  else if (source !== undefined && (source === BATTERY || FROM_MAINS.includes(source)))
    found['mains_ok'] = source !== BATTERY;
  const powers = numbers(lines, 'output_power_w');
  if (powers.length > 0) found['output_power_w'] = powers.reduce((sum, power) => sum + power, 0);
  const loads = numbers(lines, 'load_pct');
  if (loads.length > 0) found['load_pct'] = Math.max(...loads);
  return found;
}

function numbers(lines: readonly Reading[], field: string): number[] {
  return lines.map(({ fields }) => fields[field]).filter((value) => typeof value === 'number');
}

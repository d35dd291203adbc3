import type { FieldValue } from '../../../contract/sample.ts';
import type { Reading } from './reading.ts';

/** Tags of the device's interfaces by name, so that optical power goes to the same series. */
export type InterfaceTags = ReadonlyMap<string, Readonly<Record<string, string>>>;

const FIELDS: Readonly<Record<string, string>> = { 'RX Power': 'rx_power_dbm', 'TX Power': 'tx_power_dbm' };
const WATTS_PER_MILLIWATT = 0.001;

/** Optical power from the sensors of pluggable optics, as fields of their ports. Pure. */
export function opticalPower(
  sensors: readonly Reading[],
  pattern: RegExp | undefined,
  interfaces: InterfaceTags,
): readonly Reading[] {
  const byPort = new Map<string, Record<string, FieldValue>>();
  for (const { tags, fields } of sensors) {
    const { quantity = '', port = '' } = pattern?.exec(tags['sensor'] ?? '')?.groups ?? {};
    const field = FIELDS[quantity];
    const power = toDbm(fields['value'], tags['type']);
    if (field === undefined || power === undefined || !interfaces.has(port)) continue;
    byPort.set(port, { ...byPort.get(port), [field]: power });
  }
  return [...byPort].map(([port, fields]) => ({
    measurement: 'interface',
    tags: interfaces.get(port) ?? {},
    fields,
  }));
}

/** undefined without light: 0 W has no level in dBm. */
function toDbm(value: FieldValue | undefined, type: string | undefined): number | undefined {
  if (typeof value !== 'number') return undefined;
  if (type === 'dbm') return value;
  if (type !== 'watts' || value <= 0) return undefined;
  return Number((10 * Math.log10(value / WATTS_PER_MILLIWATT)).toFixed(2));
}

/** The hottest sensor that is not in pluggable optics, °C. */
export function hottest(sensors: readonly Reading[], optics: RegExp | undefined): number | undefined {
  const values = sensors.flatMap(({ measurement, tags, fields }) => {
    const isOfDevice = measurement === 'hardware_sensor' && tags['type'] === 'celsius';
    const value = fields['value'];
    if (!isOfDevice || typeof value !== 'number' || optics?.test(tags['sensor'] ?? '') === true) return [];
    return [value];
  });
  return values.length === 0 ? undefined : Math.max(...values);
}

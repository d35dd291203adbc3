import type { FieldMapping } from '../mapping.ts';

/** Usual names in sensors' messages; `contact` is true when the door is closed. */
const NAMES: readonly (Omit<FieldMapping, 'path'> & { readonly names: readonly string[] })[] = [
  { field: 'temperature_celsius', names: ['temperature', 'temperature_celsius', 'temp'] },
  { field: 'humidity_pct', names: ['humidity', 'humidity_pct', 'relative_humidity'] },
  { field: 'dew_point_celsius', names: ['dew_point', 'dew_point_celsius', 'dewpoint'] },
  { field: 'door_open', names: ['door_open', 'door'] },
  { field: 'door_open', names: ['contact'], invert: true },
  { field: 'water_leak', names: ['water_leak', 'leak', 'flood'] },
  { field: 'smoke', names: ['smoke'] },
  { field: 'water_level_m', names: ['water_level_m'] },
  { field: 'fan_speed_rpm', names: ['fan_speed_rpm'] },
  { field: 'airflow_m_per_s', names: ['airflow_m_per_s'] },
  { field: 'battery_pct', names: ['battery', 'battery_pct', 'battery_level'] },
  { field: 'battery_low', names: ['battery_low'] },
  { field: 'lqi', names: ['linkquality', 'lqi'] },
  { field: 'rssi_dbm', names: ['rssi', 'rssi_dbm'] },
];

/** Mappings of all usual names below `base`. */
export function usualNames(base = ''): readonly FieldMapping[] {
  return NAMES.flatMap(({ names, ...mapping }) =>
    names.map((name): FieldMapping => ({ ...mapping, path: `${base}/${name}` })),
  );
}

import type { Profile, RowSource } from '../profile.ts';

const SENSORS = '1.3.6.1.4.1.21239.5.1';

function temperatures(table: string): RowSource {
  return {
    measurement: 'environment',
    label: { tag: 'sensor', oid: `${table}.3` },
    fields: { temperature_celsius: { oid: `${table}.5`, scale: 0.1 } },
  };
}

/** GEIST-V4-MIB: the unit's own probe, and remote temperature probes; tenths of °C. */
export const geist: Profile = {
  vendor: 'geist',
  sysObjectIds: ['1.3.6.1.4.1.21239'],
  softwareOid: `${SENSORS}.1.2`,
  rows: [
    {
      measurement: 'environment',
      label: { tag: 'sensor', oid: `${SENSORS}.2.1.3` },
      fields: {
        temperature_celsius: { oid: `${SENSORS}.2.1.5`, scale: 0.1 },
        humidity_pct: { oid: `${SENSORS}.2.1.6` },
        dew_point_celsius: { oid: `${SENSORS}.2.1.7`, scale: 0.1 },
      },
    },
    temperatures(`${SENSORS}.4.1`),
  ],
};

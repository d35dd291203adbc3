import type { Profile } from '../profile.ts';

const HOST = '1.3.6.1.4.1.41112.1.4.8';
const RESOURCES = '1.3.6.1.4.1.10002.1.1.1';
const BOX = '1.3.6.1.4.1.4413.1.1.43.1';

/** UBNT-AirMAX-MIB (airOS 8), FROGFOOT-RESOURCES-MIB (airOS 5 and 6), boxServices of EdgeSwitch. */
export const ubiquiti: Profile = {
  vendor: 'ubiquiti',
  sysObjectIds: ['1.3.6.1.4.1.41112', '1.3.6.1.4.1.10002', '1.3.6.1.4.1.4413'],
  health: [
    { field: 'cpu_pct', oid: `${HOST}.3`, of: 'max' },
    {
      field: 'memory_pct',
      total: [`${RESOURCES}.1.1`],
      free: [`${RESOURCES}.1.2`, `${RESOURCES}.1.3`, `${RESOURCES}.1.4`],
    },
    { field: 'load1', oid: `${RESOURCES}.4.2.1.3`, row: '1', of: 'max', scale: 0.01 },
    { field: 'load5', oid: `${RESOURCES}.4.2.1.3`, row: '2', of: 'max', scale: 0.01 },
    { field: 'load15', oid: `${RESOURCES}.4.2.1.3`, row: '3', of: 'max', scale: 0.01 },
  ],
  rows: [
    {
      measurement: 'hardware_sensor',
      tags: { type: 'celsius', sensor: 'host' },
      fields: { value: { oid: `${HOST}.4`, absent: [0] } },
    },
    {
      measurement: 'hardware_sensor',
      tags: { type: 'celsius' },
      label: { tag: 'sensor', prefix: 'box ' },
      fields: { value: { oid: `${BOX}.8.1.5`, absent: [0] } },
    },
  ],
};

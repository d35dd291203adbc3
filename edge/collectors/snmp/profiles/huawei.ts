import type { Profile } from '../profile.ts';

const ENTITY = '1.3.6.1.4.1.2011.5.25.31.1.1.1.1';
const ENTITY_NAME = '1.3.6.1.2.1.47.1.1.1.1.7';
const FAN = '1.3.6.1.4.1.2011.5.25.31.1.1.10.1.7';
const POWER = '1.3.6.1.4.1.2011.5.25.31.1.1.18.1.6';
/** Slots and ports have a row too: 0, and the largest integer on some, mean that there is no such sensor. */
const NONE = [0, 0x7fff_ffff];
/** hwOpticalModuleInfoTable: °C, µA, and 0.01 dBm or, above 0, µW. */
const OPTICAL = '1.3.6.1.4.1.2011.5.25.31.1.1.3.1';
const NO_OPTICS = [-1, ...NONE];

/** HUAWEI-ENTITY-EXTENT-MIB. */
export const huawei: Profile = {
  vendor: 'huawei',
  sysObjectIds: ['1.3.6.1.4.1.2011'],
  software: /Version ([\d.]+(?: \([^)]+\))?)/,
  health: [
    { field: 'cpu_pct', oid: `${ENTITY}.5`, of: 'max' },
    { field: 'memory_pct', oid: `${ENTITY}.7`, of: 'max', absent: NONE },
    { field: 'fan_ok', oid: FAN, ok: [1] },
    { field: 'power_supply_ok', oid: POWER, ok: [1, 3], absent: [4] },
  ],
  rows: [
    {
      measurement: 'hardware_sensor',
      tags: { type: 'celsius' },
      label: { tag: 'sensor', oid: ENTITY_NAME },
      fields: { value: { oid: `${ENTITY}.11`, absent: NONE } },
    },
  ],
  opticsTable: {
    index: 'entPhysicalIndex',
    fields: {
      rx_power_dbm: { oid: `${OPTICAL}.8`, scale: 0.01, absent: NO_OPTICS, positiveIsMicrowatts: true },
      tx_power_dbm: { oid: `${OPTICAL}.9`, scale: 0.01, absent: NO_OPTICS, positiveIsMicrowatts: true },
      tx_bias_ma: { oid: `${OPTICAL}.7`, scale: 0.001, absent: NO_OPTICS },
      transceiver_temperature_celsius: { oid: `${OPTICAL}.5`, absent: [...NO_OPTICS, 255, -255] },
    },
  },
};

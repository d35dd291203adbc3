import type { Profile } from '../profile.ts';

const OPERATING = '1.3.6.1.4.1.2636.3.1.13.1';
/** First arc of the row index, jnxContainersIndex. */
const POWER = '2';
const FAN = '4';
const ROUTING_ENGINE = '9';
/** jnxOperatingState: running, ready, running at full speed, standby. */
const WORKS = [2, 3, 5, 7];
const UNKNOWN = [1];
/** JUNIPER-DOM-MIB, jnxDomCurrentTable: 0.01 dBm, µA, °C. */
const DOM = '1.3.6.1.4.1.2636.3.60.1.1.1.1';

/** JUNIPER-MIB, jnxOperatingTable. A temperature of 0 means that the part has no sensor. */
export const juniper: Profile = {
  vendor: 'juniper',
  sysObjectIds: ['1.3.6.1.4.1.2636'],
  software: /JUNOS ([^\s,]+)/,
  health: [
    { field: 'cpu_pct', oid: `${OPERATING}.8`, row: ROUTING_ENGINE, of: 'max' },
    { field: 'memory_pct', oid: `${OPERATING}.11`, row: ROUTING_ENGINE, of: 'max', absent: [0] },
    { field: 'fan_ok', oid: `${OPERATING}.6`, row: FAN, ok: WORKS, absent: UNKNOWN },
    { field: 'power_supply_ok', oid: `${OPERATING}.6`, row: POWER, ok: WORKS, absent: UNKNOWN },
  ],
  rows: [
    {
      measurement: 'hardware_sensor',
      tags: { type: 'celsius' },
      label: { tag: 'sensor', oid: `${OPERATING}.5` },
      fields: { value: { oid: `${OPERATING}.7`, absent: [0] } },
    },
  ],
  opticsTable: {
    index: 'ifIndex',
    fields: {
      rx_power_dbm: { oid: `${DOM}.5`, scale: 0.01 },
      tx_power_dbm: { oid: `${DOM}.7`, scale: 0.01 },
      tx_bias_ma: { oid: `${DOM}.6`, scale: 0.001 },
      transceiver_temperature_celsius: { oid: `${DOM}.8` },
    },
  },
};

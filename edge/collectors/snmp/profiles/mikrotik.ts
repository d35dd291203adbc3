import type { Profile, RowSource } from '../profile.ts';

const HEALTH = '1.3.6.1.4.1.14988.1.1.3';
const GAUGE = `${HEALTH}.100.1`;
/** mtxrOpticalTable: °C, mA, 0.001 dBm. Empty cages have a row too, with 0, or −128 °C in several widths. */
const OPTICAL = '1.3.6.1.4.1.14988.1.1.19.1.1';
const NO_TEMPERATURE = [0, -128, 65_408, 4_294_967_168];

/** mtxrGaugeUnit: 1 °C, 2 rpm, 3 0.1 V, 4 0.1 A, 5 0.1 W. */
function gauges(unit: number, type: string, scale: number): RowSource {
  return {
    measurement: 'hardware_sensor',
    tags: { type },
    label: { tag: 'sensor', oid: `${GAUGE}.2` },
    where: { oid: `${GAUGE}.4`, is: unit },
    fields: { value: { oid: `${GAUGE}.3`, scale } },
  };
}

function single(sensor: string, type: string, column: number): RowSource {
  return {
    measurement: 'hardware_sensor',
    tags: { type, sensor },
    fields: { value: { oid: `${HEALTH}.${column}`, scale: 0.1, absent: [0] } },
  };
}

/** MIKROTIK-MIB; CPU and memory are in HOST-RESOURCES-MIB. RouterOS 6 has single values in tenths, RouterOS 7 a table. */
export const mikrotik: Profile = {
  vendor: 'mikrotik',
  sysObjectIds: ['1.3.6.1.4.1.14988'],
  softwareOid: '1.3.6.1.4.1.14988.1.1.4.4',
  rows: [
    gauges(1, 'celsius', 1),
    gauges(2, 'rpm', 1),
    gauges(3, 'volts_dc', 0.1),
    gauges(4, 'amperes', 0.1),
    gauges(5, 'watts', 0.1),
    single('temperature', 'celsius', 10),
    single('processor-temperature', 'celsius', 11),
    single('voltage', 'volts_dc', 8),
    single('power-consumption', 'watts', 12),
  ],
  opticsTable: {
    index: 'ifIndex',
    fields: {
      rx_power_dbm: { oid: `${OPTICAL}.10`, scale: 0.001, absent: [0] },
      tx_power_dbm: { oid: `${OPTICAL}.9`, scale: 0.001, absent: [0] },
      tx_bias_ma: { oid: `${OPTICAL}.8`, absent: [0] },
      transceiver_temperature_celsius: { oid: `${OPTICAL}.6`, absent: NO_TEMPERATURE },
    },
  },
};

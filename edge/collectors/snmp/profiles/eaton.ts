import type { Profile } from '../profile.ts';

const XUPS = '1.3.6.1.4.1.534.1';
const EPDU = '1.3.6.1.4.1.534.6.6.7';
const UNKNOWN = [-1, 65_535];
const PHASE = { tag: 'line' } as const;
const OUTLET = { tag: 'line', prefix: 'outlet ' } as const;

/** XUPS-MIB (what UPS-MIB lacks), EATON-EPDU-MIB (mV, mA, W, Wh). MGE became part of Eaton. */
export const eaton: Profile = {
  vendor: 'eaton',
  sysObjectIds: ['1.3.6.1.4.1.534', '1.3.6.1.4.1.705'],
  softwareOid: `${XUPS}.1.3`,
  rows: [
    {
      measurement: 'power',
      fields: {
        // xupsOutputSource in the codes of upsOutputSource.
        output_source: {
          oid: `${XUPS}.4.5`,
          codes: { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 3, 9: 3, 10: 3, 11: 4, 12: 3 },
        },
        runtime_minutes: { oid: `${XUPS}.2.1`, scale: 1 / 60, absent: UNKNOWN },
        battery_voltage_v: { oid: `${XUPS}.2.2`, absent: UNKNOWN },
        charge_pct: { oid: `${XUPS}.2.4`, absent: UNKNOWN },
        load_pct: { oid: `${XUPS}.4.1`, absent: UNKNOWN },
        output_frequency_hz: { oid: `${XUPS}.4.2`, scale: 0.1, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: PHASE,
      countOid: `${XUPS}.3.3`,
      fields: {
        input_voltage_v: { oid: `${XUPS}.3.4.1.2`, absent: UNKNOWN },
        input_current_a: { oid: `${XUPS}.3.4.1.3`, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: PHASE,
      countOid: `${XUPS}.4.3`,
      fields: {
        output_voltage_v: { oid: `${XUPS}.4.4.1.2`, absent: UNKNOWN },
        output_current_a: { oid: `${XUPS}.4.4.1.3`, absent: UNKNOWN },
        output_power_w: { oid: `${XUPS}.4.4.1.4`, absent: UNKNOWN },
      },
    },
    {
      measurement: 'environment',
      tags: { sensor: 'ups ambient' },
      fields: {
        temperature_celsius: { oid: `${XUPS}.6.1`, absent: [...UNKNOWN, 0] },
        humidity_pct: { oid: `${XUPS}.6.4`, absent: [...UNKNOWN, 0] },
      },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'input ' },
      fields: { input_voltage_v: { oid: `${EPDU}.3.2.1.3`, scale: 0.001 } },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'input ' },
      fields: { input_current_a: { oid: `${EPDU}.3.3.1.4`, scale: 0.001 } },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'input ' },
      fields: {
        input_power_w: { oid: `${EPDU}.3.4.1.4` },
        energy_kwh: { oid: `${EPDU}.3.4.1.5`, scale: 0.001 },
      },
    },
    {
      measurement: 'power',
      label: OUTLET,
      fields: { output_current_a: { oid: `${EPDU}.6.4.1.3`, scale: 0.001 } },
    },
    {
      measurement: 'power',
      label: OUTLET,
      fields: {
        output_power_w: { oid: `${EPDU}.6.5.1.3` },
        energy_kwh: { oid: `${EPDU}.6.5.1.4`, scale: 0.001 },
      },
    },
    {
      measurement: 'power',
      label: OUTLET,
      fields: { outlet_on: { oid: `${EPDU}.6.6.1.2`, codes: { 0: false, 1: true, 2: true, 3: false } } },
    },
  ],
};

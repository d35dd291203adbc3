import type { Profile } from '../profile.ts';

const UPS = '1.3.6.1.4.1.318.1.1.1';
const RPDU = '1.3.6.1.4.1.318.1.1.12.2.3.1.1';
const RPDU2 = '1.3.6.1.4.1.318.1.1.26';
const UNKNOWN = [-1];

/** PowerNet-MIB: Smart-UPS, rack PDUs of both generations (rPDU, rPDU2), their temperature and humidity probes. */
export const apc: Profile = {
  vendor: 'apc',
  sysObjectIds: ['1.3.6.1.4.1.318'],
  software: /\bAF1:v?([^\s,)]+)/,
  rows: [
    {
      measurement: 'power',
      fields: {
        // upsBasicOutputStatus in the codes of upsOutputSource: 3 normal, 5 battery, 6 boost, 7 reduce, 4 bypass, 2 off.
        output_source: {
          oid: `${UPS}.4.1.1`,
          codes: { 2: 3, 3: 5, 4: 6, 5: 2, 6: 4, 7: 2, 8: 1, 9: 4, 10: 4, 11: 2, 12: 7 },
        },
        battery_status: { oid: `${UPS}.2.1.1`, codes: { 2: 2, 3: 3 } },
        on_battery_s: { oid: `${UPS}.2.1.2`, scale: 0.01 },
        charge_pct: { oid: `${UPS}.2.2.1` },
        battery_temperature_celsius: { oid: `${UPS}.2.2.2` },
        runtime_minutes: { oid: `${UPS}.2.2.3`, scale: 1 / 6_000 },
        battery_voltage_v: { oid: `${UPS}.2.2.8` },
        input_voltage_v: { oid: `${UPS}.3.2.1` },
        input_frequency_hz: { oid: `${UPS}.3.2.4` },
        output_voltage_v: { oid: `${UPS}.4.2.1` },
        output_frequency_hz: { oid: `${UPS}.4.2.2` },
        load_pct: { oid: `${UPS}.4.2.3` },
        output_current_a: { oid: `${UPS}.4.2.4` },
      },
    },
    {
      // The first of PDUs that are linked into a group.
      measurement: 'power',
      row: '1',
      fields: {
        output_power_w: { oid: `${RPDU2}.4.3.1.5`, scale: 10, absent: UNKNOWN },
        energy_kwh: { oid: `${RPDU2}.4.3.1.9`, scale: 0.1, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'phase ', oid: `${RPDU2}.6.3.1.3` },
      fields: {
        output_current_a: { oid: `${RPDU2}.6.3.1.5`, scale: 0.1, absent: UNKNOWN },
        output_voltage_v: { oid: `${RPDU2}.6.3.1.6`, absent: UNKNOWN },
        output_power_w: { oid: `${RPDU2}.6.3.1.7`, scale: 10, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'bank ', oid: `${RPDU2}.8.3.1.3` },
      fields: { output_current_a: { oid: `${RPDU2}.8.3.1.5`, scale: 0.1, absent: UNKNOWN } },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'outlet ', oid: `${RPDU2}.9.2.3.1.4` },
      fields: { outlet_on: { oid: `${RPDU2}.9.2.3.1.5`, codes: { 1: false, 2: true } } },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'outlet ', oid: `${RPDU2}.9.4.3.1.4` },
      fields: {
        output_current_a: { oid: `${RPDU2}.9.4.3.1.6`, scale: 0.1, absent: UNKNOWN },
        output_power_w: { oid: `${RPDU2}.9.4.3.1.7`, absent: UNKNOWN },
      },
    },
    // The older table has phases and banks as rows of one kind: the number that does not apply is 0.
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'phase ', oid: `${RPDU}.4`, absent: [0] },
      fields: { output_current_a: { oid: `${RPDU}.2`, scale: 0.1 } },
    },
    {
      measurement: 'power',
      label: { tag: 'line', prefix: 'bank ', oid: `${RPDU}.5`, absent: [0] },
      fields: { output_current_a: { oid: `${RPDU}.2`, scale: 0.1 } },
    },
    {
      measurement: 'environment',
      label: { tag: 'sensor', oid: `${RPDU2}.10.2.2.1.3` },
      fields: {
        temperature_celsius: { oid: `${RPDU2}.10.2.2.1.8`, scale: 0.1, absent: UNKNOWN },
        humidity_pct: { oid: `${RPDU2}.10.2.2.1.10`, absent: UNKNOWN },
      },
    },
  ],
};

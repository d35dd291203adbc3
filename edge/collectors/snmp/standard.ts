import { compileProfile } from './profile/compiled-profile.ts';
import { profileSchema, type ProfileInput } from './profile/profile-schema.ts';

const UPS = '1.3.6.1.2.1.33.1';
const UCD_MEMORY = '1.3.6.1.4.1.2021.4';
const UCD_CPU_IDLE = '1.3.6.1.4.1.2021.11.11';
const UCD_LOAD = '1.3.6.1.4.1.2021.10.1.5';
const HR_PROCESSOR_LOAD = '1.3.6.1.2.1.25.3.3.1.2';

const UNKNOWN = [-1];
const LINE = { line: {} } as const;

/** HOST-RESOURCES-MIB (RFC 2790), UCD-SNMP-MIB, and UPS-MIB (RFC 1628), some of whose objects are in tenths of V, A or Hz. */
const FILE: ProfileInput = {
  profile: 'standard',
  vendor: 'standard',
  match: [{ sysObjectId: '1.3.6.1' }],
  device: {
    cpu_pct: [
      { oid: HR_PROCESSOR_LOAD, take: 'mean' },
      { oid: UCD_CPU_IDLE, take: 'mean', scale: -1, offset: 100 },
    ],
    memory_pct: {
      total: `${UCD_MEMORY}.5`,
      free: [`${UCD_MEMORY}.6`, `${UCD_MEMORY}.14`, `${UCD_MEMORY}.15`],
    },
    load1: { oid: UCD_LOAD, row: '1', scale: 0.01 },
    load5: { oid: UCD_LOAD, row: '2', scale: 0.01 },
    load15: { oid: UCD_LOAD, row: '3', scale: 0.01 },
  },
  measurements: [
    {
      measurement: 'power',
      fields: {
        output_source: `${UPS}.4.1`,
        battery_status: { oid: `${UPS}.2.1`, absent: [1] },
        on_battery_s: { oid: `${UPS}.2.2`, absent: UNKNOWN },
        runtime_minutes: { oid: `${UPS}.2.3`, absent: UNKNOWN },
        charge_pct: { oid: `${UPS}.2.4`, absent: UNKNOWN },
        battery_voltage_v: { oid: `${UPS}.2.5`, scale: 0.1, absent: UNKNOWN },
        battery_current_a: { oid: `${UPS}.2.6`, scale: 0.1, absent: UNKNOWN },
        battery_temperature_celsius: { oid: `${UPS}.2.7`, absent: UNKNOWN },
        output_frequency_hz: { oid: `${UPS}.4.2`, scale: 0.1, absent: UNKNOWN },
        alarms_count: `${UPS}.6.1`,
      },
    },
    {
      measurement: 'power',
      tags: LINE,
      count: `${UPS}.3.2`,
      fields: {
        input_voltage_v: { oid: `${UPS}.3.3.1.3`, absent: UNKNOWN },
        input_frequency_hz: { oid: `${UPS}.3.3.1.2`, scale: 0.1, absent: UNKNOWN },
        input_current_a: { oid: `${UPS}.3.3.1.4`, scale: 0.1, absent: UNKNOWN },
        input_power_w: { oid: `${UPS}.3.3.1.5`, absent: [-1, 0] },
      },
    },
    {
      measurement: 'power',
      tags: LINE,
      count: `${UPS}.4.3`,
      fields: {
        output_voltage_v: { oid: `${UPS}.4.4.1.2`, absent: UNKNOWN },
        output_current_a: { oid: `${UPS}.4.4.1.3`, scale: 0.1, absent: UNKNOWN },
        output_power_w: { oid: `${UPS}.4.4.1.4`, absent: UNKNOWN },
        load_pct: { oid: `${UPS}.4.4.1.5`, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      tags: LINE,
      count: `${UPS}.5.2`,
      fields: { bypass_voltage_v: { oid: `${UPS}.5.3.1.2`, absent: UNKNOWN } },
    },
  ],
};

export const STANDARD_PROFILE = profileSchema.parse(FILE);

/** What every device is asked for. */
export const STANDARD = compileProfile(STANDARD_PROFILE);

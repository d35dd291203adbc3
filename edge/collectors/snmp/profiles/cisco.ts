import type { Profile } from '../profile.ts';

const OLD_CPU = '1.3.6.1.4.1.9.2.1';
const PROCESS = '1.3.6.1.4.1.9.9.109.1.1.1.1';
const MEMORY_POOL = '1.3.6.1.4.1.9.9.48.1.1.1';
const ENVIRONMENT = '1.3.6.1.4.1.9.9.13.1';
const PROCESSOR_POOL = '1';
/** CiscoEnvMonState: normal 1, warning 2; 5 not present. */
const NOT_PRESENT = [5, 6];

/** CISCO-PROCESS-MIB, CISCO-MEMORY-POOL-MIB, CISCO-ENVMON-MIB, CISCO-ENTITY-SENSOR-MIB, OLD-CISCO-CPU-MIB. */
export const cisco: Profile = {
  vendor: 'cisco',
  sysObjectIds: ['1.3.6.1.4.1.9'],
  software: /Version ([^\s,]+)/,
  health: [
    { field: 'cpu_pct', oid: `${PROCESS}.7`, of: 'max' },
    { field: 'cpu_pct', oid: `${PROCESS}.4`, of: 'max' },
    { field: 'cpu_pct', oid: `${OLD_CPU}.57`, of: 'max' },
    { field: 'memory_pct', used: [`${MEMORY_POOL}.5`], free: [`${MEMORY_POOL}.6`], row: PROCESSOR_POOL },
    { field: 'fan_ok', oid: `${ENVIRONMENT}.4.1.3`, ok: [1, 2], absent: NOT_PRESENT },
    { field: 'power_supply_ok', oid: `${ENVIRONMENT}.5.1.3`, ok: [1, 2], absent: NOT_PRESENT },
  ],
  rows: [
    {
      measurement: 'hardware_sensor',
      tags: { type: 'celsius' },
      label: { tag: 'sensor', oid: `${ENVIRONMENT}.3.1.2` },
      fields: { value: { oid: `${ENVIRONMENT}.3.1.3`, absent: [0] } },
    },
  ],
  sensorTable: '1.3.6.1.4.1.9.9.91.1.1.1.1',
};

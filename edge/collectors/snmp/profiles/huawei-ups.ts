import type { Profile } from '../profile.ts';

const UPS = '1.3.6.1.2.1.33.1';
const BATTERY = '1.3.6.1.4.1.2011.6.174.1.6.100.1';
const UNKNOWN = [-1, 0x7fff_ffff, 0xffff_ffff];
const PHASE = { tag: 'line' } as const;

/** UPS5000 and similar: their UPS-MIB uses 0.1 V, 0.01 Hz and 0.1 kW, contrary to the MIB. Charge and runtime from UPS-MIB of Huawei. */
export const huaweiUps: Profile = {
  vendor: 'huawei',
  sysObjectIds: ['1.3.6.1.4.1.8072.3.2.10'],
  sysDescr: /^Linux GSE200M\b/,
  correctsStandard: true,
  rows: [
    {
      measurement: 'power',
      fields: {
        output_source: { oid: `${UPS}.4.1` },
        output_frequency_hz: { oid: `${UPS}.4.2`, scale: 0.01, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      fields: {
        charge_pct: { oid: `${BATTERY}.3`, absent: UNKNOWN },
        runtime_minutes: { oid: `${BATTERY}.4`, scale: 1 / 60, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: PHASE,
      countOid: `${UPS}.3.2`,
      fields: {
        input_voltage_v: { oid: `${UPS}.3.3.1.3`, scale: 0.1, absent: UNKNOWN },
        input_frequency_hz: { oid: `${UPS}.3.3.1.2`, scale: 0.01, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: PHASE,
      countOid: `${UPS}.4.3`,
      fields: {
        output_voltage_v: { oid: `${UPS}.4.4.1.2`, scale: 0.1, absent: UNKNOWN },
        output_power_w: { oid: `${UPS}.4.4.1.4`, scale: 100, absent: UNKNOWN },
      },
    },
    {
      measurement: 'power',
      label: PHASE,
      countOid: `${UPS}.5.2`,
      fields: { bypass_voltage_v: { oid: `${UPS}.5.3.1.2`, scale: 0.1, absent: UNKNOWN } },
    },
  ],
};

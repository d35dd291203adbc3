import type { Profile } from '../profile.ts';

/** CPU (management and data plane) and memory are in HOST-RESOURCES-MIB, temperatures in ENTITY-SENSOR-MIB; PAN-COMMON-MIB. */
export const paloAlto: Profile = {
  vendor: 'palo-alto',
  sysObjectIds: ['1.3.6.1.4.1.25461'],
  softwareOid: '1.3.6.1.4.1.25461.2.1.2.1.1',
  health: [{ field: 'cpu_pct', oid: '1.3.6.1.2.1.25.3.3.1.2', of: 'max' }],
};

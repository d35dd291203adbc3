import type { Profile } from '../profile.ts';

/** CPU and memory are in HOST-RESOURCES-MIB, temperatures and optics in ENTITY-SENSOR-MIB. */
export const arista: Profile = {
  vendor: 'arista',
  sysObjectIds: ['1.3.6.1.4.1.30065'],
  software: /EOS version (\S+)/,
};

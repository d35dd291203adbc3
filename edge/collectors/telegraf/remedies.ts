import { CUSTOM_PREFIX } from '../../../contract/custom/declaration.ts';

/** Measurements of common plugins, or what their names begin with (`*`), and what is taken in their place. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['proxmox', 'use the collector prometheus, mapping proxmox'],
  ['ceph*', 'use the collector prometheus, mapping ceph'],
  ['vsphere*', 'use the collector prometheus, mapping vmware'],
  ['kubernetes*', 'use the collector prometheus, mapping kube-state-metrics'],
  ['docker_*', 'use the collector server, which reads containers'],
  ['syslog', 'use the collector syslog'],
  ['snmp_trap', 'use the collector snmp_trap'],
]);

const BEGINNINGS = [...REMEDIES].filter(([name]) => name.endsWith('*'));
const MAX_SHOWN = 40;

/** How to take what a refused measurement has. Pure. */
export function remedyFor(measurement: string): string {
  const [, byBeginning] = BEGINNINGS.find(([name]) => measurement.startsWith(name.slice(0, -1))) ?? [];
  const instead = REMEDIES.get(measurement) ?? byBeginning;
  const name = measurement.startsWith(CUSTOM_PREFIX) ? measurement : `${CUSTOM_PREFIX}${measurement}`;
  const declare = `declare ${name.slice(0, MAX_SHOWN)} in custom of this collector and at central`;
  return instead === undefined ? declare : `${instead}, or ${declare}`;
}

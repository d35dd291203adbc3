const ON_WINDOWS = (plugin: string): string => `use [[inputs.${plugin}]], which reads Windows, too`;

/** Measurements of common plugins, or what their names begin with (`*`), and what is taken in their place. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  // Counters of Windows by their own names (win_perf_counters): the portable plugins have the same values.
  ['win_cpu', ON_WINDOWS('cpu')],
  ['win_mem', ON_WINDOWS('mem')],
  ['win_swap', ON_WINDOWS('swap')],
  ['win_disk', ON_WINDOWS('disk')],
  ['win_diskio', ON_WINDOWS('diskio')],
  ['win_net', ON_WINDOWS('net')],
  ['win_system', ON_WINDOWS('system')],
  ['win_services', 'check what the service does with the collector service'],
  ['net_response', 'use the collector service, type tcp, sip, ntp or dns'],
  ['ntpq', 'use the collector chrony for this clock, service with type ntp for a time server'],
  ['apcupsd', 'use the collector ups, with apcupsd-ups of Network UPS Tools'],
  ['proxmox', 'use the collector prometheus, mapping proxmox'],
  ['ceph*', 'use the collector prometheus, mapping ceph'],
  ['vsphere*', 'use the collector prometheus, mapping vmware'],
  ['kubernetes*', 'use the collector prometheus, mapping kube-state-metrics'],
  ['docker_*', 'use the collector server, which reads containers'],
  ['ethtool', 'errors and drops are in [[inputs.net]]; optics of switches in the collector snmp'],
  ['syslog', 'use the collector syslog'],
  ['snmp_trap', 'use the collector snmp_trap'],
]);

const BEGINNINGS = [...REMEDIES].filter(([name]) => name.endsWith('*'));

/** How to take what a refused measurement has; undefined: nothing in its place is known. Pure. */
export function remedyFor(measurement: string): string | undefined {
  const [, byBeginning] = BEGINNINGS.find(([name]) => measurement.startsWith(name.slice(0, -1))) ?? [];
  return REMEDIES.get(measurement) ?? byBeginning;
}

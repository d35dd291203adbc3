import type { ListedKind } from './collector.ts';

/** The only list of collector kinds. */
export const collectorKinds: readonly ListedKind[] = [
  { kind: 'server', load: async () => (await import('./server/server.ts')).serverKind },
  { kind: 'systemd', load: async () => (await import('./systemd/systemd.ts')).systemdKind },
  { kind: 'smart', load: async () => (await import('./smart/smart.ts')).smartKind },
  { kind: 'chrony', load: async () => (await import('./chrony/chrony.ts')).chronyKind },
  {
    kind: 'certificates',
    load: async () => (await import('./certificates/certificates.ts')).certificatesKind,
  },
  { kind: 'ping', load: async () => (await import('./ping/ping.ts')).pingKind },
  { kind: 'path', load: async () => (await import('./path/path.ts')).pathKind },
  {
    kind: 'internet_speed',
    load: async () => (await import('./internet-speed/internet-speed.ts')).internetSpeedKind,
  },
  { kind: 'snmp', load: async () => (await import('./snmp/snmp.ts')).snmpKind },
  { kind: 'service', load: async () => (await import('./service/service.ts')).serviceKind },
  { kind: 'prometheus', load: async () => (await import('./prometheus/prometheus.ts')).prometheusKind },
  { kind: 'telegraf', load: async () => (await import('./telegraf/telegraf.ts')).telegrafKind },
  { kind: 'syslog', load: async () => (await import('./syslog/syslog.ts')).syslogKind },
  { kind: 'snmp_trap', load: async () => (await import('./snmp-trap/snmp-trap.ts')).snmpTrapKind },
  { kind: 'modbus', load: async () => (await import('./modbus/modbus.ts')).modbusKind },
  { kind: 'redfish', load: async () => (await import('./redfish/redfish.ts')).redfishKind },
  { kind: 'cellular', load: async () => (await import('./cellular/cellular.ts')).cellularKind },
  { kind: 'ups', load: async () => (await import('./ups/ups.ts')).upsKind },
  { kind: 'environment', load: async () => (await import('./environment/environment.ts')).environmentKind },
];

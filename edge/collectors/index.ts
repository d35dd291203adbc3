import { cellularKind } from './cellular/cellular.ts';
import { certificatesKind } from './certificates/certificates.ts';
import { chronyKind } from './chrony/chrony.ts';
import type { CollectorKind } from './collector.ts';
import { environmentKind } from './environment/environment.ts';
import { internetSpeedKind } from './internet-speed/internet-speed.ts';
import { pathKind } from './path/path.ts';
import { pingKind } from './ping/ping.ts';
import { prometheusKind } from './prometheus/prometheus.ts';
import { serverKind } from './server/server.ts';
import { serviceKind } from './service/service.ts';
import { smartKind } from './smart/smart.ts';
import { snmpKind } from './snmp/snmp.ts';
import { systemdKind } from './systemd/systemd.ts';
import { telegrafKind } from './telegraf/telegraf.ts';
import { upsKind } from './ups/ups.ts';

/** The only list of collector kinds. */
export const collectorKinds: readonly CollectorKind<unknown>[] = [
  serverKind,
  systemdKind,
  smartKind,
  chronyKind,
  certificatesKind,
  pingKind,
  pathKind,
  internetSpeedKind,
  snmpKind,
  serviceKind,
  prometheusKind,
  telegrafKind,
  cellularKind,
  upsKind,
  environmentKind,
];

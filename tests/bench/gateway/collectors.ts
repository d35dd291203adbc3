import { snmpSwitches } from '../snmp/collector-config.ts';
import type { Neighbourhood } from './neighbourhood.ts';

const INTERVAL_MS = 10_000;

/** All collectors, every 10 s; the speed test has its own budget, and the cellular signal is read every second. */
export function gatewayCollectors(near: Neighbourhood): readonly object[] {
  const every = { intervalMs: INTERVAL_MS };
  const [host = '', port = ''] = new URL(near.webUrl).host.split(':');
  return [
    { kind: 'server', ...every },
    { kind: 'ping', ...every, targets: ['127.0.0.1'] },
    // A burst and a trace take longer than 10 s.
    { kind: 'path', ...every, targets: ['127.0.0.1'], methods: ['icmp'], count: 5, trace: false },
    { kind: 'snmp', ...every, ...snmpSwitches(near.switches) },
    { kind: 'service', ...every, checks: checks(near.webUrl, host, Number(port)) },
    { kind: 'prometheus', ...every, targets: [exporter(near.webUrl)] },
    { kind: 'telegraf', ...every, udp: { port: near.telegrafPort } },
    { kind: 'internet_speed', ...speedTest(near.speedUrl) },
    { kind: 'cellular', modems: [{ device: 'm-1', source: 'at', port: near.modemPath }] },
    { kind: 'ups', ...every, servers: [{ address: '127.0.0.1', port: near.upsPort }] },
    {
      kind: 'environment',
      ...every,
      mqtt: { broker: { url: near.sensorsUrl }, sensors: [{ mapping: 'zigbee2mqtt' }] },
    },
    { kind: 'certificates', ...every, files: [near.certificateFile] },
    { kind: 'systemd', ...every },
    { kind: 'chrony', ...every },
    { kind: 'smart', ...every, reportsDirectory: near.ownMachine.reportsDirectory },
  ];
}

function checks(url: string, host: string, port: number): readonly object[] {
  return [
    { service: 'portal', check: 'page', type: 'http', url, bodyContains: 'open' },
    { service: 'portal', check: 'metrics', type: 'http', url: `${url}/metrics` },
    { service: 'portal', check: 'door', type: 'tcp', host, port },
  ];
}

function exporter(url: string): object {
  return { url: `${url}/metrics`, mapping: 'node-exporter', pool: 'dc-1' };
}

/** One second per direction, so that the first test ends before the window begins. */
function speedTest(server: string): object {
  return { server, line: 'l-1', durationMs: 1_000, contractedDownloadMbps: 50, contractedUploadMbps: 50 };
}

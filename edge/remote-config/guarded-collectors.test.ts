import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { Collected, CollectorKind } from '../collectors/collector.ts';
import { collectorKinds } from '../collectors/index.ts';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { guardOf, pushedLimitsOf } from './pushed-limits.ts';

const community = { env: 'WARDWATCH_SECRET_TEST' };
const credentials = { core: { version: '2c', community } };
const QUICK = { replyTimeoutMs: 100 };
/** Permitted, but nothing listens there. */
const DEAD_HOST = '127.0.0.3';

/** For each kind, every way in which it connects, to a host that the test listens at. A new kind needs a line here. */
const WAYS: Readonly<Record<string, Readonly<Record<string, (host: string, port: number) => object>>>> = {
  server: {},
  systemd: {},
  chrony: {},
  smart: {},
  certificates: {},
  ping: {
    icmp: (host) => ({ targets: [host], count: 1, ...QUICK }),
    tcp: (host, port) => ({ targets: [host], count: 1, method: 'tcp', port, ...QUICK }),
  },
  path: {
    icmp: (host) => ({ targets: [host], methods: ['icmp'], count: 2, ...QUICK }),
    tcp: (host, port) => ({ targets: [{ address: host, port }], methods: ['tcp'], count: 2, ...QUICK }),
    http: (host, port) => ({
      targets: [{ address: DEAD_HOST, url: `http://${host}:${port}/` }],
      methods: ['http'],
      count: 2,
      trace: false,
      ...QUICK,
    }),
  },
  internet_speed: {
    server: (host, port) => ({
      server: `ws://${host}:${port}`,
      contractedDownloadMbps: 1,
      contractedUploadMbps: 1,
    }),
    witness: (host, port) => ({
      server: `ws://${DEAD_HOST}:9`,
      witnesses: [`${host}:${port}`],
      contractedDownloadMbps: 1,
      contractedUploadMbps: 1,
    }),
  },
  snmp: {
    device: (host, port) => ({
      credentials,
      devices: [{ device: 'd', address: host, port, credentials: 'core' }],
      ...QUICK,
    }),
  },
  service: {
    http: (host, port) => ({ checks: [{ type: 'http', service: 's', url: `http://${host}:${port}/` }] }),
    ...Object.fromEntries(
      ['tcp', 'smtp', 'imap', 'sip', 'ntp'].map((type) => [
        type,
        (host: string, port: number) => ({ deadlineMs: 100, checks: [{ type, service: 's', host, port }] }),
      ]),
    ),
    dns: (_host, port) => ({
      deadlineMs: 100,
      checks: [{ type: 'dns', service: 's', server: '127.0.0.1', port, domain: 'x.example.vn' }],
    }),
    'name server': (_host, port) => ({
      deadlineMs: 100,
      nameServers: [`127.0.0.1:${port}`],
      checks: [{ type: 'tcp', service: 's', host: 'x.example.vn', port: 9 }],
    }),
  },
  prometheus: {
    exporter: (host, port) => ({
      targets: [{ url: `http://${host}:${port}/m`, mapping: 'node-exporter', pool: 'p' }],
    }),
  },
  telegraf: {
    broker: (host, port) => ({ mqtt: { broker: { url: `mqtt://${host}:${port}` }, topics: ['t'] } }),
  },
  // They are connected to.
  syslog: {},
  snmp_trap: {},
  cellular: {
    teltonika: (host, port) => ({
      modems: [
        { device: 'm', source: 'teltonika', address: host, port, credentials: credentials.core, ...QUICK },
      ],
    }),
  },
  modbus: {
    device: (host, port) => ({
      devices: [{ device: 'd', address: host, port, map: 'eastron-sdm120' }],
      deadlineMs: 1_000,
    }),
  },
  redfish: {
    server: (host, port) => ({
      servers: [{ device: 'd', address: host, port, username: 'u', password: community }],
      deadlineMs: 1_000,
    }),
  },
  ups: { server: (host, port) => ({ servers: [{ address: host, port }], deadlineMs: 1_000 }) },
  environment: {
    broker: (host, port) => ({
      mqtt: { broker: { url: `mqtt://${host}:${port}` }, sensors: [{ mapping: 'zigbee2mqtt' }] },
    }),
    device: (host, port) => ({
      snmp: {
        credentials,
        devices: [
          {
            device: 'd',
            address: host,
            port,
            credentials: 'core',
            sensors: [{ oid: '1.3.6.1.4.1.1.0', field: 'temperature_celsius' }],
          },
        ],
        ...QUICK,
      },
    }),
  },
};

/** Waits are short: what matters happens at once. */
const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 100), signal) };

let directory: string;
let tcp: Server;
let udp: UdpSocket;
let port: number;
let arrivals: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-guard-'));
  for (const program of ['ping', 'traceroute', 'tracepath']) {
    writeFileSync(
      join(directory, program),
      `#!/bin/sh\necho called >> ${join(directory, 'called')}\nexit 1\n`,
    );
    chmodSync(join(directory, program), 0o755);
  }
  vi.stubEnv('PATH', directory);
  vi.stubEnv('WARDWATCH_SECRET_TEST', 'city-secret');
  arrivals = 0;
  await listen();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  tcp.close();
  udp.close();
  await once(tcp, 'close');
  rmSync(directory, { recursive: true });
});

/** The same port for TCP and UDP: whichever is free for both. */
async function listen(): Promise<void> {
  tcp = createServer((socket) => {
    arrivals++;
    socket.on('error', () => undefined);
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  port = (tcp.address() as AddressInfo).port;
  udp = createSocket('udp4').on('message', () => arrivals++);
  udp.bind(port, '127.0.0.1');
  try {
    await once(udp, 'listening');
  } catch {
    udp.close();
    tcp.close();
    await listen();
  }
}

function arrived(): number {
  const called = join(directory, 'called');
  return arrivals + (existsSync(called) ? readFileSync(called, 'utf8').split('\n').length - 1 : 0);
}

/** Runs it as if its config had been accepted, until `isDone` holds; all its errors. */
async function run(
  kind: CollectorKind<unknown>,
  options: object,
  configFromCentral: object,
  isDone: (errors: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const config = await checkEdgeConfig('edge.yaml', {
    agent: 'gw-1',
    dataDirectory: directory,
    broker: { url: 'mqtt://x' },
    configFromCentral,
  });
  const parsed = kind.configSchema.parse(options);
  const guard = guardOf(pushedLimitsOf(config), kind.reaches(parsed));
  const collector = kind.create(parsed, { clock: hasty, log: silentLogger, commonTags: {}, guard });
  const errors: string[] = [];
  try {
    await vi.waitFor(
      async () => {
        const { errors: found } = await collector
          .collect(AbortSignal.timeout(8_000))
          .catch((error: unknown): Collected => ({ samples: [], errors: [error as Error] }));
        errors.push(...found.map(messageOf));
        expect(isDone(errors), errors.join('\n')).toBe(true);
      },
      { timeout: 8_000, interval: 20 },
    );
  } finally {
    await collector.close();
  }
  return errors;
}

const REFUSED = /is this machine itself, where a config from central may not connect/;
const SECRETS = [{ env: 'WARDWATCH_SECRET_TEST', targets: ['snmp://127.0.0.0/8'] }];

const kinds = await Promise.all(collectorKinds.map(({ load }) => load()));

describe.each(
  kinds.flatMap((kind) =>
    Object.entries(WAYS[kind.kind] ?? {}).map(([way, options]) => ({ kind, way, options })),
  ),
)('$kind.kind by $way', ({ kind, way, options }) => {
  it.each(['127.0.0.1', 'localhost'])('does not connect to %s for a config from central', async (host) => {
    const errors = await run(
      kind,
      options(host, port),
      { secrets: SECRETS, allowTargets: [DEAD_HOST] },
      (seen) => seen.some((text) => REFUSED.test(text)),
    );
    expect(errors.join('\n')).toMatch(REFUSED);
    expect(arrived()).toBe(0);
  });

  it('connects where the agent’s own file allows it', async () => {
    const use = kind.kind === 'redfish' ? 'https' : 'snmp';
    const secrets = ['snmp', 'cellular', 'environment', 'redfish'].includes(kind.kind)
      ? [{ env: 'WARDWATCH_SECRET_TEST', targets: [`${use}://127.0.0.0/8:${port}`] }]
      : SECRETS;
    const allowTargets = way === 'icmp' ? [DEAD_HOST, '127.0.0.1'] : [DEAD_HOST, `127.0.0.1:${port}`];
    await run(kind, options('127.0.0.1', port), { secrets, allowTargets }, () => arrived() > 0);
    expect(arrived()).toBeGreaterThan(0);
  });
});

it.each(['snmp', 'cellular', 'environment'])(
  '%s sends no secret to an address of a name where the secret may not go',
  async (name) => {
    const kind = kinds.find((each) => each.kind === name);
    const options = (WAYS[name]?.['device'] ?? WAYS[name]?.['teltonika'])?.('localhost', port);
    if (kind === undefined || options === undefined) throw new Error(name);
    const secrets = [{ env: 'WARDWATCH_SECRET_TEST', targets: [`snmp://10.26.0.0/16:${port}`] }];
    const refused = /localhost is at 127\.0\.0\.1 now, where WARDWATCH_SECRET_TEST may not go/;
    await run(kind, options, { secrets, allowTargets: ['127.0.0.0/8'] }, (seen) =>
      seen.some((text) => refused.test(text)),
    );
    expect(arrived()).toBe(0);
  },
);

it('a kind that is not in this table has nobody who looked where it connects', () => {
  expect(Object.keys(WAYS).sort()).toEqual(kinds.map(({ kind }) => kind).sort());
  for (const kind of kinds) {
    const ways = Object.values(WAYS[kind.kind] ?? {});
    const targets = ways.flatMap(
      (options) => kind.reaches(kind.configSchema.parse(options('127.0.0.1', 9))).targets,
    );
    expect(targets.length > 0, kind.kind).toBe(ways.length > 0);
  }
});

it('a redirect from a permitted address does not lead to one that is not', async () => {
  const web = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${port}/key\r\nContent-Length: 0\r\n\r\n`);
  }).listen(0, '127.0.0.2');
  await once(web, 'listening');
  const { port: webPort } = web.address() as AddressInfo;
  const service = kinds.find(({ kind }) => kind === 'service');
  if (service === undefined) throw new Error('no service');
  const checks = [{ type: 'http', service: 's', url: `http://127.0.0.2:${webPort}/`, bodyContains: 'key' }];
  const errors = await run(service, { checks }, { allowTargets: ['127.0.0.2'] }, (seen) => seen.length > 0);
  expect(errors[0]).toMatch(REFUSED);
  expect(arrived()).toBe(0);
  web.close();
});

import { describe, expect, it } from 'vitest';
import { centralConfigSchema } from '../central/config/config.ts';
import { checkEdgeConfig } from '../edge/config/edge-config.ts';
import { problemsOfPushedConfig } from '../edge/remote-config/check-pushed-config.ts';
import { checkConfig } from '../runtime/config.ts';
import { UserError } from '../runtime/errors.ts';
import { createCentralClient } from './central-client.ts';
import { readJsonSchema } from './json-schemas.ts';
import { runSimulateCommand } from './simulate.ts';
import { runStart } from './start.ts';

const HOLDER = 'me:hunter2@';
const central = (more: object) =>
  checkConfig('central.yaml', { dataDirectory: '/d', ...more }, centralConfigSchema);
const edge = (more: object) =>
  checkEdgeConfig('edge.yaml', { agent: 'gw-1', dataDirectory: '/d', broker: { url: 'mqtt://b' }, ...more });

/** Collectors with an address, by its path in the JSON Schema. */
const COLLECTORS: Readonly<Record<string, (holder: string) => object>> = {
  'path.targets.url': (holder) => ({ kind: 'path', targets: [{ address: 'a', url: `http://${holder}h/` }] }),
  'internet_speed.server': (holder) => ({
    kind: 'internet_speed',
    server: `wss://${holder}h`,
    contractedDownloadMbps: 1,
    contractedUploadMbps: 1,
  }),
  'service.checks.url': (holder) => ({
    kind: 'service',
    checks: [{ type: 'http', service: 's', url: `http://${holder}h` }],
  }),
  'prometheus.targets.url': (holder) => ({
    kind: 'prometheus',
    targets: [{ url: `http://${holder}h`, mapping: 'node-exporter', pool: 'p' }],
  }),
  'telegraf.mqtt.broker.url': (holder) => ({
    kind: 'telegraf',
    mqtt: { broker: { url: `mqtt://${holder}h` }, topics: ['t'] },
  }),
  'environment.mqtt.broker.url': (holder) => ({
    kind: 'environment',
    mqtt: { broker: { url: `mqtt://${holder}h` }, sensors: [{ mapping: 'zigbee2mqtt' }] },
  }),
};

const SETTINGS: Readonly<Record<string, (holder: string) => unknown>> = {
  'central store.url': (holder) => central({ store: { kind: 'influx', url: `http://${holder}h` } }),
  'central broker.url': (holder) => central({ broker: { kind: 'external', url: `mqtts://${holder}h` } }),
  'central api.publicUrl': (holder) => central({ api: { publicUrl: `https://${holder}h` } }),
  'central auth.oidc.issuer': (holder) =>
    central({
      auth: {
        oidc: {
          issuer: `https://${holder}h`,
          clientId: 'c',
          clientSecret: { value: 's' },
          grants: [{ claim: 'groups', value: 'noc', role: 'viewer' }],
        },
      },
    }),
  'edge broker.url': (holder) => edge({ broker: { url: `mqtts://${holder}h` } }),
  ...Object.fromEntries(
    Object.entries(COLLECTORS).map(([name, collector]) => [
      `edge ${name}`,
      (holder: string) => edge({ collectors: [collector(holder)] }),
    ]),
  ),
};

async function messageOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('a user name and password in an address', () => {
  it.each(Object.entries(SETTINGS))('is refused in %s, and not shown', async (_name, use) => {
    expect(await messageOf(() => use(''))).toBe('');
    const message = await messageOf(() => use(HOLDER));
    expect(message).toContain('must not hold a user name or password');
    expect(message).not.toContain('hunter2');
  });

  it.each(Object.entries(COLLECTORS))(
    'is refused in a config that is pushed: %s',
    async (_name, collector) => {
      expect(await problemsOfPushedConfig({ collectors: [collector('')] })).toEqual([]);
      const text = (await problemsOfPushedConfig({ collectors: [collector(HOLDER)] })).join();
      expect(text).toContain('must not hold a user name or password');
      expect(text).not.toContain('hunter2');
    },
  );

  it('is refused on the command line', async () => {
    const signal = AbortSignal.abort();
    const client = await messageOf(() =>
      createCentralClient({ url: `http://${HOLDER}h`, tokenFile: '/none' }, signal),
    );
    const simulate = {
      broker: `mqtt://${HOLDER}h`,
      dataDir: '/proc/x',
      secretFile: '/proc/x',
      units: 1,
      seed: 1,
      interval: 1,
    };
    const start = { units: 1, dataDir: '/proc/x', port: 0, brokerPort: 0, seed: 1, logLevel: 'silent' };
    const ended = await Promise.allSettled([
      runSimulateCommand(simulate, signal),
      runStart({ ...start, influx: `http://${HOLDER}h` }, signal),
      runStart({ ...start, broker: `mqtt://${HOLDER}h` }, signal),
    ]);
    const messages = [
      client,
      ...ended.map((end) => (end.status === 'rejected' ? (end.reason as Error).message : '')),
    ];
    for (const message of messages) {
      expect(message).toContain('must not hold a user name or password');
      expect(message).not.toContain('hunter2');
    }
  });

  it('was looked for in every setting that takes an address', async () => {
    const found = (await Promise.all((['central', 'edge'] as const).map(readJsonSchema))).map(
      addressSettings,
    );
    expect(found[0]).toEqual(['api.publicUrl', 'auth.oidc.issuer', 'broker.url', 'store.url']);
    const collectors = Object.keys(COLLECTORS).map((name) => name.replace(/^[^.]+/, 'collectors'));
    expect(found[1]).toEqual([...new Set(['broker.url', ...collectors])].sort());
  });
});

/** Paths of texts of the format `uri`. */
function addressSettings(schema: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown, path: string): void => {
    for (const [key, value] of entriesOf(part)) {
      if (key === 'format' && value === 'uri') found.add(path);
      if (key !== 'properties') visit(value, path);
      else for (const [name, below] of entriesOf(value)) visit(below, path === '' ? name : `${path}.${name}`);
    }
  };
  visit(schema, '');
  return [...found].sort();
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value as Record<string, unknown>) : [];
}

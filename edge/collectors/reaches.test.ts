import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CollectorKind } from './collector.ts';
import { collectorKinds } from './index.ts';

const CREDENTIALS = {
  KEY: { version: '3', user: 'u', auth: { password: { env: 'A' } }, privacy: { password: { env: 'B' } } },
  other: { version: '2c', community: { file: '/c' } },
};
const BROKER = {
  url: 'mqtts://broker',
  username: 'u',
  passwordFile: '/p',
  tls: { caFile: '/ca', certFile: '/cert', keyFile: '/key' },
};
const DEVICES = [
  { device: 'd', address: 'a', credentials: 'KEY' },
  { device: 'e', address: 'b', credentials: 'other' },
];
const sensors = [{ oid: '1.3.6.1.4.1.1.0', field: 'temperature_celsius' }];

/** Of each kind, configs that together have everything that it can reach. A new kind needs a line here. */
const FULL: Readonly<Record<string, readonly object[]>> = {
  server: [{}],
  systemd: [{}],
  chrony: [{}],
  smart: [{ devices: ['/dev/sda', { device: '/dev/sdb', type: 'sat' }] }, { reportsDirectory: '/r' }],
  certificates: [{ files: ['/f'] }],
  ping: [{ targets: ['a', { address: 'b' }] }],
  path: [{ targets: ['a', { address: 'b', url: 'https://u' }] }],
  internet_speed: [
    {
      server: 'wss://s',
      caFile: '/ca',
      witnesses: ['w:1'],
      contractedDownloadMbps: 1,
      contractedUploadMbps: 1,
    },
  ],
  snmp: [{ credentials: CREDENTIALS, devices: DEVICES }],
  service: [
    {
      checks: [
        { type: 'http', service: 's', url: 'http://u' },
        { type: 'dns', service: 's', server: '10.0.0.1', domain: 'x.vn' },
        ...['tcp', 'smtp', 'imap', 'sip', 'ntp'].map((type) => ({ type, service: 's', host: 'h', port: 1 })),
      ],
      caFile: '/ca',
      nameServers: ['10.0.0.2'],
    },
  ],
  prometheus: [{ targets: [{ url: 'http://u', mapping: 'node-exporter', pool: 'p' }] }],
  telegraf: [
    { mqtt: { broker: BROKER, topics: ['t'] }, unix: { path: '/s' } },
    { mqtt: { broker: { url: 'mqtt://b', username: 'u', passwordEnv: 'E' }, topics: ['t'] } },
  ],
  syslog: [
    {
      tls: { certFile: '/c', keyFile: '/k', caFile: '/ca' },
      senders: [{ device: 'd', address: '10.0.0.1' }],
    },
  ],
  snmp_trap: [
    {
      credentials: CREDENTIALS,
      senders: [
        { device: 'd', address: '10.0.0.1', credentials: 'KEY' },
        { device: 'e', address: '10.0.0.2', credentials: 'other' },
      ],
    },
  ],
  cellular: [
    {
      modems: [
        { device: 'm', source: 'at', port: '/dev/ttyUSB2' },
        { device: 'n', source: 'teltonika', address: 'a', credentials: CREDENTIALS.KEY },
        { device: 'o', source: 'teltonika', address: 'a', credentials: CREDENTIALS.other },
      ],
    },
  ],
  modbus: [{ devices: [{ device: 'd', address: 'a', map: 'eastron-sdm120' }] }],
  redfish: [
    { servers: [{ device: 'd', address: 'a', username: 'u', password: { file: '/p' } }], caFile: '/ca' },
  ],
  ups: [{ servers: [{ address: 'a', login: { username: 'u', password: { file: '/p' } } }], caFile: '/ca' }],
  environment: [
    { mqtt: { broker: BROKER, sensors: [{ mapping: 'zigbee2mqtt' }] } },
    {
      mqtt: {
        broker: { url: 'mqtt://b', username: 'u', passwordEnv: 'E' },
        sensors: [{ mapping: 'zigbee2mqtt' }],
      },
      snmp: { credentials: CREDENTIALS, devices: DEVICES.map((device) => ({ ...device, sensors })) },
    },
  ],
};

/** Texts that reach nothing, by the last part of their path. What is not here and not declared fails the test. */
const HARMLESS: ReadonlySet<string> = new Set([
  // names of things
  ...[
    'device',
    'service',
    'check',
    'target',
    'line',
    'isp',
    'operator',
    'name',
    'location',
    'sensor',
    'pool',
  ],
  ...['user', 'username', 'clientId', 'credentials', 'interface', 'modem', 'mapping'],
  // how what was read is understood
  ...['bodyContains', 'domain', 'type', 'field', 'oid', 'topic', 'topics[]', 'prefix', 'ignore[]', 'units[]'],
  // secrets themselves: refused in a config from central
  'password',
]);

/** In whole, by kind: texts of collectors with words of their own. */
const HARMLESS_PATHS: readonly RegExp[] = [
  // Listens there, or takes messages from there: connects to none of them.
  /^(syslog|snmp_trap)\.((udp|tcp|tls)|senders\[\])\.address$/,
  // Its answers are taken from there; requests go to its address.
  /^snmp\.devices\[\]\.answersFrom$/,
  // Of a certificate that is taken.
  /^redfish\.servers\[\]\.fingerprint$/,
  // Names of maps, and what registers mean.
  /^modbus\.(maps\b|devices\[\]\.map$)/,
  /^snmp_trap\.traps\[\]\./,
  // What a measurement of one's own is called, means and is counted in.
  /^telegraf\.custom\[\]\./,
  /^prometheus\.(mappings|targets\[\]\.tags)\b/,
  /^environment\.mqtt\.sensors\[\]\.(fields|time|names)\b/,
  /^environment\.snmp\.devices\[\]\.sensors\[\]\./,
];

const kinds = await Promise.all(collectorKinds.map(({ load }) => load()));

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('what %s reaches', (name, kind) => {
  const declared = declaredBy(kind, FULL[name] ?? []);

  it('is all declared: every text of its settings is an address, a file or a secret, or is known to be harmless', () => {
    const settings = textSettings(schemaOf(kind.configSchema), '');
    const undeclared = settings.filter((setting) => {
      const last = setting.split('.').at(-1) ?? '';
      const isHarmless = HARMLESS.has(last) || HARMLESS_PATHS.some((path) => path.test(`${name}.${setting}`));
      return !isHarmless && !isCovered(setting, declared);
    });
    expect(undeclared).toEqual([]);
  });

  it('is declared by settings that it has', () => {
    const settings = textSettings(schemaOf(kind.configSchema), '');
    expect(declared.filter((path) => !settings.some((setting) => isCovered(setting, [path])))).toEqual([]);
  });
});

it('a kind that is not in this table has nobody who looked what it reaches', () => {
  expect(Object.keys(FULL).sort()).toEqual(collectorKinds.map(({ kind }) => kind).sort());
});

it('a setting that is not declared is found', () => {
  const schema = z.strictObject({ targets: z.array(z.strictObject({ proxy: z.url(), device: z.string() })) });
  const found = textSettings(schemaOf(schema), '');
  expect(found).toEqual(['targets[].proxy', 'targets[].device']);
  expect(found.filter((setting) => !isCovered(setting, ['targets[].address']))).toHaveLength(2);
});

function declaredBy(kind: CollectorKind<unknown>, configs: readonly object[]): readonly string[] {
  const settings = configs.flatMap((config) => {
    const { targets, files } = kind.reaches(kind.configSchema.parse(config));
    const secrets = targets.flatMap((target) => target.secrets ?? []);
    return [...targets, ...files, ...secrets].map(({ setting }) => setting);
  });
  return [
    ...new Set(
      settings.map((setting) => setting.replace(/\[\d+\]/g, '[]').replace(/\.(KEY|other)\b/g, '.*')),
    ),
  ];
}

/** `targets[0]` stands for a text, or for an object with the address. */
function isCovered(setting: string, declared: readonly string[]): boolean {
  return declared.some(
    (path) => setting === path || setting === `${path}.address` || setting === `${path}.device`,
  );
}

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Paths of all settings that take any text; `{ file }`, `{ env }` or `{ value }` is one. */
function textSettings(schema: JsonSchema, path: string): readonly string[] {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const keys = choices.flatMap(({ properties }) => Object.keys(properties ?? {}));
  if (['file', 'env', 'value'].every((key) => keys.includes(key))) return [path];
  const open = schema.additionalProperties;
  const found = [
    ...choices.flatMap((choice) => textSettings(choice, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
      textSettings(part, path === '' ? key : `${path}.${key}`),
    ),
    ...(schema.items === undefined ? [] : textSettings(schema.items, `${path}[]`)),
    ...(typeof open === 'object' ? textSettings(open, `${path}.*`) : []),
    ...(schema.type === 'string' && schema.const === undefined && schema.enum === undefined ? [path] : []),
  ];
  return [...new Set(found)];
}

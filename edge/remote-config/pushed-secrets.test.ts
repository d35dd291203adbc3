import { describe, expect, it } from 'vitest';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { edgeJsonSchema } from '../config/json-schema.ts';
import { checkPushedConfig, problemsOfPushedConfig } from './check-pushed-config.ts';
import { SECRET_NAME } from '../../runtime/secret-source.ts';
import { pushedLimitsOf } from './pushed-limits.ts';
import { secretProblems } from './pushed-secrets.ts';

const DIRECTORY = '/etc/wardwatch/secrets';
const targets = ['snmp://10.0.0.1'];
const LIMITS = pushedLimitsOf(
  await checkEdgeConfig('edge.yaml', {
    agent: 'gw-1',
    dataDirectory: '/var/lib/wardwatch-edge',
    broker: { url: 'mqtt://broker' },
    configFromCentral: {
      secrets: [
        { file: `${DIRECTORY}/snmp`, targets },
        { env: 'WARDWATCH_SECRET_SNMP', targets },
      ],
    },
  }),
);

function snmp(community: unknown): object {
  const credentials = { nodes: { version: '2c', community } };
  return {
    collectors: [
      {
        kind: 'snmp',
        credentials,
        devices: [{ device: 'n-1', address: '10.0.0.1', credentials: 'nodes' }],
      },
    ],
  };
}

describe('a secret of a pushed config', () => {
  it.each([
    ['a file put there for it', { file: `${DIRECTORY}/snmp` }],
    ['a variable put there for it', { env: 'WARDWATCH_SECRET_SNMP' }],
  ])('may be %s', async (_what, community) => {
    expect(await checkPushedConfig(snmp(community), LIMITS)).toMatchObject({ ok: true });
  });

  it.each([
    ['the secret itself', { value: 'hunter2' }, 'a secret must not stand in a pushed config'],
    ['the broker’s password', { file: '/etc/wardwatch/password' }, `expected a file in ${DIRECTORY}`],
    ['a path out of it', { file: `${DIRECTORY}/../password` }, `expected a file in ${DIRECTORY}`],
    ['the directory', { file: DIRECTORY }, `expected a file in ${DIRECTORY}`],
    ['a relative path', { file: 'secrets/snmp' }, 'expected an absolute path'],
    [
      'a variable of another program',
      { env: 'MQTT_PASSWORD' },
      'expected a variable named WARDWATCH_SECRET_',
    ],
    ['a number', 987_654, 'a secret must not stand in a pushed config'],
    ['a list', ['hunter2'], 'a secret must not stand in a pushed config'],
  ])('is refused as %s, and the setting is named', async (_what, community, problem) => {
    const checked = await checkPushedConfig(snmp(community), LIMITS);
    expect(checked).toMatchObject({ ok: false });
    const text = JSON.stringify(checked);
    expect(text).toContain(`collectors[0].credentials.nodes.community: ${problem}`);
    expect(text).not.toMatch(/hunter2|987654/);
  });

  it('is refused in an address and as plain text, too', () => {
    const config = {
      a: [{ url: 'http://me:hunter2@10.0.0.1/' }],
      b: { apiToken: 'hunter2', tokenFile: '/x' },
    };
    const problems = secretProblems(config, DIRECTORY);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'a[0].url',
      'b.apiToken',
      'b.tokenFile',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('is not repeated in other problems', async () => {
    const v3 = { version: '4', password: 'hunter2', auth: { password: { value: 'hunter2' } } };
    const config = { collectors: [{ kind: 'snmp', credentials: v3, url: 'http://me:hunter2@10.0.0.1/' }] };
    const checked = await checkPushedConfig(config, LIMITS);
    expect(checked.ok ? [] : checked.problems.length).toBeGreaterThan(3);
    expect(JSON.stringify(checked)).not.toContain('hunter2');
  });

  it('has a name that is known as one in every kind of collector', async () => {
    const places = secretPlaces((await edgeJsonSchema())['properties'], '');
    expect(places).not.toEqual([]);
    expect(places.filter((place) => !SECRET_NAME.test(place.split('.').at(-1) ?? ''))).toEqual([]);
  });
});

/** Settings that take `{ file }`, `{ env }` or `{ value }`. */
function secretPlaces(schema: unknown, name: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { anyOf } = schema as { anyOf?: { properties?: object }[] };
  const keys = (anyOf ?? []).flatMap(({ properties }) => Object.keys(properties ?? {}));
  if (['file', 'env', 'value'].every((key) => keys.includes(key))) return [name];
  return Object.entries(schema).flatMap(([key, part]) => secretPlaces(part, `${name}.${key}`));
}

describe('the problems that central finds in a config before it publishes it', () => {
  it('are all reported, with their paths', async () => {
    const problems = await problemsOfPushedConfig({
      agent: 'gw-2',
      broker: { url: 'mqtt://elsewhere' },
      collectors: [{ kind: 'ping' }, { kind: 'pong' }, { kind: 'server', intervalMs: 1 }],
      log: { level: 'loud' },
    });
    expect(problems).toEqual([
      'collectors[0].targets: invalid input: expected array, received undefined',
      expect.stringMatching(/^collectors\[1\]\.kind: expected one of server, .*, got "pong"$/),
      expect.stringMatching(/^collectors\[2\]\.intervalMs: .*1000.*, got 1$/),
      expect.stringMatching(/^log\.level: .*, got "loud"$/),
      'agent: unknown setting',
      'broker: unknown setting',
    ]);
  });

  it.each([
    ['no collector', { collectors: [] }, /at least one collector/],
    ['no list', {}, /^collectors: /],
    ['another thing', 'server', /expected object/],
    ['nothing', null, /expected object/],
    [
      'more than a message may hold',
      { collectors: [{ kind: 'server' }], x: 'x'.repeat(33_000) },
      /at most 32768/,
    ],
  ])('is refused as %s', async (_what, config, problem) => {
    expect((await problemsOfPushedConfig(config))[0]).toMatch(problem);
  });

  it('are none for a good one', async () => {
    const good = { collectors: [{ kind: 'server' }], log: { level: 'debug' } };
    expect(await problemsOfPushedConfig(good)).toEqual([]);
  });
});

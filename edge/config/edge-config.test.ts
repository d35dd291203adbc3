import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import { brokerSchema, readConnection, sendsPasswordInClear } from '../protocols/mqtt/broker-config.ts';
import { collectorKinds } from '../collectors/index.ts';
import { edgeConfigSchema } from './edge-config.ts';

const minimal = {
  agent: 'gw-26734-01',
  dataDirectory: '/var/lib/wardwatch-edge',
  broker: { url: 'mqtt://127.0.0.1' },
};
const check = (value: object) => checkConfig('edge.yaml', { ...minimal, ...value }, edgeConfigSchema);

const kinds = collectorKinds.map(({ kind }) => kind).join(', ');

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

describe('edge.yaml', () => {
  it('is loaded as the example stands', () => {
    const config = loadConfig(join(import.meta.dirname, '../../examples/edge.yaml'), edgeConfigSchema);
    expect(config).toMatchObject({ agent: 'gw-26734-01', unit: '26734', queue: { maxAgeHours: 360 } });
    expect(config.collectors.map(({ name, kind }) => [name, kind.kind])).toEqual([
      ['server', 'server'],
      ['ping-uplink', 'ping'],
      ['portal', 'ping'],
    ]);
  });

  it('needs three settings, and watches this machine every 10 s when no collector is listed', () => {
    const config = check({});
    expect(config.collectors).toMatchObject([{ name: 'server', intervalMs: 10_000, timeoutMs: 10_000 }]);
    expect(config.queue).toEqual({ maxBytes: 268_435_456, maxAgeHours: 360 });
    expect(config.host).not.toBe('');
  });

  it('with many mistakes tells all of them at once, each with path, expectation and value', () => {
    const mistakes = {
      agent: 'Gateway 1',
      unit: 26734,
      colour: 'red',
      broker: { url: 'http://broker', pasword: 'hunter2' },
      queue: { maxBytes: 10 },
      collectors: [
        { kind: 'sever' },
        { kind: 'server', intervalMs: 100, procPath: 'proc', depth: 3 },
        { kind: 'ping', targets: ['-f', { address: 'ok', port: 1 }], count: 0 },
        { intervalMs: 5 },
      ],
    };
    expect([...problemsOf(() => check(mistakes))].sort()).toEqual(
      [
        'edge.yaml: agent: expected 1 to 64 of a-z 0-9 -, and not "central" (central itself), got "Gateway 1"',
        'edge.yaml: broker.pasword: unknown setting',
        'edge.yaml: broker.url: expected mqtt://host:port or mqtts://host:port, got "http://broker"',
        `edge.yaml: collectors[0].kind: expected one of ${kinds}, got "sever"`,
        'edge.yaml: collectors[1].depth: unknown setting',
        'edge.yaml: collectors[1].intervalMs: too small: expected number to be >=1000, got 100',
        'edge.yaml: collectors[1].procPath: expected an absolute path, got "proc"',
        'edge.yaml: collectors[2].count: too small: expected number to be >=1, got 0',
        'edge.yaml: collectors[2].targets[0]: expected an IP address or a host name, got "-f"',
        'edge.yaml: collectors[2].targets[1].port: unknown setting',
        'edge.yaml: collectors[3].kind: invalid input: expected string, received undefined',
        'edge.yaml: colour: unknown setting',
        'edge.yaml: queue.maxBytes: expected at least 1 MiB (1048576), got 10',
        'edge.yaml: unit: invalid input: expected string, received number, got 26734',
      ].sort(),
    );
  });

  it('refuses two collectors of one name, and the name that the agent itself has', () => {
    const ping = { kind: 'ping', targets: ['10.0.0.1'] };
    expect(problemsOf(() => check({ collectors: [ping, ping, { ...ping, name: 'agent' }] }))).toEqual([
      'edge.yaml: collectors[1].name: expected a name of its own (two of one kind need names), got "ping"',
      'edge.yaml: collectors[2].name: expected a name of its own (two of one kind need names), got "agent"',
    ]);
  });

  it('refuses an interval in which a burst of pings cannot end, and a timeout beyond the interval', () => {
    const ping = { kind: 'ping', targets: ['10.0.0.1'], count: 20 };
    const collectors = [
      { ...ping, intervalMs: 10_000 },
      { kind: 'server', timeoutMs: 20_000 },
    ];
    expect(problemsOf(() => check({ collectors }))).toEqual([
      'edge.yaml: collectors[0].intervalMs: expected at least 20000 for what a run has to do, got 10000',
      'edge.yaml: collectors[1].timeoutMs: expected at most intervalMs (10000), got 20000',
    ]);
  });
});

describe('the broker settings', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-edge-config-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const broker = (value: object) => checkConfig('edge.yaml', value, brokerSchema);
  const url = 'mqtts://broker.example.vn';

  it.each([
    [
      { url: 'mqtt://gw:hunter2@broker' },
      'url: must not hold a user name or password; give username and passwordFile',
    ],
    [
      { url, username: 'a', password: 'hunter2', passwordEnv: 'P' },
      'password: give only one of password, passwordFile and passwordEnv',
    ],
    [{ url, password: 'hunter2' }, 'username: is needed where there is a password'],
    [{ url: 'mqtt://broker', tls: { caFile: 'ca.pem' } }, 'tls: needs an mqtts:// url'],
  ])('in contradiction are refused without showing a secret', (value, problem) => {
    expect(problemsOf(() => broker(value))).toEqual([`edge.yaml: ${problem}`]);
  });

  it('want a certificate together with its key', () => {
    expect(problemsOf(() => broker({ url, tls: { certFile: 'c.pem' } }))).toEqual([
      'edge.yaml: tls: expected certFile and keyFile together, or neither, got {"certFile":"c.pem"}',
    ]);
  });

  it('take the password from a file or the environment, and name what is missing', () => {
    const file = join(directory, 'password');
    writeFileSync(file, 'hunter2\n');
    expect(readConnection(broker({ url, username: 'a', passwordFile: file }), {}).password).toBe('hunter2');
    expect(readConnection(broker({ url, username: 'a', passwordEnv: 'P' }), { P: 'x' }).password).toBe('x');
    expect(problemsOf(() => readConnection(broker({ url, username: 'a', passwordEnv: 'P' }), {}))).toEqual([
      'broker.passwordEnv: environment variable P is not set',
    ]);
    const missing = join(directory, 'ca.pem');
    expect(problemsOf(() => readConnection(broker({ url, tls: { caFile: missing } }), {}))).toEqual([
      expect.stringMatching(/^broker\.tls\.caFile: .*ca\.pem cannot be read: ENOENT/),
    ]);
  });

  it.each([
    ['mqtt://10.1.2.3', 'x', true],
    ['mqtt://broker.example.vn', 'x', true],
    ['mqtt://10.1.2.3', undefined, false],
    ['mqtts://10.1.2.3', 'x', false],
    ['mqtt://127.0.0.1:1883', 'x', false],
    ['mqtt://[::1]', 'x', false],
    ['mqtt://localhost', 'x', false],
  ])('%s with password %s crosses the network in the clear: %s', (address, password, inClear) => {
    expect(sendsPasswordInClear({ url: address, ...(password !== undefined && { password }) })).toBe(inClear);
  });
});

it('documents every setting of the example in docs/edge.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/edge.md'), 'utf8');
  const example = readFileSync(join(import.meta.dirname, '../../examples/edge.yaml'), 'utf8');
  const settings = new Set([...example.matchAll(/^[ -]*([a-zA-Z]+):/gm)].map(([, name]) => name ?? ''));
  expect([...settings].filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
});

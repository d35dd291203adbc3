import { describe, expect, it } from 'vitest';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { checkPushedConfig } from './check-pushed-config.ts';
import { pushedLimitsOf, type PushedLimits } from './pushed-limits.ts';

const SECRETS = '/etc/wardwatch/secrets';
const OWN_ADDRESS = '10.26.7.5';

async function limitsOf(configFromCentral: object = {}, broker: object = {}): Promise<PushedLimits> {
  const config = await checkEdgeConfig('edge.yaml', {
    agent: 'gw-1',
    dataDirectory: '/var/lib/wardwatch-edge',
    broker: { url: 'mqtts://broker.example.vn', ...broker },
    configFromCentral,
  });
  return pushedLimitsOf(config, {
    realPath: (path) => path,
    ownAddresses: () => ['127.0.0.1', OWN_ADDRESS, 'fe80::5'],
  });
}

async function problemsOf(collector: object, limits: PushedLimits): Promise<readonly string[]> {
  const checked = await checkPushedConfig({ collectors: [collector] }, limits);
  return checked.ok ? [] : checked.problems;
}

const snmp = (address: string, secret: object = { file: `${SECRETS}/snmp` }, port = 161): object => ({
  kind: 'snmp',
  credentials: { core: { version: '2c', community: secret } },
  devices: [{ device: 'n-1', address, port, credentials: 'core' }],
});
const check = (url: string): object => ({
  kind: 'service',
  checks: [{ type: 'http', service: 's', url, bodyContains: 'key' }],
});

describe('a secret in a config from central', async () => {
  const limits = await limitsOf({
    secrets: [{ file: `${SECRETS}/snmp`, targets: ['snmp://10.26.0.0/16', 'snmp://core.example.vn'] }],
  });

  it.each(['10.26.7.1', 'core.example.vn', 'CORE.example.vn.', '::ffff:10.26.7.1', 'other.example.vn'])(
    'goes to %s: named, or decided when it is connected to',
    async (address) => expect(await problemsOf(snmp(address), limits)).toEqual([]),
  );

  it('goes nowhere else; the error names setting, secret, target, what is allowed and what to add', async () => {
    expect(await problemsOf(snmp('192.0.2.7'), limits)).toEqual([
      `collectors[0].credentials.core.community: ${SECRETS}/snmp may not go to snmp://192.0.2.7 (devices[0].address): ` +
        `only to snmp://10.26.0.0/16, snmp://core.example.vn; to allow it, in edge.yaml: ` +
        `configFromCentral: { secrets: [{ file: '${SECRETS}/snmp', targets: ['snmp://192.0.2.7'] }] }`,
    ]);
    expect((await problemsOf(snmp('10.26.7.1', undefined, 1_161), limits))[0]).toContain(
      'snmp://10.26.7.1:1161',
    );
  });

  it('goes nowhere at all without targets, and 200 devices are one line with what to add', async () => {
    const devices = Array.from({ length: 200 }, (_, at) => ({
      device: `n-${at}`,
      address: `10.1.1.${at}`,
      credentials: 'core',
    }));
    const problems = await problemsOf({ ...snmp(''), devices }, await limitsOf());
    expect(problems).toEqual([
      expect.stringContaining(
        `it has no targets in this agent’s own file; to allow it, in edge.yaml: configFromCentral: { secrets: [{ file: '${SECRETS}/snmp', ` +
          `targets: ['snmp://10.1.1.0', 'snmp://10.1.1.1', 'snmp://10.1.1.2'] }] } (and 197 more targets, or their network)`,
      ),
    ]);
  });

  it('that the line to add names is taken afterwards', async () => {
    const [problem = ''] = await problemsOf(snmp('192.0.2.7'), await limitsOf());
    const [, targets = ''] = /targets: \['([^']+)'\]/.exec(problem) ?? [];
    const mended = await limitsOf({ secrets: [{ file: `${SECRETS}/snmp`, targets: [targets] }] });
    expect(await problemsOf(snmp('192.0.2.7'), mended)).toEqual([]);
  });

  it.each([
    ['mqtt', 'mqtt://broker.ward.vn:1883'],
    ['another host', 'mqtts://broker.evil.vn'],
    ['another port', 'mqtts://broker.ward.vn:8884'],
  ])('for a broker over TLS does not go to it by %s', async (_what, url) => {
    const mqtt = { broker: { url, username: 'a', passwordFile: `${SECRETS}/mqtt` }, topics: ['t'] };
    const only = await limitsOf({
      secrets: [{ file: `${SECRETS}/mqtt`, targets: ['mqtts://broker.ward.vn'] }],
    });
    expect((await problemsOf({ kind: 'telegraf', mqtt }, only))[0]).toContain(
      'collectors[0].mqtt.broker.passwordFile: ',
    );
  });

  it('of another use does not go: an SNMP community is no password of a UPS server', async () => {
    const login = { username: 'a', password: { env: 'WARDWATCH_SECRET_X' } };
    const only = await limitsOf({
      secrets: [{ env: 'WARDWATCH_SECRET_X', targets: ['snmp://10.26.7.1:3493'] }],
    });
    expect(
      (await problemsOf({ kind: 'ups', servers: [{ address: '10.26.7.1', login }] }, only))[0],
    ).toContain('WARDWATCH_SECRET_X may not go to nut://10.26.7.1');
  });

  it('is never the agent’s own password, key, variable or state, even with targets', async () => {
    const broker = {
      username: 'gw-1',
      passwordFile: `${SECRETS}/own`,
      tls: { certFile: '/c', keyFile: `${SECRETS}/key` },
    };
    const targets = ['snmp://10.26.7.1', 'mqtts://10.26.7.1'];
    const secrets = ['own', 'key'].map((name) => ({ file: `${SECRETS}/${name}`, targets }));
    const limits = await limitsOf({ secrets }, broker);
    for (const name of ['own', 'key'])
      expect((await problemsOf(snmp('10.26.7.1', { file: `${SECRETS}/${name}` }), limits))[0]).toMatch(
        /is this agent’s own/,
      );
    const withKey = {
      broker: { url: 'mqtts://10.26.7.1', tls: { certFile: '/c', keyFile: `${SECRETS}/key` } },
      topics: ['t'],
    };
    expect(await problemsOf({ kind: 'telegraf', mqtt: withKey }, limits)).toEqual([
      expect.stringMatching(/^collectors\[0\]\.mqtt\.broker\.tls\.keyFile: .* is this agent’s own/),
      expect.stringMatching(/^collectors\[0\]\.mqtt\.broker\.tls\.certFile: .* paths: \['\/'\]/),
    ]);
    const byName = await limitsOf(
      { secrets: [{ env: 'WARDWATCH_SECRET_OWN', targets }] },
      { username: 'gw-1', passwordEnv: 'WARDWATCH_SECRET_OWN' },
    );
    expect((await problemsOf(snmp('10.26.7.1', { env: 'WARDWATCH_SECRET_OWN' }), byName))[0]).toMatch(
      /is this agent’s own/,
    );
    const state = await limitsOf({ secretsDirectory: '/var/lib', secrets: [] });
    expect(
      (await problemsOf(snmp('10.26.7.1', { file: '/var/lib/wardwatch-edge/birth' }), state))[0],
    ).toMatch(/is this agent’s own/);
  });

  it('that nothing uses is refused, because nobody has said where it goes', async () => {
    const config = snmp('10.26.7.1') as { credentials: object };
    const unused = {
      ...config,
      credentials: { ...config.credentials, spare: { version: '2c', community: { file: `${SECRETS}/x` } } },
    };
    expect(await problemsOf(unused, limits)).toEqual([
      'collectors[0].credentials.spare.community: nothing uses this secret; remove it',
    ]);
  });

  it('is checked again when a name leads elsewhere', async () => {
    const checked = await checkPushedConfig({ collectors: [snmp('other.example.vn')] }, limits);
    const guard = checked.ok ? checked.collectors[0]?.guard : undefined;
    const at = (address: string) => guard?.refusal({ host: 'other.example.vn', address, port: 161 });
    expect(at('10.26.7.1')).toBeUndefined();
    expect(at('192.0.2.7')).toBe(
      `other.example.vn is at 192.0.2.7 now, where ${SECRETS}/snmp may not go (only to snmp://10.26.0.0/16, snmp://core.example.vn)`,
    );
  });
});

describe('a target in a config from central', () => {
  it.each([
    'http://127.0.0.1:9100/metrics',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://localhost:8080/',
    'http://x.localhost./',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://0.0.0.0:22/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    `http://${OWN_ADDRESS}:8086/`,
    `https://[::ffff:${OWN_ADDRESS}]/`,
  ])('is not %s', async (url) => {
    const [problem = ''] = await problemsOf(check(url), await limitsOf());
    expect(problem).toMatch(
      /^collectors\[0\]\.checks\[0\]\.url: .*to allow it, in edge\.yaml: configFromCentral: \{ allowTargets: \['/,
    );
    // The line to add is one that the agent takes, and that is enough.
    const [, toAdd = ''] = /allowTargets: \['([^']+)'\]/.exec(problem) ?? [];
    expect(await problemsOf(check(url), await limitsOf({ allowTargets: [toAdd] }))).toEqual([]);
  });

  it('is any other address or name', async () => {
    for (const host of ['10.26.7.6', 'portal.example.vn', '[2001:db8::1]', '203.0.113.7'])
      expect(await problemsOf(check(`https://${host}/`), await limitsOf())).toEqual([]);
  });

  it('is not one that the agent’s file denies, whatever it allows', async () => {
    const limits = await limitsOf({
      allowTargets: ['127.0.0.0/8'],
      denyTargets: ['127.0.0.1:22', '10.26.9.0/24'],
    });
    expect(await problemsOf(check('http://127.0.0.1:80/'), limits)).toEqual([]);
    expect(await problemsOf(check('http://127.0.0.1:22/'), limits)).toEqual([
      'collectors[0].checks[0].url: 127.0.0.1:22 is in configFromCentral.denyTargets of edge.yaml (127.0.0.1:22)',
    ]);
    expect((await problemsOf(check('http://10.26.9.1/'), limits))[0]).toContain('(10.26.9.0/24)');
  });

  it('is checked by its address when it is connected to', async () => {
    const checked = await checkPushedConfig(
      { collectors: [check('http://portal.example.vn/')] },
      await limitsOf(),
    );
    const guard = checked.ok ? checked.collectors[0]?.guard : undefined;
    expect(guard?.refusal({ host: 'portal.example.vn', address: '10.26.7.6', port: 80 })).toBeUndefined();
    expect(guard?.refusal({ host: 'portal.example.vn', address: '127.0.0.1', port: 80 })).toContain(
      'is this machine itself',
    );
    expect(guard?.refusal({ host: 'redirected.example.vn', address: '169.254.169.254', port: 80 })).toContain(
      'is link-local',
    );
    expect(guard?.refusal({ host: 'portal.example.vn', address: 'rubbish', port: 80 })).toContain(
      'is no address',
    );
  });
});

describe('a path in a config from central', () => {
  it('is refused with its setting unless the agent’s file allows it', async () => {
    const certificates = { kind: 'certificates', files: ['/etc/ssl/*.pem'] };
    expect(await problemsOf(certificates, await limitsOf())).toEqual([
      "collectors[0].files[0]: /etc/ssl/*.pem may not be named by a config from central; to allow it, in edge.yaml: configFromCentral: { paths: ['/etc/ssl'] }",
    ]);
    expect(await problemsOf(certificates, await limitsOf({ paths: ['/etc/ssl'] }))).toEqual([]);
    expect(
      (
        await problemsOf(
          { kind: 'certificates', files: [`${SECRETS}/x`] },
          await limitsOf({ paths: ['/etc'] }),
        )
      )[0],
    ).toMatch(/agent’s own/);
  });

  it('may stay as it usually is', async () => {
    expect(await problemsOf({ kind: 'server', procPath: '/proc' }, await limitsOf())).toEqual([]);
    expect((await problemsOf({ kind: 'server', procPath: '/home' }, await limitsOf()))[0]).toContain(
      'collectors[0].procPath: ',
    );
  });

  it('is shown for 20 settings of one collector at most', async () => {
    const files = Array.from({ length: 64 }, (_, at) => `/srv/${at}.pem`);
    const problems = await problemsOf({ kind: 'certificates', files }, await limitsOf());
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('collectors[0]: 44 more settings are refused');
  });
});

import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { hasOpenssl, TestAuthority, type Identity } from '../../protocols/tcp-tls/testing/certificates.ts';
import { closeServers } from '../../protocols/testing/servers.ts';
import { redfishConfigSchema } from './config.ts';
import { readServer } from './read-server.ts';
import { RedfishOverError } from './redfish-session.ts';
import { redfishKind } from './redfish.ts';
import { serverSamples } from './samples.ts';
import { NEWER, OLDER, startRedfish, type Resources } from './testing/redfish-server.ts';

const deps = { clock: systemClock, log: silentLogger, commonTags: { unit: '26734' } };
const { signal } = new AbortController();

const context = { device: 's-1', address: '10.0.0.1', commonTags: {}, timeMs: 1_000 };
async function rowsOf(resources: Resources) {
  const read = await readServer({ get: async (path, schema) => schema.parse(resources[path]) });
  return {
    problems: read.problems,
    rows: serverSamples(read, context).map(({ measurement, tags, fields }) => [
      [measurement, tags['name'], tags['unit']].filter(Boolean).join(' '),
      fields,
    ]),
  };
}

describe('sensors of a server', () => {
  it('with the older resources are rows of ipmi_sensor; a slot without a part is none', async () => {
    expect((await rowsOf(OLDER)).rows).toEqual([
      ['device', { vendor: 'Acme', model: 'Server 7', fan_ok: false, power_supply_ok: true }],
      ['ipmi_sensor inlet_temp degrees_c', { value: 24, status: 1 }],
      ['ipmi_sensor cpu1_temp degrees_c', { value: 61.5, status: 0 }],
      ['ipmi_sensor fan_1a rpm', { value: 7_200, status: 1 }],
      ['ipmi_sensor fan_2a percent', { value: 41, status: 0 }],
      ['ipmi_sensor system_power_control watts', { value: 312 }],
      ['ipmi_sensor system_board_12v volts', { value: 12.06, status: 1 }],
      ['ipmi_sensor ps1 watts', { value: 150, status: 1 }],
      ['ipmi_sensor ps1_input volts', { value: 231, status: 1 }],
      ['ipmi_sensor ps1_2 watts', { value: 148, status: 1 }],
    ]);
  });

  it('with a resource for each sensor are read as well', async () => {
    expect((await rowsOf(NEWER)).rows).toEqual([
      ['device', { model: 'Server 9' }],
      ['ipmi_sensor inlet degrees_c', { value: 23.5, status: 1 }],
      ['ipmi_sensor sensor_fan0 rpm', { value: 5_400 }],
    ]);
  });

  it('that are rubbish are lost alone', async () => {
    const thermal = {
      Temperatures: [
        null,
        7,
        { Name: 'Inlet', ReadingCelsius: 'warm' },
        { Name: 'Outlet', ReadingCelsius: 31 },
      ],
      Fans: 'none',
    };
    const { rows, problems } = await rowsOf({
      ...OLDER,
      '/redfish/v1/Chassis/1/Thermal': thermal,
      '/redfish/v1/Chassis/1/Power': 'not here',
    });
    expect(rows.slice(1)).toEqual([['ipmi_sensor outlet degrees_c', { value: 31 }]]);
    expect(problems).toHaveLength(1);
  });

  it('that cannot be read are lost alone, as is a whole chassis', async () => {
    const sensors = '/redfish/v1/Chassis/b/Sensors';
    const resources: Resources = {
      ...OLDER,
      '/redfish/v1/Chassis': {
        Members: ['a', 'b', 'c'].map((name) => ({ '@odata.id': `/redfish/v1/Chassis/${name}` })),
      },
      '/redfish/v1/Chassis/b': { Sensors: { '@odata.id': sensors } },
      '/redfish/v1/Chassis/c': {},
      [sensors]: { Members: [1, 2, 3].map((at) => ({ '@odata.id': `${sensors}/${at}` })) },
      [`${sensors}/1`]: { Name: 'Inlet', Reading: 24, ReadingUnits: 'Cel' },
      [`${sensors}/3`]: { Name: 'Outlet', Reading: 31, ReadingUnits: 'Cel' },
    };
    const get: Parameters<typeof readServer>[0]['get'] = async (path, schema) => {
      if (!(path in resources)) throw new Error(`${path}: status 404, expected 200`);
      return schema.parse(resources[path]);
    };
    const { readings, problems } = await readServer({ get });
    expect(readings.map(({ name, value }) => [name, value])).toEqual([
      ['inlet', 24],
      ['outlet', 31],
    ]);
    expect(problems).toEqual([
      '/redfish/v1/Chassis/a: status 404, expected 200',
      `${sensors}/2: status 404, expected 200`,
    ]);
    delete (resources as Record<string, unknown>)['/redfish/v1/Chassis/b'];
    delete (resources as Record<string, unknown>)['/redfish/v1/Chassis/c'];
    await expect(readServer({ get })).rejects.toThrow('/redfish/v1/Chassis/a: status 404, expected 200');
  });

  it('of a service that ends in the middle are not taken for all that it has', async () => {
    const get: Parameters<typeof readServer>[0]['get'] = async (path, schema) => {
      if (path.endsWith('/Power')) throw new RedfishOverError('not done within 1000 ms');
      return schema.parse(OLDER[path]);
    };
    await expect(readServer({ get })).rejects.toThrow('not done within 1000 ms');
  });

  it('whatever a service sends, end in rows or in an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (one, other) => {
        const resources = {
          ...OLDER,
          '/redfish/v1/Chassis/1/Thermal': { Temperatures: one, Fans: [other] },
          '/redfish/v1/Chassis/1/Power': one,
        };
        for (const [, fields] of (await rowsOf(resources)).rows) expect(fields).not.toEqual({});
      }),
      { numRuns: 300 },
    );
  });

  it('are not asked for outside of the service', async () => {
    for (const path of [
      'https://10.0.0.9/redfish/v1/x',
      '/etc/passwd',
      '//10.0.0.9/redfish/v1/x',
      '/redfish/v1/x y',
    ]) {
      const chassis = { Members: [{ '@odata.id': path }] };
      await expect(rowsOf({ '/redfish/v1/Chassis': chassis })).rejects.toThrow();
    }
  });
});

describe.skipIf(!hasOpenssl)('over HTTPS', () => {
  let authority: TestAuthority;
  let identity: Identity;
  beforeAll(() => {
    authority = new TestAuthority();
    identity = authority.issue('DNS:localhost');
  });
  afterAll(() => authority.remove());
  beforeEach(() => vi.stubEnv('WARDWATCH_TEST_REDFISH', 'secret-1'));
  afterEach(() => {
    vi.unstubAllEnvs();
    closeServers();
  });
  const fingerprint = () => new X509Certificate(identity.cert).fingerprint256;

  async function collect(servers: readonly object[], more: object = {}) {
    const config = redfishConfigSchema.parse({
      servers: servers.map((server, at) => ({
        device: `s-${at + 1}`,
        address: 'localhost',
        username: 'monitor',
        password: { env: 'WARDWATCH_TEST_REDFISH' },
        ...server,
      })),
      ...more,
    });
    const collector = redfishKind.create(config, deps);
    const { samples, errors } = await collector.collect(signal);
    return { samples, errors: errors.map(({ message }) => message) };
  }

  it('a server is read over one connection, with the unit of the value instead of the ward', async () => {
    const ports = new Set<number | undefined>();
    const port = await startRedfish(identity, OLDER, ({ socket }) => {
      ports.add(socket.remotePort);
      return false;
    });
    const { samples, errors } = await collect([{ port }], { caFile: authority.caFile });
    expect(errors).toEqual([]);
    expect(samples).toHaveLength(10);
    expect(samples[1]?.tags).toEqual({
      unit: 'degrees_c',
      device: 's-1',
      name: 'inlet_temp',
      server: 'localhost',
    });
    expect(ports.size).toBe(1);
  });

  it('a certificate of its own is taken by its fingerprint, and another is not: no password is sent then', async () => {
    let requests = 0;
    const port = await startRedfish(identity, NEWER, () => {
      requests++;
      return false;
    });
    expect((await collect([{ port, fingerprint: fingerprint() }])).errors).toEqual([]);
    const before = requests;
    await expect(collect([{ port, fingerprint: 'ab'.repeat(32) }])).rejects.toThrow(
      `s-1: its certificate has another fingerprint: ${fingerprint()}`,
    );
    await expect(collect([{ port }])).rejects.toThrow(/^s-1: .*certificate/);
    expect(requests).toBe(before);
  });

  it('of several servers one that refuses the password is told, and the others are read', async () => {
    const good = await startRedfish(identity, NEWER);
    const bad = await startRedfish(
      identity,
      NEWER,
      (_request, response) => (response.writeHead(401).end(), true),
    );
    const { samples, errors } = await collect([{ port: bad }, { port: good }], { caFile: authority.caFile });
    expect(errors).toEqual(['s-1: /redfish/v1/Chassis: the user name or password is not accepted']);
    expect(new Set(samples.map(({ tags }) => tags['device']))).toEqual(new Set(['s-2']));
  });

  it.each<[string, Parameters<typeof startRedfish>[2], RegExp]>([
    ['is no JSON', (_request, response) => (response.end('<html>'), true), /not JSON/],
    [
      'is too long',
      (_request, response) => (response.end(' '.repeat(2_000_000)), true),
      /more than 1048576 bytes/,
    ],
    ['is cut off', ({ socket }) => (socket.destroy(), true), /^s-1: /],
    ['never ends', (_request, response) => (response.write('{'), true), /not done within 1000 ms/],
  ])('an answer that %s is an error within its time', async (_, onRequest, problem) => {
    const port = await startRedfish(identity, NEWER, onRequest);
    await expect(collect([{ port }], { caFile: authority.caFile, deadlineMs: 1_000 })).rejects.toThrow(
      problem,
    );
  });
});

describe('the configuration', () => {
  it.each([
    [{ username: 'a:b' }, /none of them a colon/],
    [{ fingerprint: 'abc' }, /64 hexadecimal digits/],
    [{ address: 'https://bmc' }, /expected an IP address or a host name/],
    [{ password: 'plain' }, /expected \{ file: … \}/],
  ])('%j is refused', (change, problem) => {
    const server = { device: 'd', address: '10.0.0.1', username: 'u', password: { file: '/p' }, ...change };
    const { error } = redfishConfigSchema.safeParse({ servers: [server] });
    expect(error?.issues.map(({ message }) => message).join('\n')).toMatch(problem);
  });
});

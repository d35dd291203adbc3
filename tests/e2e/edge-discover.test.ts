import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readInventory } from '../../central/inventory/inventory.ts';
import { inventorySchema } from '../../contract/inventory.ts';
import { checkEdgeConfig } from '../../edge/config/edge-config.ts';
import { startSnmpAgent, type Behaviour, type SnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { TAG } from '../../simulators/devices/snmp/ber.ts';
import { parseRequest } from '../../simulators/devices/snmp/message.ts';
import { portSwitchRecording } from '../../simulators/devices/snmp/port-switch.ts';
import { parseRecording, type Recording } from '../../simulators/devices/snmp/recording.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { freeUdpPort, Snmpd } from '../support/snmpd.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const INVENTORY = 'discovered-inventory.yaml';
const COLLECTORS = 'discovered-collectors.yaml';
const PLACE = { agent: 'gw-1', site: 's-26734', unit: '26734' };
const AUTH = 'a password to sign with';
const PRIVACY = 'a password to hide with';

interface SwitchOptions {
  readonly name: string;
  readonly engine: string;
  readonly mac: string;
  /** By local port, name and MAC of who is there. */
  readonly neighbours?: Readonly<Record<number, readonly [name: string, mac: string]>>;
}

/** A switch of four ports with an SNMP engine, a chassis and neighbours. */
function switchRecording({ name, engine, mac, neighbours = {} }: SwitchOptions): Recording {
  const lines = [
    `1.3.6.1.6.3.10.2.1.1.0|4x|${engine}`,
    '1.0.8802.1.1.2.1.3.1.0|2|4',
    `1.0.8802.1.1.2.1.3.2.0|4x|${mac}`,
    ...Object.entries(neighbours).flatMap(([port, [remoteName, remoteMac]]) => [
      `1.0.8802.1.1.2.1.3.7.1.3.${port}|4|Gi0/${port}`,
      `1.0.8802.1.1.2.1.4.1.1.4.0.${port}.1|2|4`,
      `1.0.8802.1.1.2.1.4.1.1.5.0.${port}.1|4x|${remoteMac}`,
      `1.0.8802.1.1.2.1.4.1.1.6.0.${port}.1|2|5`,
      `1.0.8802.1.1.2.1.4.1.1.7.0.${port}.1|4|Gi0/1`,
      `1.0.8802.1.1.2.1.4.1.1.9.0.${port}.1|4|${remoteName}`,
    ]),
  ];
  const plain = portSwitchRecording(4).filter(({ oid }) => oid.join('.') !== '1.3.6.1.2.1.1.5.0');
  return parseRecording([...plain.map(line), `1.3.6.1.2.1.1.5.0|4|${name}`, ...lines].join('\n'), name);
}

const line = ({ oid, tag, value }: Recording[number]): string =>
  typeof value === 'bigint'
    ? `${oid.join('.')}|${tag}|${value}`
    : `${oid.join('.')}|${tag}x|${value.toString('hex')}`;

const CORE: SwitchOptions = {
  name: 'Core.p1.hcm.vn',
  engine: '800000090300aa0001',
  mac: '00aa00000001',
  neighbours: { 2: ['sw a', '00aa00000002'], 3: ['tủ-điện', '00aa00000003'] },
};
const SWITCH_A: SwitchOptions = {
  name: 'sw a',
  engine: '800000090300aa0002',
  mac: '00aa00000002',
  neighbours: { 1: ['Core.p1.hcm.vn', '00aa00000001'] },
};
/** Tells no neighbours itself. */
const CABINET: SwitchOptions = { name: 'tủ-điện', engine: '800000090300aa0003', mac: '00aa00000003' };

describe('wardwatch edge discover on addresses of this machine', () => {
  const directory = temporaryDirectory('discover');
  const agents: SnmpAgent[] = [];
  let port: number;
  let core: SnmpAgent;

  const start = async (
    host: number,
    recording: Recording,
    behaviour: Behaviour = {},
    community = 'public',
  ) => {
    const agent = await startSnmpAgent({ recording, port, address: `127.0.0.${host}`, community });
    agent.behave(behaviour);
    agents.push(agent);
    return agent;
  };

  beforeAll(async () => {
    port = await freeUdpPort('127.0.0.2');
    core = await start(2, switchRecording(CORE));
    await start(3, switchRecording(SWITCH_A));
    await start(4, switchRecording(CABINET));
    await start(5, switchRecording(CABINET));
    await start(6, portSwitchRecording(1), {}, 'another');
    await start(7, portSwitchRecording(1), { mangle: () => [Buffer.from('rubbish')] });
    await start(8, portSwitchRecording(1), { isDead: true });
    // Tells who it is, and then nothing more.
    await start(9, portSwitchRecording(3), {
      mangle: (answer, request) => (parseRequest(request).pdu === TAG.get ? [answer] : []),
    });
    writeFileSync(join(directory.path, 'community'), 'public\n');
    writeFileSync(
      join(directory.path, 'credentials.yaml'),
      JSON.stringify({
        lan: { version: '2c', community: { file: join(directory.path, 'community') } },
        old: { version: '2c', community: { value: 'kept in the clear' } },
      }),
    );
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    directory.remove();
  });

  const run = (out: string, ...args: readonly string[]) =>
    new Wardwatch([
      ...['edge', 'discover', '--port', String(port), '--timeout', '200ms', '--rate', '2000'],
      ...['--credentials', join(directory.path, 'credentials.yaml'), '--out-dir', join(directory.path, out)],
      ...['--agent', PLACE.agent, '--site', PLACE.site, '--unit', PLACE.unit],
      ...args,
    ]);
  const fileOf = (out: string, file: string): string => readFileSync(join(directory.path, out, file), 'utf8');

  it('writes an inventory and a collector that the real schemas take, with parents from LLDP', async () => {
    const { code, stdout, stderr } = await run('all', '127.0.0.2-20', '127.0.0.4').end();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^4 devices at 19 of 19 addresses; see .*discovered-inventory.yaml and /);

    const inventory = inventorySchema.parse(parse(fileOf('all', INVENTORY)));
    const common = { kind: 'node', ...PLACE };
    expect(inventory.devices).toEqual([
      { id: 'core', ...common },
      { id: 'sw-a', ...common, parents: ['core'] },
      { id: 'tu-dien', ...common, parents: ['core'] },
      { id: 'switch', ...common },
    ]);
    const unit = {
      code: '26734',
      name: 'a',
      nameEn: 'a',
      kind: 'ward',
      longitude: 106,
      latitude: 10,
      areaKm2: 1,
    };
    const merged = {
      units: [unit],
      sites: [{ id: PLACE.site, unit: '26734', name: 'a', kind: 'site', longitude: 106, latitude: 10 }],
      agents: [{ id: PLACE.agent, kind: 'gateway', site: PLACE.site, unit: PLACE.unit }],
      devices: inventory.devices,
    };
    expect(readInventory('merged', merged).devices.size).toBe(4);

    const { collectors } = parse(fileOf('all', COLLECTORS)) as { collectors: { devices: object[] }[] };
    const edge = {
      agent: 'gw-1',
      dataDirectory: '/tmp',
      broker: { url: 'mqtt://127.0.0.1', username: 'a', password: 'b' },
    };
    const config = await checkEdgeConfig('edge.yaml', { ...edge, collectors });
    expect(config.collectors.map(({ name }) => name)).toEqual(['snmp-discovered']);
    expect(collectors[0]?.devices[1]).toEqual({
      device: 'sw-a',
      address: '127.0.0.3',
      port,
      credentials: 'lan',
    });
    expect(stdout).toMatch(/127\.0\.0\.4 127\.0\.0\.5 +tu-dien +node/);
    expect(stdout).toMatch(/127\.0\.0\.7: answers, but lan: no answer but \d+ invalid datagram\(s\)/);
  });

  it('keeps the files for their owner, and copies no secret into them', () => {
    for (const file of [INVENTORY, COLLECTORS]) {
      expect(statSync(join(directory.path, 'all', file)).mode & 0o777).toBe(0o600);
      expect(fileOf('all', file)).not.toMatch(/public|in the clear/);
    }
    expect(fileOf('all', COLLECTORS)).toContain(join(directory.path, 'community'));
    expect(fileOf('all', COLLECTORS)).toMatch(/# +answers also at 127\.0\.0\.5/);
    expect(fileOf('all', COLLECTORS)).toMatch(/# +not complete: IF-MIB: no answer/);
  });

  it('overwrites nothing, unless it is told to', async () => {
    const before = core.requestCount;
    const refused = await run('all', '127.0.0.2').end();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/discovered-inventory\.yaml exists already: .*--force/);
    expect(core.requestCount).toBe(before);
    const forced = await run('all', '--force', '127.0.0.2').end();
    expect(forced.code, forced.stderr).toBe(0);
    expect(inventorySchema.parse(parse(fileOf('all', INVENTORY))).devices).toHaveLength(1);
  });

  it('prints one JSON object a device and a refusal, and with --print writes nothing', async () => {
    const { stdout, code } = await run('none', '--json', '--print', '127.0.0.2-9').end();
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(lines.map(({ event, address }) => `${String(event)} ${String(address)}`)).toEqual([
      'device 127.0.0.2',
      'device 127.0.0.3',
      'device 127.0.0.4',
      'device 127.0.0.9',
      'refusal 127.0.0.7',
    ]);
    expect(lines[0]).toMatchObject({
      id: 'core',
      interfaceCount: 4,
      engineId: '800000090300aa0001',
      isKnown: false,
    });
    expect(lines[1]).toMatchObject({
      parent: 'core',
      neighbours: [{ port: 'Gi0/1', name: 'Core.p1.hcm.vn' }],
    });
    expect(existsSync(join(directory.path, 'none'))).toBe(false);
  });

  it('interrupted, leaves what it has found by then', async () => {
    // 64 addresses are asked at a time: the last one's turn comes when the only device that answers has been read.
    const silent = await Promise.all(
      Array.from({ length: 64 }, (_unused, at) =>
        startSnmpAgent({ recording: [], port, address: `127.0.1.${at + 1}` }),
      ),
    );
    for (const agent of silent) agent.behave({ isDead: true });
    agents.push(...silent);
    const discovering = run('part', '--timeout', '10s', '127.0.0.2', '127.0.1.1-64');
    await expect.poll(() => silent.at(-1)?.requestCount, { timeout: 20_000 }).toBeGreaterThan(0);
    const { code, stderr } = await discovering.end('SIGINT');
    expect(code).toBe(1);
    expect(stderr).toMatch(/interrupted: 1 devices at 1 of 65 addresses; see /);
    const { devices } = inventorySchema.parse(parse(fileOf('part', INVENTORY)));
    expect(devices.map(({ id }) => id)).toEqual(['core']);
  });

  it('takes credentials, agent, site and unit from edge.yaml, and knows what is polled already', async () => {
    const file = join(directory.path, 'edge.yaml');
    const community = { file: join(directory.path, 'community') };
    writeFileSync(
      file,
      JSON.stringify({
        ...PLACE,
        dataDirectory: join(directory.path, 'data'),
        broker: { url: 'mqtt://127.0.0.1', username: 'a', password: 'b' },
        collectors: [
          {
            kind: 'snmp',
            credentials: { lan: { version: '2c', community } },
            devices: [{ device: 'n-1', address: '127.0.0.2', port, credentials: 'lan' }],
          },
        ],
      }),
    );
    const out = join(directory.path, 'known');
    const args = ['--config', file, '--port', String(port), '--timeout', '200ms', '--out-dir', out];
    const { code, stderr } = await new Wardwatch(['edge', 'discover', ...args, '127.0.0.2-3']).end();
    expect(code, stderr).toBe(0);
    expect(
      inventorySchema
        .parse(parse(fileOf('known', INVENTORY)))
        .devices.map(({ id, parents }) => [id, parents?.[0]]),
    ).toEqual([
      ['n-1', undefined],
      ['sw-a', 'n-1'],
    ]);
    const { collectors } = parse(fileOf('known', COLLECTORS)) as {
      collectors: { devices: { device: string }[] }[];
    };
    expect(collectors[0]?.devices.map(({ device }) => device)).toEqual(['sw-a']);
  });
});

describeWith(['snmpd'], 'wardwatch edge discover and Debian’s snmpd', () => {
  it('finds it over SNMP v3, and says which password is wrong', async () => {
    const directory = temporaryDirectory('discover-v3');
    const snmpd = new Snmpd(await freeUdpPort('127.0.0.9'), '127.0.0.9');
    await snmpd.start([
      `createUser u SHA-256 "${AUTH}" AES-128 "${PRIVACY}"`,
      'rouser u priv',
      'sysName Srv-1.hcm.vn',
    ]);
    const v3 = (auth: string) => ({
      version: '3',
      user: 'u',
      auth: { password: { value: auth } },
      privacy: { password: { value: PRIVACY } },
    });
    const discoverWith = (credentials: object) => {
      const file = join(directory.path, 'credentials.yaml');
      writeFileSync(file, JSON.stringify(credentials));
      const args = ['--credentials', file, '--port', String(snmpd.port), '--print', '--json'];
      const place = ['--agent', 'gw-1', '--site', 's-1', '--unit', '26734'];
      return new Wardwatch(['edge', 'discover', ...args, ...place, '127.0.0.9']).end();
    };
    try {
      const found = await discoverWith({ wrong: v3('not this one'), core: v3(AUTH) });
      expect(JSON.parse(found.stdout)).toMatchObject({
        event: 'device',
        id: 'srv-1',
        kind: 'server',
        credentials: 'core',
        engineId: expect.stringMatching(/^80001f88/) as string,
      });
      const refused = await discoverWith({ wrong: v3('not this one') });
      expect(JSON.parse(refused.stdout)).toMatchObject({
        event: 'refusal',
        reason: 'wrong: it does not accept the authentication; check authentication protocol and password',
      });
    } finally {
      await snmpd.dispose();
      directory.remove();
    }
  });
});

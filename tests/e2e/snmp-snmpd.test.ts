import { createSocket } from 'node:dgram';
import { readFileSync, statfsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createSession, ObjectType, Version2c } from 'net-snmp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Collected, Collector } from '../../edge/collectors/collector.ts';
import { describeWith } from '../support/parts.ts';
import { arrive, fieldsBy, startPoller } from '../support/snmp-poller.ts';
import { freeUdpPort, Snmpd } from '../support/snmpd.ts';

const DEVICE = 'srv-1';
const AUTH = 'a password to sign with';
const PRIVACY = 'a password to hide with';
const USERS = [
  `createUser sha256-aes128 SHA-256 "${AUTH}" AES-128 "${PRIVACY}"`,
  `createUser sha512-aes128 SHA-512 "${AUTH}" AES-128 "${PRIVACY}"`,
  `createUser sha384-aes256 SHA-384 "${AUTH}" AES-256 "${PRIVACY}"`,
  `createUser sha256-aes256 SHA-256 "${AUTH}" AES-256 "${PRIVACY}"`,
  `createUser sha256-aes256c SHA-256 "${AUTH}" AES-256-C "${PRIVACY}"`,
  `createUser signer SHA-256 "${AUTH}"`,
  `createUser narrow SHA-256 "${AUTH}" AES-128 "${PRIVACY}"`,
  `createUser stranger SHA-256 "${AUTH}" AES-128 "${PRIVACY}"`,
  'rouser sha256-aes128 priv',
  'rouser sha512-aes128 priv',
  'rouser sha384-aes256 priv',
  'rouser sha256-aes256 priv',
  'rouser sha256-aes256c priv',
  'rouser signer auth',
  'view narrow included .1.3.6.1.2.1.1',
  'view narrow included .1.3.6.1.2.1.2',
  'view narrow excluded .1.3.6.1.2.1.2.2.1.10',
  'rouser narrow priv -V narrow',
];

type Digest = 'sha256' | 'sha384' | 'sha512';

function v3(user: string, auth: Digest = 'sha256', privacy = 'aes128', passwords = [AUTH, PRIVACY]): object {
  const [authPassword, privacyPassword] = passwords;
  return {
    version: '3',
    user,
    auth: { protocol: auth, password: { value: authPassword } },
    privacy: { protocol: privacy, password: { value: privacyPassword } },
  };
}

const messages = ({ errors }: Collected): string[] => errors.map((error) => error.message);
const read = (collector: Collector): Promise<Collected> => collector.collect(AbortSignal.timeout(30_000));
const isUp = ({ samples }: Collected) => fieldsBy(samples, 'device', 'device')[DEVICE]?.['up'];

describeWith(['snmpd'], 'Debian’s snmpd on this machine', () => {
  let snmpd: Snmpd;
  beforeAll(async () => {
    snmpd = new Snmpd(await freeUdpPort());
    await snmpd.start(USERS);
  });
  afterAll(() => snmpd.dispose());

  const poller = (credentials: object): Collector =>
    startPoller({ [DEVICE]: snmpd.port }, { credentials, replyTimeoutMs: 1_000 });
  const v2c = () => ({ version: '2c', community: { value: snmpd.community } });

  async function readOnce(credentials: object): Promise<Collected> {
    const collector = poller(credentials);
    try {
      return await read(collector);
    } finally {
      await collector.close();
    }
  }

  it.each([
    ['v3 SHA-256 AES-128', v3('sha256-aes128')],
    ['v3 SHA-512 AES-128', v3('sha512-aes128', 'sha512')],
    ['v3 SHA-384 AES-256', v3('sha384-aes256', 'sha384', 'aes256')],
    ['v3 SHA-256 AES-256', v3('sha256-aes256', 'sha256', 'aes256')],
    ['v3 SHA-256 AES-256 with the other way to extend keys', v3('sha256-aes256c', 'sha256', 'aes256')],
  ])('is read over %s, as over v2c', async (_name, credentials) => {
    const [plain, secured] = [await readOnce(v2c()), await readOnce(credentials)];
    expect([...messages(plain), ...messages(secured)]).toEqual([]);
    const series = ({ samples }: Collected) =>
      samples.map(({ measurement, tags }) => JSON.stringify([measurement, tags])).sort();
    expect(series(secured)).toEqual(series(plain));
    expect(arrive(secured.samples, Date.now()).refusals).toEqual([]);
  });

  it('says that its numbers are those of /proc and /sys', async () => {
    const { samples, errors } = await readOnce(v3('sha256-aes128'));
    expect(errors).toEqual([]);
    const device = fieldsBy(samples, 'device', 'device')[DEVICE]!;
    const memory = memoryInfo();
    const free = memory['MemFree']! + memory['Buffers']! + memory['Cached']!;
    expect(device['memory_pct']).toBeGreaterThan(100 - (100 * free) / memory['MemTotal']! - 20);
    expect(device['memory_pct']).toBeLessThan(100 - (100 * free) / memory['MemTotal']! + 20);
    // snmpd looks every five seconds, the kernel's figure moves too.
    expect(Math.abs(Number(device['load15']) - loadavg()[2]!)).toBeLessThan(0.5);

    const storage = fieldsBy(samples, 'device_storage', 'storage');
    expect(storage['Physical memory']).toMatchObject({ total_bytes: memory['MemTotal']! * 1_024 });
    const disks = Object.keys(storage).filter((name) => name.startsWith('/'));
    expect(disks.length).toBeGreaterThan(0);
    for (const disk of disks) {
      const { bsize, blocks, bfree } = statfsSync(disk);
      const { total_bytes: total, used_bytes: used } = storage[disk]!;
      expect(Number(total), disk).toBeCloseTo(bsize * blocks, -6);
      expect(Math.abs(Number(used) - bsize * (blocks - bfree)), disk).toBeLessThan(0.02 * bsize * blocks + 1);
    }
  });

  it('counts what goes through lo as the kernel does, and knows the speed of each interface', async () => {
    await setTableCacheS(snmpd, 1);
    const collector = poller(v3('sha256-aes128'));
    try {
      await readWhenOld(collector); // until now the table kept its old age
      const first = await readWhenOld(collector);
      const sent = await sendOverLo();
      const second = await readWhenOld(collector);
      const ports = fieldsBy(second.samples, 'interface', 'interface');
      const octetsPerS = Number(ports['lo']?.['in_bps']) / 8;
      // The device's clock ticks 100 times a second, and the two readings lie within their polls.
      const mostS = second.endS - first.startS + 0.02;
      const leastS = second.startS - first.endS - 0.02;
      expect(sent).toBeGreaterThan(BURST_BYTES);
      expect(octetsPerS * mostS).toBeGreaterThanOrEqual(sent);
      expect(octetsPerS * leastS).toBeLessThanOrEqual(second.after - first.before);
      expect(ports['lo']).toMatchObject({ admin_status: 1, oper_status: 1, in_use: true, in_errors: 0 });
      for (const [name, fields] of Object.entries(ports)) {
        const speed = speedOf(name);
        if (name === 'lo') expect(fields).not.toHaveProperty('speed_mbps');
        else if (speed !== undefined) expect(fields['speed_mbps'], name).toBe(speed);
      }
    } finally {
      await collector.close();
    }
  });

  it.each([
    ['a user it does not know', v3('nobody'), /: it does not know the user$/],
    [
      'a wrong password',
      v3('sha256-aes128', 'sha256', 'aes128', ['wrong password', PRIVACY]),
      /: it does not accept the authentication; check authentication protocol and password$/,
    ],
    ['another digest', v3('sha256-aes128', 'sha512'), /: it does not accept the authentication; check/],
    [
      'a wrong privacy password',
      v3('sha256-aes128', 'sha256', 'aes128', [AUTH, 'wrong password']),
      /: it answers, but not to encrypted requests; check privacy protocol and password$/,
    ],
    [
      'another cipher',
      v3('sha256-aes128', 'sha256', 'aes256'),
      /: it answers, but not to encrypted requests; check privacy/,
    ],
    ['a user without privacy', v3('signer'), /: the user may not use authentication with privacy/],
    ['a user without rights', v3('stranger'), /: access is not allowed$/],
  ])('%s: is up, and the error says which', async (_what, credentials, words) => {
    const collected = await readOnce(credentials);
    expect(messages(collected)).toEqual([expect.stringMatching(words) as string]);
    expect(messages(collected).join()).not.toMatch(/password [a-z]|nobody|sha256-aes128/);
    expect(isUp(collected)).toBe(true);
  });

  it('another community: no answer', async () => {
    const collected = await readOnce({ version: '2c', community: { value: 'wrong' } });
    expect(messages(collected)).toEqual([expect.stringMatching(/: no answer$/) as string]);
  });

  it('a view that hides tables: what it shows is read, and that is no error', async () => {
    const { samples, errors } = await readOnce(v3('narrow'));
    expect(errors).toEqual([]);
    const measurements = new Set(samples.map(({ measurement }) => measurement));
    expect(measurements).toEqual(new Set(['device', 'device_identity', 'interface']));
    expect(fieldsBy(samples, 'interface', 'interface')['lo']).toMatchObject({ oper_status: 1 });
  });
});

describeWith(['snmpd'], 'Debian’s snmpd that is started again', () => {
  const USER = [`createUser u SHA-256 "${AUTH}" AES-128 "${PRIVACY}"`, 'rouser u priv'];
  const FIXED_ENGINE = ['exactEngineID 0x80001f8880aabbccdd'];

  async function story(lines: readonly string[], again: (snmpd: Snmpd) => Promise<void>): Promise<void> {
    const snmpd = new Snmpd(await freeUdpPort());
    await snmpd.start(lines);
    const collector = startPoller({ [DEVICE]: snmpd.port }, { credentials: v3('u'), replyTimeoutMs: 1_000 });
    try {
      expect(messages(await read(collector))).toEqual([]);
      await again(snmpd);
      await snmpd.start(lines);
      const after = await read(collector);
      expect(messages(after)).toEqual([]);
      expect(isUp(after)).toBe(true);
    } finally {
      await collector.close();
      await snmpd.dispose();
    }
  }

  it('in order, so that it has counted the restart: is read at once', () =>
    story(USER, (snmpd) => snmpd.kill('SIGTERM')));

  it('after a kill: is read at once', () => story(USER, (snmpd) => snmpd.kill('SIGKILL')));

  it('as another engine, its memory lost: is read at once', () =>
    story(USER, async (snmpd) => {
      await snmpd.kill('SIGTERM');
      snmpd.forget();
    }));

  it('as the same engine with its count of restarts gone back: is read at once', () =>
    story([...USER, ...FIXED_ENGINE], async (snmpd) => {
      await snmpd.kill('SIGTERM');
      await snmpd.start([...USER, ...FIXED_ENGINE]);
      await snmpd.kill('SIGTERM');
      snmpd.forget();
    }));

  it('while it is away it is down', async () => {
    const snmpd = new Snmpd(await freeUdpPort());
    await snmpd.start(USER);
    const collector = startPoller({ [DEVICE]: snmpd.port }, { credentials: v3('u'), replyTimeoutMs: 1_000 });
    try {
      expect(isUp(await read(collector))).toBe(true);
      await snmpd.kill('SIGKILL');
      const without = await read(collector);
      expect(messages(without)).toEqual([expect.stringMatching(/: the port is closed$/) as string]);
      expect(isUp(without)).toBe(false);
    } finally {
      await collector.close();
      await snmpd.dispose();
    }
  });
});

/** kB by name. */
function memoryInfo(): Record<string, number> {
  const lines = readFileSync('/proc/meminfo', 'utf8').matchAll(/^(\w+):\s+(\d+) kB$/gm);
  return Object.fromEntries([...lines].map(([, name = '', kilobytes]) => [name, Number(kilobytes)] as const));
}

/** Mbit/s; undefined where the kernel does not know. */
function speedOf(name: string): number | undefined {
  try {
    const speed = Number(readFileSync(`/sys/class/net/${name}/speed`, 'utf8'));
    return speed > 0 ? speed : undefined;
  } catch {
    return undefined;
  }
}

const receivedOnLo = (): number => Number(readFileSync('/sys/class/net/lo/statistics/rx_bytes', 'utf8'));

interface Bracketed extends Collected {
  /** What the kernel had counted on lo before the table grew old, and after the poll. */
  readonly before: number;
  readonly after: number;
  readonly startS: number;
  readonly endS: number;
}

const nowS = (): number => performance.now() / 1_000;

/** Once the table that snmpd keeps (setTableCacheS) is older than what came before: what it then tells has all of that. */
async function readWhenOld(collector: Collector): Promise<Bracketed> {
  const before = receivedOnLo();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const startS = nowS();
  const collected = await read(collector);
  expect(collected.errors).toEqual([]);
  return { ...collected, before, after: receivedOnLo(), startS, endS: nowS() };
}

const DATAGRAM_BYTES = 50_000;
const BURST_BYTES = 200 * DATAGRAM_BYTES;

/** Returns what the kernel counted on lo meanwhile, with what else was under way there. */
async function sendOverLo(): Promise<number> {
  const socket = createSocket('udp4');
  const datagram = Buffer.alloc(DATAGRAM_BYTES);
  const before = receivedOnLo();
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  for (let sent = 0; sent < BURST_BYTES; sent += DATAGRAM_BYTES) {
    await new Promise((resolve) => socket.send(datagram, socket.address().port, '127.0.0.1', resolve));
  }
  await new Promise<void>((resolve) => socket.close(resolve));
  return receivedOnLo() - before;
}

/** NET-SNMP-AGENT-MIB nsCacheTimeout of ifTable, which snmpd otherwise reads every 15 s. */
function setTableCacheS(snmpd: Snmpd, seconds: number): Promise<void> {
  const oid = '1.3.6.1.4.1.8072.1.5.3.1.2.1.3.6.1.2.1.2.2';
  const session = createSession('127.0.0.1', snmpd.community, { version: Version2c, port: snmpd.port });
  return new Promise((resolve, reject) => {
    session.set([{ oid, type: ObjectType.Integer, value: seconds }], (error) => {
      session.close();
      if (error === null) resolve();
      else reject(error);
    });
  });
}

import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { closeServers, udpServer } from '../protocols/testing/servers.ts';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { checkConfigInForce, revisionInstead } from './check-config.ts';
import { UserError } from '../../runtime/errors.ts';
import { adviceFor, checkDisk } from './check-disk.ts';
import { SilentSenders } from '../collectors/wait-for-senders.ts';
import { telegrafKind } from '../collectors/telegraf/telegraf.ts';
import { findingsOf } from './doctor.ts';
import { checkNames } from './check-names.ts';
import { askNameServer } from './name-servers.ts';
import { checkRights, evaluatePing } from './check-rights.ts';

const { signal } = new AbortController();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-doctor-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe('the config in force', () => {
  const configOf = (more: object = {}) =>
    checkEdgeConfig('edge.yaml', {
      agent: 'gw-1',
      dataDirectory: directory,
      broker: { url: 'mqtt://x' },
      ...more,
    });
  const put = (name: string, record: object): void => {
    mkdirSync(join(directory, 'config'), { recursive: true });
    writeFileSync(join(directory, 'config', `${name}.json`), JSON.stringify(record));
  };
  const pushed = { collectors: [{ kind: 'ping', targets: ['10.0.0.1'] }] };
  const look = async (agentRuns = false, more: object = {}) =>
    checkConfigInForce(await configOf(more), { agentRuns, log: silentLogger });

  it('is the file if nothing was pushed, or configs from central are not accepted', async () => {
    expect(await look()).toMatchObject({
      findings: [{ level: 'ok', seen: 'the collectors of this file; none was pushed by central' }],
      collectors: [{ name: 'server' }],
    });
    put('good', { revision: 3, config: pushed });
    const alone = await look(false, { configFromCentral: { accept: false } });
    expect(alone.collectors).toMatchObject([{ name: 'server' }]);
  });

  it('is the last good one from central, and reports a newer one that failed', async () => {
    put('good', { revision: 3, config: pushed });
    put('failed', { revision: 4, reason: 'no such device' });
    const { findings, collectors } = await look();
    expect(collectors).toMatchObject([{ name: 'ping' }]);
    expect(findings).toMatchObject([
      { level: 'ok', seen: 'revision 3, pushed by central; the collectors of this file do not run' },
      { level: 'warn', seen: 'revision 4 of central was given up: no such device' },
    ]);
    expect(await revisionInstead(await configOf(), silentLogger)).toBe(3);
  });

  it('is the one on trial only while the agent runs', async () => {
    put('trial', { revision: 5, config: pushed });
    expect((await look(true)).findings).toMatchObject([
      { seen: expect.stringContaining('on trial') as string },
    ]);
    expect((await look(false)).collectors).toMatchObject([{ name: 'server' }]);
  });

  it('is the file again after central removed its own', async () => {
    put('good', { revision: 6, config: null });
    expect((await look()).findings).toMatchObject([{ seen: expect.stringContaining('took back') as string }]);
    expect(await revisionInstead(await configOf(), silentLogger)).toBeUndefined();
  });

  it('is the file, with a failure, when the pushed config no longer loads', async () => {
    put('good', { revision: 7, config: { collectors: [{ kind: 'gone' }] } });
    const { findings, collectors } = await look();
    expect(findings).toMatchObject([{ level: 'fail', seen: expect.stringContaining('kind') as string }]);
    expect(collectors).toMatchObject([{ name: 'server' }]);
  });
});

describe('the data directory', () => {
  const look = async (dataDirectory: string) =>
    checkDisk(
      await checkEdgeConfig('edge.yaml', { agent: 'gw-1', dataDirectory, broker: { url: 'mqtt://x' } }),
    ).findings[0];

  it('that cannot be locked without the program flock says so', async () => {
    expect(await look(directory)).toMatchObject({ level: 'ok' });
    vi.stubEnv('PATH', directory);
    expect(await look(directory)).toMatchObject({
      level: 'fail',
      seen: `${directory}: cannot be locked: the program flock is missing (package util-linux)`,
      advice: expect.stringContaining('install the program flock (package util-linux)') as string,
    });
  });

  it('that cannot be made is named', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await look(join(file, 'data'))).toMatchObject({
      level: 'fail',
      advice: 'a part of this path is a file: correct dataDirectory',
    });
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'it is mounted read-only'],
    ['EACCES', 'give the agent’s user write permission'],
    ['EIO', 'the disk fails'],
    ['EXYZ', 'check dataDirectory'],
  ])('that refuses with %s has a remedy of its own', (code, advice) => {
    const cause = Object.assign(new Error(code), { code });
    const wrapped = new Error('cannot be made', { cause });
    expect(adviceFor(new UserError(4, ['/data: cannot be written'], wrapped))).toContain(advice);
  });

  it('below /proc is an error, not a loop', async () => {
    expect(await look('/proc/wardwatch')).toMatchObject({
      level: 'fail',
      advice: 'no directory can be made there: correct dataDirectory',
    });
  });
});

describe('names', () => {
  const answers = async () => undefined;
  afterEach(closeServers);
  const refuse = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  const lookUp = (name: string): Promise<readonly string[]> =>
    name === 'there.vn'
      ? Promise.resolve(['10.0.0.1'])
      : refuse(name === 'mute.vn' ? 'EAI_AGAIN' : 'ENOTFOUND');

  it('without an address are reported once each, with the name servers', async () => {
    const hosts = ['there.vn', '10.0.0.1', '[::1]', 'gone.vn', 'gone.vn', 'mute.vn'];
    expect(await checkNames(hosts, { lookUp, servers: ['10.0.0.53'], askServer: answers })).toMatchObject([
      { check: 'dns', level: 'warn', seen: '1 of 3 names have an address (name servers 10.0.0.53)' },
      { check: 'name gone.vn', level: 'fail', seen: 'there is no such name' },
      { check: 'name mute.vn', level: 'fail', seen: 'no name server answers' },
    ]);
  });

  it('are ok if none are configured', async () => {
    expect(await checkNames(['10.0.0.1'], { lookUp, servers: [], askServer: answers })).toMatchObject([
      { level: 'ok' },
    ]);
  });

  it('come from servers of which a dead one is named, though another answers for it', async () => {
    const askServer = async (server: string) => (server === '10.0.0.53' ? 'no answer within 3 s' : undefined);
    const servers = ['10.0.0.53', '10.0.0.54'];
    expect(await checkNames(['there.vn'], { lookUp, servers, askServer })).toMatchObject([
      { check: 'dns', level: 'ok' },
      { check: 'name server 10.0.0.53', level: 'warn', seen: 'no answer within 3 s' },
    ]);
  });

  it('come from a server that listens and one that does not', async () => {
    // An answer that refuses: the id and the question of the request, QR and REFUSED (RFC 1035, 4.1.1).
    const port = await udpServer((request) => [
      Buffer.concat([request.subarray(0, 2), Buffer.from([0x81, 0x05]), request.subarray(4)]),
    ]);
    expect(await askNameServer(`127.0.0.1:${port}`)).toBeUndefined();
    closeServers();
    expect(await askNameServer(`127.0.0.1:${port}`)).toMatch(/nothing listens|no answer/);
  });

  it('are looked up on this machine', async () => {
    expect(await checkNames(['localhost'], { servers: [] })).toMatchObject([{ level: 'ok' }]);
  });
});

describe('a source', () => {
  const reading = { collector: 'telegraf', durationMs: 1, samples: [] };
  it('that listens and to which nobody sends is a warning, any other error a failure', () => {
    const silent = new SilentSenders('telegraf: nothing came within 2 s on http 127.0.0.1:8186');
    expect(findingsOf({ ...reading, errors: [silent] })).toMatchObject([
      { level: 'warn', seen: silent.message },
    ]);
    expect(findingsOf({ ...reading, errors: [new Error('port in use')] })).toMatchObject([{ level: 'fail' }]);
  });

  it('that only one process can have says so', () => {
    const needs = (config: object) => telegrafKind.needs?.(telegrafKind.configSchema.parse(config)).listens;
    expect(needs({ udp: { port: 8089 } })).toBe(true);
    expect(needs({ mqtt: { broker: { url: 'mqtt://127.0.0.1' }, topics: ['telegraf/#'] } })).toBe(false);
  });
});

describe('rights', () => {
  it('are those of the agent’s user, with the files that cannot be read', async () => {
    const readable = [directory, join(directory, 'gone')];
    const findings = await checkRights({ dataDirectory: directory, readable, icmp: false, signal });
    expect(findings).toMatchObject([
      { check: 'user', level: 'ok' },
      { check: 'rights', level: 'fail', seen: `${join(directory, 'gone')} does not exist` },
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)('of root do not show those of the agent’s own user', async () => {
    chownSync(directory, 65_534, 65_534);
    expect(await checkRights({ dataDirectory: directory, readable: [], icmp: false, signal })).toMatchObject([
      { check: 'user', level: 'warn', advice: expect.stringContaining("sudo -u '#65534'") as string },
    ]);
  });

  it('to ping are distinguished from a missing program', () => {
    const failed = (code: string | number, stderr = '') =>
      evaluatePing({ error: Object.assign(new Error(`spawn ping ${code}`), { code }), stderr });
    expect(evaluatePing({ error: null, stderr: '' })).toMatchObject({ level: 'ok' });
    expect(failed('ENOENT')).toMatchObject({ level: 'warn' });
    expect(failed(2, 'ping: socktype: SOCK_RAW: Operation not permitted\n')).toMatchObject({
      level: 'fail',
      seen: 'ping to 127.0.0.1: ping: socktype: SOCK_RAW: Operation not permitted',
    });
    expect(failed('EPERM')).toMatchObject({
      level: 'fail',
      seen: 'ping may not be started here: spawn ping EPERM',
      advice: expect.stringContaining('--cap-add NET_RAW') as string,
    });
  });
});

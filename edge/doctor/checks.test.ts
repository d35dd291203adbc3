import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { checkEdgeConfig } from '../config/edge-config.ts';
import { checkConfigInForce, revisionInstead } from './check-config.ts';
import { checkDisk } from './check-disk.ts';
import { checkNames } from './check-names.ts';
import { checkRights, evaluatePing } from './check-rights.ts';

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

  it('that cannot be made needs rights', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await look(join(file, 'data'))).toMatchObject({
      level: 'fail',
      advice: 'give the agent’s user write permission there',
    });
  });
});

describe('names', () => {
  const refuse = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  const lookUp = (name: string): Promise<readonly string[]> =>
    name === 'there.vn'
      ? Promise.resolve(['10.0.0.1'])
      : refuse(name === 'mute.vn' ? 'EAI_AGAIN' : 'ENOTFOUND');

  it('without an address are reported once each, with the name servers', async () => {
    const hosts = ['there.vn', '10.0.0.1', '[::1]', 'gone.vn', 'gone.vn', 'mute.vn'];
    expect(await checkNames(hosts, { lookUp, servers: ['10.0.0.53'] })).toMatchObject([
      { check: 'dns', level: 'warn', seen: '1 of 3 names have an address (name servers 10.0.0.53)' },
      { check: 'name gone.vn', level: 'fail', seen: 'there is no such name' },
      { check: 'name mute.vn', level: 'fail', seen: 'no name server answers' },
    ]);
  });

  it('are ok if none are configured', async () => {
    expect(await checkNames(['10.0.0.1'], { lookUp, servers: [] })).toMatchObject([{ level: 'ok' }]);
  });

  it('are looked up on this machine', async () => {
    expect(await checkNames(['localhost'])).toMatchObject([{ level: 'ok' }]);
  });
});

describe('rights', () => {
  it('are those of the agent’s user, with the files that cannot be read', async () => {
    const readable = [directory, join(directory, 'gone')];
    const findings = await checkRights({ dataDirectory: directory, readable, icmp: false });
    expect(findings).toMatchObject([
      { check: 'user', level: 'ok' },
      { check: 'rights', level: 'fail', seen: `${join(directory, 'gone')} does not exist` },
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)('of root do not show those of the agent’s own user', async () => {
    chownSync(directory, 65_534, 65_534);
    expect(await checkRights({ dataDirectory: directory, readable: [], icmp: false })).toMatchObject([
      { check: 'user', level: 'warn', advice: expect.stringContaining("sudo -u '#65534'") as string },
    ]);
  });

  it('to ping are distinguished from a missing program', () => {
    expect(evaluatePing(undefined)).toMatchObject({ level: 'ok' });
    expect(evaluatePing({ code: 'ENOENT', output: 'spawn ping ENOENT' })).toMatchObject({ level: 'warn' });
    const refused = { code: 2, output: 'ping: socktype: SOCK_RAW: Operation not permitted' };
    expect(evaluatePing(refused)).toMatchObject({
      level: 'fail',
      seen: expect.stringContaining('not permitted') as string,
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../../runtime/config.ts';
import { UserError } from '../../../runtime/errors.ts';
import { brokerSchema, readConnection, sendsPasswordInClear } from './broker-config.ts';

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

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
  ])('that contradict each other are refused without showing a secret', (value, problem) => {
    expect(problemsOf(() => broker(value))).toEqual([`edge.yaml: ${problem}`]);
  });

  it('require a certificate together with its key', () => {
    expect(problemsOf(() => broker({ url, tls: { certFile: 'c.pem' } }))).toEqual([
      'edge.yaml: tls: expected certFile and keyFile together, or neither, got {"certFile":"c.pem"}',
    ]);
  });

  it('read the password from a file or the environment, and name what is missing', () => {
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

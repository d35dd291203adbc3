import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unansweredMs, snmpConfigSchema } from './config.ts';
import { readCredentials } from '../../protocols/snmp/credentials.ts';

const v2c = { version: '2c', community: { env: 'COMMUNITY' } };
const v3 = {
  version: '3',
  user: 'wardwatch',
  auth: { password: { env: 'AUTH' } },
  privacy: { password: { env: 'PRIVACY' } },
};
const device = { device: 'sw-1', address: '10.26.7.2', credentials: 'core' };

function problems(config: unknown): string[] {
  const result = snmpConfigSchema.safeParse(config);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the configuration', () => {
  it('has defaults for all that need not be said', () => {
    const config = snmpConfigSchema.parse({ credentials: { core: v3 }, devices: [device] });
    expect(config.devices).toEqual([{ ...device, port: 161, link: 'lan' }]);
    expect(config.credentials['core']).toMatchObject({
      auth: { protocol: 'sha256' },
      privacy: { protocol: 'aes128' },
    });
    expect(unansweredMs(config)).toBe(6_000);
  });

  it('names every mistake at once', () => {
    expect(
      problems({
        credentials: { core: v2c },
        devices: [
          device,
          { ...device, credentials: 'cor' },
          { device: 'sw-3', address: '-x', credentials: 'core' },
        ],
      }),
    ).toEqual([
      'devices.2.address: expected an IP address or a host name',
      'devices.1.device: expected a name of its own',
      'devices.1.credentials: expected one of core',
    ]);
  });

  it('takes nothing weaker than SHA-256 and AES-128, and no v3 without both', () => {
    expect(
      problems({
        credentials: { a: { ...v3, auth: { protocol: 'md5', password: { env: 'X' } } } },
        devices: [{ ...device, credentials: 'a' }],
      })[0],
    ).toMatch(/auth\.protocol/);
    expect(
      problems({
        credentials: { a: { ...v3, privacy: { protocol: 'des', password: { env: 'X' } } } },
        devices: [{ ...device, credentials: 'a' }],
      })[0],
    ).toMatch(/privacy\.protocol/);
    expect(
      problems({
        credentials: { a: { ...v3, privacy: undefined } },
        devices: [{ ...device, credentials: 'a' }],
      })[0],
    ).toMatch(/privacy/);
  });
});

describe('secrets', () => {
  const parsed = (config: unknown) => {
    const found = snmpConfigSchema.parse({ credentials: { core: config }, devices: [device] }).credentials[
      'core'
    ];
    if (found === undefined) throw new Error('not there');
    return found;
  };

  it('come from the environment or from files, read each time', () => {
    const directory = mkdtempSync(join(tmpdir(), 'wardwatch-snmp-'));
    try {
      const file = join(directory, 'community');
      writeFileSync(file, 's3cret\n');
      expect(readCredentials('core', parsed({ version: '2c', community: { file } }), {})).toEqual({
        version: '2c',
        community: 's3cret',
      });
      writeFileSync(file, 'changed\n');
      expect(readCredentials('core', parsed({ version: '2c', community: { file } }), {})).toMatchObject({
        community: 'changed',
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(readCredentials('core', parsed(v3), { AUTH: 'authauth', PRIVACY: 'privpriv' })).toMatchObject({
      user: 'wardwatch',
      authProtocol: 'sha256',
      authPassword: 'authauth',
      privacyPassword: 'privpriv',
    });
  });

  it('that are missing or too short are named by their setting, never by their value', () => {
    const read = (env: Record<string, string>) => () => readCredentials('core', parsed(v3), env);
    expect(read({})).toThrow('credentials.core.auth.password: environment variable AUTH is not set');
    expect(read({ AUTH: 'authauth', PRIVACY: 'shorty' })).toThrow(
      /^credentials\.core\.privacy\.password: expected at least 8 characters$/,
    );
  });
});

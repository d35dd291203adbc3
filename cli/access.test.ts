import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTokenStore } from '../central/access/tokens.ts';
import { openInventoryRepository } from '../central/inventory/inventory-repository.ts';
import { openStateDatabase } from '../central/state/database.ts';
import { EXIT } from '../runtime/errors.ts';
import { silentLogger } from '../runtime/logger.ts';
import { openBrokerInUse, type BrokerKind } from '../central/access/broker-in-use.ts';
import { addAgent, addSparkplugNode, addToken, listTokens } from './access.ts';

const DAY_MS = 86_400_000;
let directory: string;
let stdout: string;
let stderr: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-cli-access-'));
  openStateDatabase(join(directory, 'state.db')).close();
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((stdout += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += String(text))));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

describe('agents add', () => {
  const recordBroker = (kind: BrokerKind): void => {
    const database = openStateDatabase(join(directory, 'state.db'));
    openBrokerInUse(database).record(kind);
    database.close();
  };

  it('prints the password alone, and nothing else where the embedded broker checks it', () => {
    addAgent(directory, 'gw-1');
    recordBroker('embedded');
    addAgent(directory, 'gw-1');
    expect(stdout).toMatch(/^(wwa_\S+\n){2}$/);
    expect(stderr).toBe('');
  });

  it('says that an external broker does not know the password, and how to tell Mosquitto', () => {
    recordBroker('external');
    addAgent(directory, 'gw-1');
    addSparkplugNode(directory, 'power/room-1');
    expect(stdout).toMatch(/^wwa_\S+\nspb-power--room-1\twwa_\S+\n$/);
    for (const user of ['gw-1', 'spb-power--room-1'])
      expect(stderr).toContain(`mosquitto_passwd /etc/mosquitto/wardwatch.passwords ${user} `);
  });
});

describe('tokens add', () => {
  it('prints the token alone on stdout, and tells until when it is valid', () => {
    addToken(directory, { name: 'grafana', role: 'viewer', lifetimeMs: 90 * DAY_MS });
    expect(stdout).toMatch(/^wwt_\S+\n$/);
    const inNinetyDays = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10);
    expect(stderr).toContain(`This token expires at ${inNinetyDays}T`);
    addToken(directory, { name: 'wall', role: 'viewer', lifetimeMs: null });
    expect(stderr).toContain('This token never expires.\n');
  });

  it.each(['', 'a\u001b[2Jb', 'a\0b'])('refuses the name %j and makes no token', (name) => {
    const add = () => addToken(directory, { name, role: 'viewer', lifetimeMs: null });
    expect(add).toThrow(/^command line: name: /);
    expect(add).toThrow(expect.objectContaining({ exitCode: EXIT.badConfig }));
    listTokens(directory);
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('tokens add with limits', () => {
  const options = { name: 'ward', lifetimeMs: null };

  it('makes a token for some units, which list and audit log name', () => {
    addToken(directory, { ...options, role: 'operator', limits: { units: ['26734', '26737'] } });
    listTokens(directory);
    expect(stdout).toContain('units 26734, 26737');
    expect(stderr).toContain(
      'The inventory has no such entries yet: 26734, 26737. Until it does, this token sees nothing.\n',
    );
  });

  it('refuses what the inventory does not have, with the nearest that it has, and makes no token', () => {
    const database = openStateDatabase(join(directory, 'state.db'));
    const place = { latitude: 10.77, longitude: 106.69, areaKm2: 1.9 };
    const unit = { ...place, code: '26734', name: 'Bến Thành', nameEn: 'Ben Thanh', kind: 'ward' } as const;
    openInventoryRepository(database, silentLogger).write(
      [
        { kind: 'units', id: unit.code, after: unit },
        { kind: 'agencies', id: 'dost', after: { id: 'dost', name: 'Science and Technology' } },
      ],
      { revision: 1, changedAtMs: 0, changedBy: 'test' },
    );
    database.close();
    const add = (limits: object) => (): void => {
      addToken(directory, { ...options, role: 'operator', limits });
    };
    expect(add({ units: ['26735'], agencies: ['dots'] })).toThrow(
      '--units: expected an entry of the inventory, got "26735"; did you mean "26734"?\n' +
        '--agencies: expected an entry of the inventory, got "dots"; did you mean "dost"?',
    );
    expect(stdout).toBe('');
    add({ units: ['26734'], agencies: ['dost'] })();
    expect(stdout).toMatch(/^wwt_/);
    expect(stderr).not.toContain('no such entries');
  });

  it.each([
    ['operator', { units: ['Bến Nghé'] }, /^command line: limits\.units\[0\]: expected the code of a unit/],
    ['operator', { agencies: [''] }, /^command line: limits\.agencies\[0\]: expected the id of an agency/],
    ['admin', { units: ['26734'] }, /^--role: expected the role viewer or operator/],
  ])('refuses for %s %j and makes no token', (role, limits, message) => {
    expect(() => addToken(directory, { ...options, role, limits })).toThrow(message);
    listTokens(directory);
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('tokens list', () => {
  it('shows role, times and name, and a name from before names were checked cannot act on the terminal', () => {
    const database = openStateDatabase(join(directory, 'state.db'));
    const tokens = openTokenStore(database);
    const old = tokens.create('x\u001b]0;owned\u0007\nfake', 'admin', 1_000, 2_000);
    const used = tokens.create('used', 'viewer', 3_000, null, { limits: { units: ['26737'] } });
    tokens.use(used.token, 4_000);
    tokens.saveLastUse();
    database.close();
    listTokens(directory);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'ROLE', 'CREATED', 'EXPIRES', 'LAST USED', 'LIMITED TO', 'NAME'],
      [
        old.id,
        'admin',
        '1970-01-01T00:00:01.000Z',
        '1970-01-01T00:00:02.000Z (expired)',
        'never',
        'the city',
        'x\\u001b]0;owned\\u0007\\nfake',
      ],
      [
        ...[used.id, 'viewer', '1970-01-01T00:00:03.000Z', 'never', '1970-01-01T00:00:04.000Z'],
        ...['unit 26737', 'used'],
      ],
      [''],
    ]);
  });
});

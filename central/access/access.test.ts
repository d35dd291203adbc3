import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { openAgentCredentials } from './agent-credentials.ts';
import { openAuditLog } from './audit.ts';
import { openTokenStore, roleAllows, TOKEN_LIFETIME_DAYS, tokenNameSchema } from './tokens.ts';

let directory: string;
let database: StateDatabase;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-access-'));
  database = openStateDatabase(join(directory, 'state.db'));
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

describe('API tokens', () => {
  it('are found by their text, survive a restart, and are gone once revoked', () => {
    const created = openTokenStore(database).create('grafana', 'viewer', 1_000);
    database.close();
    database = openStateDatabase(join(directory, 'state.db'));
    const tokens = openTokenStore(database);
    expect(tokens.use(created.token, 2_000)).toMatchObject({ name: 'grafana', role: 'viewer' });
    expect(tokens.revoke(created.id)).toBe(true);
    expect(tokens.use(created.token, 2_000)).toBe('unknown');
  });

  it('are not kept in the clear', () => {
    const { token } = openTokenStore(database).create('grafana', 'viewer', 1_000);
    const stored = JSON.stringify(database.prepare('SELECT * FROM api_token').all());
    expect(stored).not.toContain(token.slice(4));
  });

  it('expire after a year, at the time given, or never; those from before expiry existed never do', () => {
    const tokens = openTokenStore(database);
    const usual = tokens.create('usual', 'viewer', 1_000);
    const short = tokens.create('short', 'viewer', 1_000, 5_000);
    const endless = tokens.create('endless', 'viewer', 1_000, null);
    expect(usual.expiresAtMs).toBe(1_000 + TOKEN_LIFETIME_DAYS * 86_400_000);
    expect(tokens.use(short.token, 4_999)).toMatchObject({ name: 'short', expiresAtMs: 5_000 });
    expect(tokens.use(short.token, 5_000)).toBe('expired');
    expect(tokens.use(endless.token, 9_000_000_000_000)).not.toHaveProperty('expiresAtMs');
    database.prepare('UPDATE api_token SET expires_at_ms = NULL WHERE id = ?').run(usual.id);
    expect(tokens.use(usual.token, 9_000_000_000_000)).toMatchObject({ name: 'usual' });
  });

  it('remember when they were last used, with a write for the first request and one for many others', () => {
    const tokens = openTokenStore(database);
    const { id, token } = tokens.create('grafana', 'viewer', 1_000);
    const stored = () => database.prepare('SELECT last_used_at_ms AS at FROM api_token').get()?.['at'];
    expect(tokens.list()[0]).not.toHaveProperty('lastUsedAtMs');
    for (let nowMs = 2_000; nowMs <= 3_000; nowMs++) tokens.use(token, nowMs);
    expect(stored()).toBe(2_000);
    expect(tokens.list()).toMatchObject([{ id, lastUsedAtMs: 3_000 }]);
    tokens.saveLastUse();
    expect(stored()).toBe(3_000);
    expect(openTokenStore(database).list()).toMatchObject([{ id, lastUsedAtMs: 3_000 }]);
  });

  it.each([
    '',
    ' ',
    ' x',
    'x ',
    'a\0b',
    'a\u001b[2Jb',
    'a\nb',
    'a\u009bb',
    'a\u202eb',
    'a\u2028b',
    'x'.repeat(101),
    '\ud800',
    'command line',
  ])('are not named %j', (name) => {
    expect(tokenNameSchema.safeParse(name).success).toBe(false);
  });

  it.each(['x', 'Nguyễn Văn A', 'grafana (phòng trực) #2', '監視'])('may be named %s', (name) => {
    expect(tokenNameSchema.safeParse(name).success).toBe(true);
  });

  it('give each role what the roles below it have', () => {
    expect(roleAllows('admin', 'viewer')).toBe(true);
    expect(roleAllows('operator', 'engineer')).toBe(false);
  });
});

describe('agent credentials', () => {
  it('let an agent in with its own password only', () => {
    const credentials = openAgentCredentials(database);
    const password = credentials.issue('gw-26734-01', 1_000);
    credentials.register([['gw-26737-01', 'derived']], 1_000);
    expect(credentials.verify('gw-26734-01', password)).toBe(true);
    expect(credentials.verify('gw-26737-01', 'derived')).toBe(true);
    expect(credentials.verify('gw-26737-01', password)).toBe(false);
    expect(credentials.verify('gw-26740-01', password)).toBe(false);
  });

  it('of a Sparkplug edge node remember which, also when the password is replaced', () => {
    const credentials = openAgentCredentials(database);
    credentials.issue('spb-power--ups', 1_000, { group: 'Power', node: 'UPS 1' });
    const password = credentials.issue('spb-power--ups', 2_000);
    expect(credentials.verify('spb-power--ups', password)).toBe(true);
    expect(credentials.nodeOf('spb-power--ups')).toEqual({ group: 'Power', node: 'UPS 1' });
    credentials.issue('gw-1', 1_000);
    expect(credentials.nodeOf('gw-1')).toBeUndefined();
  });

  it('lock an agent out once revoked', () => {
    const credentials = openAgentCredentials(database);
    const password = credentials.issue('gw-1', 1_000);
    expect(credentials.revoke('gw-1')).toBe(true);
    expect(credentials.verify('gw-1', password)).toBe(false);
  });
});

describe('the audit log', () => {
  it('lists newest first, page by page', () => {
    const audit = openAuditLog(database);
    for (const action of ['a', 'b', 'c']) audit.append({ atMs: 1, actor: 'admin', action, target: 't' });
    const [newest, next] = audit.list(2);
    expect([newest?.action, next?.action]).toEqual(['c', 'b']);
    expect(audit.list(2, next?.id).map((entry) => entry.action)).toEqual(['a']);
  });

  it('cannot be changed or shortened', () => {
    openAuditLog(database).append({ atMs: 1, actor: 'admin', action: 'a', target: 't' });
    expect(() => database.prepare("UPDATE audit SET actor = 'x'").run()).toThrow(/append-only/);
    expect(() => database.prepare('DELETE FROM audit').run()).toThrow(/append-only/);
  });
});

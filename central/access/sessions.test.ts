import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantsHash } from './oidc/grants-hash.ts';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import {
  IDLE_MS,
  LOGIN_LIFETIME_MS,
  MAX_SESSIONS_OF_OWNER,
  SCREEN_LIFETIME_MS,
  Sessions,
  type Person,
} from './sessions.ts';
import { openTokenStore, type TokenStore } from './tokens.ts';

const MINUTE_MS = 60_000;
let database: StateDatabase;
let tokens: TokenStore;
let sessions: Sessions;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  tokens = openTokenStore(database);
  sessions = new Sessions({ database, tokens });
});
afterEach(() => database.close());

function sessionOf(code: string, nowMs: number): string {
  const redeemed = sessions.redeem(code, nowMs);
  if (typeof redeemed === 'string') throw new Error(redeemed);
  return redeemed.session;
}

describe('a code in a link', () => {
  it('is good once', () => {
    const { code } = sessions.createCode({ name: 'start' }, 0);
    const session = sessionOf(code, 1_000);
    expect(sessions.find(session, 2_000)).toMatchObject({ name: 'page of start', role: 'viewer' });
    expect(sessions.redeem(code, 2_000)).toBe('unknown');
    expect(sessions.find(code, 2_000)).toBe('unknown');
  });

  it('is good for ten minutes', () => {
    const { code, expiresAtMs } = sessions.createCode({ name: 'start' }, 0);
    expect(expiresAtMs).toBe(10 * MINUTE_MS);
    expect(sessions.redeem(code, expiresAtMs)).toBe('expired');
  });

  it('does not push out those of other tokens, however many one asks for', () => {
    const other = sessions.createCode({ name: 'other', tokenId: tokens.create('o', 'viewer', 0).id }, 0);
    const owner = { name: 'greedy', tokenId: tokens.create('g', 'viewer', 0).id };
    const codes = Array.from({ length: 2_000 }, () => sessions.createCode(owner, 0).code);
    expect(sessions.redeem(codes[1_989]!, 1)).toBe('unknown');
    expect(typeof sessions.redeem(codes[1_990]!, 1)).toBe('object');
    expect(typeof sessions.redeem(other.code, 1)).toBe('object');
  });
});

describe('a session of a browser', () => {
  it('outlasts a restart, for 30 days, and is not kept in the clear', () => {
    const session = sessionOf(sessions.createCode({ name: 'start' }, 0).code, 0);
    const restarted = new Sessions({ database, tokens });
    expect(restarted.find(session, SCREEN_LIFETIME_MS - 1)).toMatchObject({ role: 'viewer' });
    expect(restarted.find(session, SCREEN_LIFETIME_MS)).toBe('expired');
    const stored = JSON.stringify(database.prepare('SELECT * FROM page_session').all());
    expect(stored).not.toContain(session.slice(4));
  });

  it('ends with the token that asked for its link, revoked or expired', () => {
    const revoked = tokens.create('revoked', 'admin', 0);
    const expiring = tokens.create('expiring', 'admin', 0, 5_000);
    const [first, second] = [revoked, expiring].map(({ id, name }) =>
      sessionOf(sessions.createCode({ name, tokenId: id }, 0).code, 0),
    );
    expect(sessions.find(first!, 1_000)).toMatchObject({ name: 'page of revoked', role: 'viewer' });
    tokens.revoke(revoked.id);
    expect(sessions.find(first!, 1_000)).toBe('expired');
    expect(sessions.find(second!, 4_999)).toMatchObject({ name: 'page of expiring' });
    expect(sessions.find(second!, 5_000)).toBe('expired');
  });

  it('is one of 50 of one token, of which the oldest ends first; those of others stay', () => {
    const other = tokens.create('other', 'viewer', 0);
    const othersSession = sessions.openForToken(other, 0).session;
    const greedy = tokens.create('greedy', 'viewer', 0);
    const all = Array.from(
      { length: MAX_SESSIONS_OF_OWNER + 1 },
      () => sessions.openForToken(greedy, 1).session,
    );
    expect(sessions.find(all[0]!, 2)).toBe('unknown');
    expect(sessions.find(all[1]!, 2)).toMatchObject({ name: 'greedy' });
    expect(sessions.find(othersSession, 2)).toMatchObject({ name: 'other' });
    expect(database.prepare('SELECT COUNT(*) AS n FROM page_session').get()?.['n']).toBe(
      MAX_SESSIONS_OF_OWNER + 1,
    );
  });
});

describe('a session of a person who logs in', () => {
  it('has the role and the limits of the token, and ends with it', () => {
    const limits = { units: ['26737'] };
    const token = tokens.create('lan', 'operator', 0, null, { limits });
    const { session } = sessions.openForToken(token, 0);
    expect(sessions.find(session, 1)).toMatchObject({
      ...{ name: 'lan', role: 'operator', limits },
      session: { kind: 'token', mayWrite: true, tokenId: token.id, expiresAtMs: LOGIN_LIFETIME_MS },
    });
    tokens.revoke(token.id);
    expect(sessions.find(session, 2)).toBe('expired');
  });

  it('ends after an hour without a request, also where central has started anew meanwhile', () => {
    const { session } = sessions.openForToken(tokens.create('lan', 'admin', 0), 0);
    expect(sessions.find(session, IDLE_MS - 1)).toMatchObject({ role: 'admin' });
    expect(sessions.find(session, 2 * IDLE_MS - 2)).toMatchObject({ role: 'admin' });
    sessions.saveLastUse();
    const restarted = new Sessions({ database, tokens });
    expect(restarted.find(session, 3 * IDLE_MS - 3)).toMatchObject({ role: 'admin' });
    expect(restarted.find(session, 4 * IDLE_MS)).toBe('expired');
  });

  it('ends after twelve hours, however much is asked', () => {
    const { session } = sessions.openForToken(tokens.create('lan', 'admin', 0), 0);
    for (let atMs = 0; atMs < LOGIN_LIFETIME_MS; atMs += IDLE_MS / 2)
      expect(sessions.find(session, atMs)).toMatchObject({ role: 'admin' });
    expect(sessions.find(session, LOGIN_LIFETIME_MS)).toBe('expired');
  });

  it('is no longer there once the person has logged out', () => {
    const { session } = sessions.openForToken(tokens.create('lan', 'admin', 0), 0);
    const id = (sessions.find(session, 1) as { id: string }).id;
    expect(sessions.isValid(id, 1)).toBe(true);
    expect(sessions.end(session, 1)).toMatchObject({ name: 'lan' });
    expect(sessions.find(session, 1)).toBe('unknown');
    expect([sessions.isValid(id, 1), sessions.end(session, 1)]).toEqual([false, undefined]);
  });

  it('can be ended by its id, and is in a list until then', () => {
    const token = tokens.create('lan', 'admin', 0);
    const [first, second] = [sessions.openForToken(token, 0), sessions.openForToken(token, 1)];
    expect(sessions.find(second.session, 5)).toMatchObject({ name: 'lan' });
    const list = sessions.list(10);
    expect(list).toMatchObject([{ createdAtMs: 0 }, { createdAtMs: 1, lastUsedAtMs: 5 }]);
    expect(sessions.endById(list[0]?.id ?? '', 10)).toMatchObject({ name: 'lan' });
    expect(sessions.find(first.session, 11)).toBe('unknown');
    expect([sessions.list(11).length, sessions.endById('none', 11)]).toEqual([1, undefined]);
  });

  it('of an identity provider has what its claims gave, and opens nothing where these limits cannot be read', () => {
    const person: Person = {
      subject: 'p-7',
      name: 'lan (OIDC)',
      role: 'operator',
      limits: { units: ['26737'] },
    };
    const { session } = sessions.openForPerson(person, 0);
    expect(sessions.find(session, 1)).toMatchObject({
      ...{ name: 'lan (OIDC)', role: 'operator', limits: { units: ['26737'] } },
      session: { kind: 'oidc', mayWrite: true },
    });
    database.prepare("UPDATE page_session SET limits = '{'").run();
    expect(sessions.find(session, 2)).toMatchObject({ limits: { units: [] } });
  });
});

describe('sessions of an identity provider', () => {
  const PERSON: Person = { subject: 'p-7', name: 'lan (OIDC)', role: 'admin' };
  const ADMINS = { claim: 'groups', value: 'admins', role: 'admin' } as const;
  const given = { issuer: 'https://sso.example/', grants: [ADMINS] };
  const restart = (hash: string | undefined) => new Sessions({ database, tokens, grantsHash: hash });

  it('outlast a restart with the same provider and grants', () => {
    const { session } = restart(grantsHash(given)).openForPerson(PERSON, 0);
    expect(restart(grantsHash(structuredClone(given))).find(session, 1)).toMatchObject({ role: 'admin' });
  });

  it.each([
    ['another role', { ...given, grants: [{ ...ADMINS, role: 'viewer' as const }] }],
    ['limits', { ...given, grants: [{ ...ADMINS, role: 'operator' as const, limits: { units: ['1'] } }] }],
    ['another claim', { ...given, grants: [{ ...ADMINS, claim: 'roles' }] }],
    ['another provider', { ...given, issuer: 'https://other.example/' }],
    ['no provider', undefined],
  ])('end at a start with %s, those of tokens and links stay', (_, next) => {
    const before = restart(grantsHash(given));
    const { session } = before.openForPerson(PERSON, 0);
    const ofToken = before.openForToken(tokens.create('lan', 'admin', 0), 0).session;
    const screen = before.redeem(before.createCode({ name: 'wall' }, 0).code, 0);
    const after = restart(next && grantsHash(next));
    expect(after.find(session, 1)).toBe('unknown');
    expect(after.find(ofToken, 1)).toMatchObject({ role: 'admin' });
    expect(after.find((screen as { session: string }).session, 1)).toMatchObject({ name: 'page of wall' });
    // Also when the former grants come back.
    expect(restart(grantsHash(given)).find(session, 1)).toBe('unknown');
  });

  it('that began before this was kept end at once', () => {
    const { session } = restart(grantsHash(given)).openForPerson(PERSON, 0);
    database.prepare('UPDATE page_session SET grants_hash = NULL').run();
    expect(restart(grantsHash(given)).find(session, 1)).toBe('unknown');
  });
});

describe('a link that opens more than a screen shows', () => {
  it('opens a session that ends as one of a login does', () => {
    const session = sessionOf(sessions.createCode({ name: 'start', role: 'admin' }, 0).code, 0);
    expect(sessions.find(session, 1)).toMatchObject({
      role: 'admin',
      session: { kind: 'link', mayWrite: true },
    });
    expect(sessions.find(session, IDLE_MS + 1)).toBe('expired');
  });
});

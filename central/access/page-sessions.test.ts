import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { PageSessions, SESSION_LIFETIME_DAYS } from './page-sessions.ts';
import { openTokenStore, type TokenStore } from './tokens.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
let database: StateDatabase;
let tokens: TokenStore;
let sessions: PageSessions;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  tokens = openTokenStore(database);
  sessions = new PageSessions({ database, tokens });
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
    const restarted = new PageSessions({ database, tokens });
    expect(restarted.find(session, SESSION_LIFETIME_DAYS * DAY_MS - 1)).toMatchObject({ role: 'viewer' });
    expect(restarted.find(session, SESSION_LIFETIME_DAYS * DAY_MS)).toBe('expired');
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

  it('is one of at most 1,000: the oldest ends first', () => {
    const all = Array.from({ length: 1_001 }, (_, nowMs) =>
      sessionOf(sessions.createCode({ name: 'start' }, nowMs).code, nowMs),
    );
    expect(sessions.find(all[0]!, 2_000)).toBe('unknown');
    expect(sessions.find(all[1]!, 2_000)).toMatchObject({ role: 'viewer' });
    expect(database.prepare('SELECT COUNT(*) AS n FROM page_session').get()?.['n']).toBe(1_000);
  });
});

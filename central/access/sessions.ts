import { randomUUID } from 'node:crypto';
import type { StateDatabase, SqlRow } from '../state/database.ts';
import { describeLimits, limitsOfText, type TokenLimits } from './limits.ts';
import type { TokenFault } from './refused-tokens.ts';
import { createSecret, hashSecret } from './secret.ts';
import { ROLES, type Role, type TokenInfo, type TokenStore } from './tokens.ts';

/** How it began: with a link, with a token that a person gave, or at an identity provider. */
export const SESSION_KINDS = ['link', 'token', 'oidc'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** What a browser's session adds to who is asking. */
export interface SessionInfo {
  readonly kind: SessionKind;
  /** Whose sessions are counted together: a token's id, `oidc SUBJECT`, or the session's own id. */
  readonly owner: string;
  readonly expiresAtMs: number;
  /** It ends when nothing was asked for so long; undefined: it does not. */
  readonly idleAfterMs?: number;
  /** False: it is for a screen that shows, and only reads. */
  readonly mayWrite: boolean;
  /** The token that it ends with. */
  readonly tokenId?: string;
}

/** Who asks: a token, or a session of a browser with the id of its own. */
export type Caller = TokenInfo & { readonly session?: SessionInfo };

/** Who asked for a link. Without `tokenId` it is the program itself. */
export interface LinkOwner {
  readonly name: string;
  readonly tokenId?: string;
  /** Of the session that the link opens; viewer without it. */
  readonly role?: Role;
}

/** A person whom an identity provider knows. */
export interface Person {
  /** Of the provider, and unchanged for as long as the person is known there. */
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
  readonly limits?: TokenLimits;
}

export interface SessionsDeps {
  readonly database: StateDatabase;
  readonly tokens: Pick<TokenStore, 'get'>;
  /** Of the identity provider and what its claims give (`grantsHash`); undefined: there is none. */
  readonly grantsHash?: string | undefined;
}

const CODE_LIFETIME_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** A screen on a wall must not ask for a link every day. */
export const SCREEN_LIFETIME_MS = 30 * DAY_MS;
/** A shift; NIST SP 800-63B, 4.2.3 asks for a new login after 12 h. */
export const LOGIN_LIFETIME_MS = 12 * 3_600_000;
/** A page that is open asks every few seconds, so this is a browser that is closed. */
export const IDLE_MS = 3_600_000;
const MAX_CODES = 1_000;
/** Of one token, so that it cannot push out the codes of others. */
const MAX_CODES_OF_OWNER = 10;
const MAX_SESSIONS = 5_000;
/** Of one token, or one person. */
export const MAX_SESSIONS_OF_OWNER = 50;

const MIGRATIONS = [
  `CREATE TABLE page_session (
     hash BLOB PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, token_id TEXT, created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL
   )`,
  `ALTER TABLE page_session ADD COLUMN kind TEXT NOT NULL DEFAULT 'link';
   ALTER TABLE page_session ADD COLUMN owner TEXT NOT NULL DEFAULT '';
   ALTER TABLE page_session ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer';
   ALTER TABLE page_session ADD COLUMN limits TEXT;
   ALTER TABLE page_session ADD COLUMN last_used_at_ms INTEGER;
   UPDATE page_session SET owner = COALESCE(token_id, '')`,
  'ALTER TABLE page_session ADD COLUMN grants_hash TEXT',
];

interface Code {
  readonly owner: LinkOwner;
  readonly expiresAtMs: number;
}

interface NewSession {
  readonly kind: SessionKind;
  /** Whose sessions are counted together. */
  readonly owner: string;
  readonly name: string;
  readonly tokenId?: string | undefined;
  readonly role: Role;
  readonly limits?: TokenLimits | undefined;
}

/**
 * Sessions of browsers, of which only the hash of the cookie's text is kept. They outlast a restart, and end with the token that
 * they came from, with time, and without use; those of an identity provider also at a start with other grants. A link holds a code that is good once and for ten minutes, in memory.
 */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #codes = new Map<string, Code>();
  /** By the id of a session; what is not written yet. */
  readonly #usedAtMs = new Map<string, number>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    deps.database.migrate('page-session', MIGRATIONS);
    this.#endThoseOfOtherGrants();
  }

  createCode(owner: LinkOwner, nowMs: number): { readonly code: string; readonly expiresAtMs: number } {
    this.#makeRoom(owner, nowMs);
    const code = createSecret('wwc');
    const expiresAtMs = nowMs + CODE_LIFETIME_MS;
    this.#codes.set(keyOf(code), { owner, expiresAtMs });
    return { code, expiresAtMs };
  }

  /** Uses the code up. */
  redeem(
    code: string,
    nowMs: number,
  ): { readonly session: string; readonly expiresAtMs: number } | TokenFault {
    const key = keyOf(code);
    const known = this.#codes.get(key);
    this.#codes.delete(key);
    if (known === undefined) return 'unknown';
    const { owner, expiresAtMs } = known;
    if (expiresAtMs <= nowMs || !this.#isOwnerValid(owner.tokenId, nowMs)) return 'expired';
    const { name, tokenId, role = 'viewer' } = owner;
    return this.#create(
      { kind: 'link', owner: tokenId ?? '', name: `page of ${name}`, tokenId, role },
      nowMs,
    );
  }

  /** For a token that was found valid. */
  openForToken({ id, name, role }: TokenInfo, nowMs: number) {
    return this.#create({ kind: 'token', owner: id, name, tokenId: id, role }, nowMs);
  }

  openForPerson({ subject, ...person }: Person, nowMs: number) {
    return this.#create({ kind: 'oidc', owner: `oidc ${subject}`, ...person }, nowMs);
  }

  /** Records that it is used, if it is valid. */
  find(session: string, nowMs: number): Caller | TokenFault {
    const row = this.#rowOf(session);
    if (row === undefined) return 'unknown';
    const caller = this.#callerOf(row, nowMs);
    if (caller === undefined) return 'expired';
    this.#usedAtMs.set(caller.id, nowMs);
    return caller;
  }

  /** Whether the session with this id is still valid; that is no use of it. */
  isValid(id: string, nowMs: number): boolean {
    const row = this.#deps.database.prepare('SELECT * FROM page_session WHERE id = ?').get(id);
    return row !== undefined && this.#callerOf(row, nowMs) !== undefined;
  }

  /** Returns whose it was; undefined: it had ended already. */
  end(session: string, nowMs: number): Caller | undefined {
    const row = this.#rowOf(session);
    if (row === undefined) return undefined;
    const caller = this.#callerOf(row, nowMs);
    this.#deps.database.prepare('DELETE FROM page_session WHERE hash = ?').run(hashSecret(session));
    this.#usedAtMs.delete(String(row['id']));
    return caller;
  }

  /** Those that are valid, the oldest first. */
  list(nowMs: number): readonly Caller[] {
    return this.#deps.database
      .prepare('SELECT * FROM page_session ORDER BY created_at_ms, id')
      .all()
      .flatMap((row) => this.#callerOf(row, nowMs) ?? []);
  }

  /** By its id, as an administrator does; returns whose it was. */
  endById(id: string, nowMs: number): Caller | undefined {
    const { database } = this.#deps;
    const row = database.prepare('SELECT * FROM page_session WHERE id = ?').get(id);
    const caller = row === undefined ? undefined : this.#callerOf(row, nowMs);
    database.prepare('DELETE FROM page_session WHERE id = ?').run(id);
    this.#usedAtMs.delete(id);
    return caller;
  }

  /** Writes when sessions were last used; once in a while, so that a request costs no write. */
  saveLastUse(): void {
    if (this.#usedAtMs.size === 0) return;
    const { database } = this.#deps;
    const write = database.prepare('UPDATE page_session SET last_used_at_ms = ? WHERE id = ?');
    database.transaction(() => {
      for (const [id, atMs] of this.#usedAtMs) write.run(atMs, id);
    });
    this.#usedAtMs.clear();
  }

  /** A role is what the claims of the login gave: central cannot ask for them again. */
  #endThoseOfOtherGrants(): void {
    const { database, grantsHash = null } = this.#deps;
    database
      .prepare("DELETE FROM page_session WHERE kind = 'oidc' AND (?1 IS NULL OR grants_hash IS NOT ?1)")
      .run(grantsHash);
  }

  /** The cookie of a browser gets a new text at each login, so that one which somebody else has put there is of no use. */
  #create(given: NewSession, nowMs: number): { readonly session: string; readonly expiresAtMs: number } {
    const session = createSecret('wws');
    const { kind, owner, name, tokenId, role, limits } = given;
    const expiresAtMs = nowMs + (isScreen(kind, role) ? SCREEN_LIFETIME_MS : LOGIN_LIFETIME_MS);
    const { database, grantsHash = null } = this.#deps;
    const forgetOldest = (where: string, most: number, ...values: string[]): void => {
      database
        .prepare(
          `DELETE FROM page_session WHERE ${where} AND hash NOT IN
             (SELECT hash FROM page_session WHERE ${where} ORDER BY created_at_ms DESC, rowid DESC LIMIT ?)`,
        )
        .run(...values, ...values, most);
    };
    database.transaction(() => {
      database.prepare('DELETE FROM page_session WHERE expires_at_ms <= ?').run(nowMs);
      forgetOldest('owner = ?', MAX_SESSIONS_OF_OWNER - 1, owner);
      forgetOldest('1 = 1', MAX_SESSIONS - 1);
      database
        .prepare(
          `INSERT INTO page_session (hash, id, name, token_id, created_at_ms, expires_at_ms, kind, owner, role, limits, grants_hash)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          ...[hashSecret(session), randomUUID(), name, tokenId ?? null, nowMs, expiresAtMs],
          ...[kind, owner, role, limits === undefined ? null : JSON.stringify(limits)],
          kind === 'oidc' ? grantsHash : null,
        );
    });
    return { session, expiresAtMs };
  }

  #rowOf(session: string): SqlRow | undefined {
    return this.#deps.database.prepare('SELECT * FROM page_session WHERE hash = ?').get(hashSecret(session));
  }

  /** undefined: it has ended. */
  #callerOf(row: SqlRow, nowMs: number): Caller | undefined {
    const id = String(row['id']);
    const kind = SESSION_KINDS.find((each) => each === row['kind']) ?? 'link';
    const expiresAtMs = Number(row['expires_at_ms']);
    const tokenId = typeof row['token_id'] === 'string' ? row['token_id'] : undefined;
    if (expiresAtMs <= nowMs || !this.#isOwnerValid(tokenId, nowMs)) return undefined;
    const createdAtMs = Number(row['created_at_ms']);
    const own = {
      name: String(row['name']),
      role: ROLES.find((each) => each === row['role']) ?? 'viewer',
      ...(row['limits'] !== null && { limits: limitsOfText(row['limits']) }),
    };
    const isForScreen = isScreen(kind, own.role);
    const usedAtMs = this.#usedAtMs.get(id) ?? Number(row['last_used_at_ms'] ?? createdAtMs);
    if (!isForScreen && usedAtMs + IDLE_MS <= nowMs) return undefined;
    // Of a token as it is now: limits and role are looked up, not copied.
    const owner = kind === 'token' && tokenId !== undefined ? this.#deps.tokens.get(tokenId) : undefined;
    const { name, role, limits } = owner ?? own;
    return {
      ...{ id, name, role, createdAtMs, expiresAtMs, lastUsedAtMs: usedAtMs },
      ...(limits !== undefined && { limits }),
      session: {
        ...{ kind, owner: ownerOf(row), expiresAtMs, mayWrite: !isForScreen },
        ...(!isForScreen && { idleAfterMs: IDLE_MS }),
        ...(tokenId !== undefined && { tokenId }),
      },
    };
  }

  #isOwnerValid(tokenId: string | undefined, nowMs: number): boolean {
    if (tokenId === undefined) return true;
    const token = this.#deps.tokens.get(tokenId);
    return token !== undefined && (token.expiresAtMs === undefined || token.expiresAtMs > nowMs);
  }

  /** Codes are in the order of their making, so the first is the oldest. */
  #makeRoom(owner: LinkOwner, nowMs: number): void {
    for (const [key, { expiresAtMs }] of this.#codes) if (expiresAtMs <= nowMs) this.#codes.delete(key);
    const ofOwner = [...this.#codes].filter(([, code]) => code.owner.tokenId === owner.tokenId);
    const [oldest] = ofOwner.length >= MAX_CODES_OF_OWNER ? ofOwner : this.#codes;
    const isFull = ofOwner.length >= MAX_CODES_OF_OWNER || this.#codes.size >= MAX_CODES;
    if (isFull && oldest !== undefined) this.#codes.delete(oldest[0]);
  }
}

/** For the audit log. */
export function describeSession({ name, role, limits, session }: Caller): string {
  const limited = limits === undefined ? '' : `, limited to ${describeLimits(limits)}`;
  return `${session?.kind ?? 'token'} session of ${name}, ${role}${limited}`;
}

/** A link that opens what a viewer sees is for screens that nobody logs in at. */
function isScreen(kind: SessionKind, role: Role): boolean {
  return kind === 'link' && role === 'viewer';
}

/** A link that the program itself made has no owner. */
function ownerOf(row: SqlRow): string {
  return String(row['owner']) || String(row['id']);
}

function keyOf(code: string): string {
  return hashSecret(code).toString('hex');
}

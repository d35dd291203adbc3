import { randomUUID } from 'node:crypto';
import type { StateDatabase } from '../state/database.ts';
import type { TokenFault } from './refused-tokens.ts';
import { createSecret, hashSecret } from './secret.ts';
import type { TokenInfo, TokenStore } from './tokens.ts';

/** Who asked for a link. Without `tokenId` it is the program itself. */
export interface LinkOwner {
  readonly name: string;
  readonly tokenId?: string;
}

export interface PageSessionsDeps {
  readonly database: StateDatabase;
  readonly tokens: Pick<TokenStore, 'get'>;
}

const CODE_LIFETIME_MS = 10 * 60_000;
/** A screen on a wall must not ask for a link every day. */
export const SESSION_LIFETIME_DAYS = 30;
const DAY_MS = 86_400_000;
const MAX_CODES = 1_000;
/** Of one token, so that it cannot push out the codes of others. */
const MAX_CODES_OF_OWNER = 10;
const MAX_SESSIONS = 1_000;

const MIGRATIONS = [
  `CREATE TABLE page_session (
     hash BLOB PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, token_id TEXT, created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL
   )`,
];

interface Code {
  readonly owner: LinkOwner;
  readonly expiresAtMs: number;
}

/**
 * Links to the pages hold a code that is good once and for ten minutes, in memory. The browser gets a session for it, of
 * which only the hash is kept; it reads as a viewer, outlasts a restart, and ends with the token that asked for the link.
 */
export class PageSessions {
  readonly #deps: PageSessionsDeps;
  readonly #codes = new Map<string, Code>();

  constructor(deps: PageSessionsDeps) {
    this.#deps = deps;
    deps.database.migrate('page-session', MIGRATIONS);
  }

  createCode(owner: LinkOwner, nowMs: number): { readonly code: string; readonly expiresAtMs: number } {
    this.#makeRoom(owner, nowMs);
    const code = createSecret('wwc');
    const expiresAtMs = nowMs + CODE_LIFETIME_MS;
    this.#codes.set(keyOf(code), { owner, expiresAtMs });
    return { code, expiresAtMs };
  }

  /** Uses the code up. */
  redeem(code: string, nowMs: number): { readonly session: string } | TokenFault {
    const key = keyOf(code);
    const known = this.#codes.get(key);
    this.#codes.delete(key);
    if (known === undefined) return 'unknown';
    const { owner, expiresAtMs } = known;
    if (expiresAtMs <= nowMs || !this.#isOwnerValid(owner.tokenId, nowMs)) return 'expired';
    const session = createSecret('wws');
    const { database } = this.#deps;
    database.transaction(() => {
      database
        .prepare(
          `DELETE FROM page_session WHERE expires_at_ms <= ? OR hash NOT IN
             (SELECT hash FROM page_session ORDER BY created_at_ms DESC LIMIT ?)`,
        )
        .run(nowMs, MAX_SESSIONS - 1);
      database
        .prepare('INSERT INTO page_session VALUES (?, ?, ?, ?, ?, ?)')
        .run(
          hashSecret(session),
          randomUUID(),
          `page of ${owner.name}`,
          owner.tokenId ?? null,
          nowMs,
          nowMs + SESSION_LIFETIME_DAYS * DAY_MS,
        );
    });
    return { session };
  }

  find(session: string, nowMs: number): TokenInfo | TokenFault {
    const row = this.#deps.database
      .prepare('SELECT * FROM page_session WHERE hash = ?')
      .get(hashSecret(session));
    if (row === undefined) return 'unknown';
    const expiresAtMs = Number(row['expires_at_ms']);
    const tokenId = typeof row['token_id'] === 'string' ? row['token_id'] : undefined;
    if (expiresAtMs <= nowMs || !this.#isOwnerValid(tokenId, nowMs)) return 'expired';
    return {
      id: String(row['id']),
      name: String(row['name']),
      role: 'viewer',
      createdAtMs: Number(row['created_at_ms']),
      expiresAtMs,
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

function keyOf(code: string): string {
  return hashSecret(code).toString('hex');
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeLimits, limitsOfText, limitsSchema, type TokenLimits } from './limits.ts';
import type { TokenFault } from './refused-tokens.ts';
import { createSecret, hashSecret } from './secret.ts';

/** Each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export function roleAllows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Roles above these change what all of the city shares. */
const LIMITED_ROLES: readonly Role[] = ['viewer', 'operator'];

/** undefined: a token of that role may have these limits. Pure. */
export function limitsProblem(role: Role, limits: TokenLimits | undefined): string | undefined {
  if (limits === undefined || LIMITED_ROLES.includes(role)) return undefined;
  return `expected the role ${LIMITED_ROLES.join(' or ')} for a token with limits, got ${role}`;
}

/** Of a new token, where nobody says otherwise. */
export const TOKEN_LIFETIME_DAYS = 365;
const DAY_MS = 86_400_000;

/** Actors of the audit log that are no tokens. */
const RESERVED_NAMES: readonly string[] = ['command line', 'first start', 'unknown'];

/** The audit log names the token by it, on a terminal too: no control, format or unpaired character, no line break. */
export const tokenNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'expected no control characters and no line breaks')
  .regex(/^\S(.*\S)?$/u, 'expected a name without spaces at its ends')
  .refine((name) => !RESERVED_NAMES.includes(name), {
    error: 'expected a name other than those that the audit log uses itself',
  });

export const tokenInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  limits: limitsSchema.exactOptional().describe('what it sees and acts on; not there: the whole city'),
  createdAtMs: unixMs,
  expiresAtMs: unixMs.exactOptional().describe('Unix time in ms; not there: it never expires'),
  lastUsedAtMs: unixMs
    .exactOptional()
    .describe('Unix time in ms, exact to a minute after a crash of central; not there: it was never used'),
});
export type TokenInfo = Readonly<z.infer<typeof tokenInfoSchema>>;

export const createdTokenSchema = tokenInfoSchema.extend({
  /** Shown once; only its hash is kept. */
  token: z.string(),
});
export type CreatedToken = Readonly<z.infer<typeof createdTokenSchema>>;

/** For the audit log. */
export function describeCreated({ id, role, name, expiresAtMs, limits }: TokenInfo): string {
  const until = expiresAtMs === undefined ? 'never' : new Date(expiresAtMs).toISOString();
  const limited = limits === undefined ? '' : `, limited to ${describeLimits(limits)}`;
  return `${id} ${role} ${name}, expires ${until}${limited}`;
}

export interface TokenStore {
  /** `expiresAtMs`: null: never; undefined: after TOKEN_LIFETIME_DAYS. */
  create(
    name: string,
    role: Role,
    nowMs: number,
    expiresAtMs?: number | null,
    given?: { readonly limits?: TokenLimits; /** A new one without it. */ readonly token?: string },
  ): CreatedToken;
  /** Records that it is used, if it is valid. */
  use(token: string, nowMs: number): TokenInfo | TokenFault;
  get(id: string): TokenInfo | undefined;
  list(): readonly TokenInfo[];
  revoke(id: string): boolean;
  /** Writes when tokens were last used; once in a while, so that a request costs no write. */
  saveLastUse(): void;
}

const MIGRATIONS = [
  `CREATE TABLE api_token (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created_at_ms INTEGER NOT NULL
   )`,
  `ALTER TABLE api_token ADD COLUMN expires_at_ms INTEGER;
   ALTER TABLE api_token ADD COLUMN last_used_at_ms INTEGER`,
  'ALTER TABLE api_token ADD COLUMN limits TEXT',
];
const COLUMNS = 'id, name, role, created_at_ms, expires_at_ms, last_used_at_ms, limits';

export function openTokenStore(database: StateDatabase): TokenStore {
  database.migrate('token', MIGRATIONS);
  const insert = database.prepare(
    'INSERT INTO api_token (id, name, role, hash, created_at_ms, expires_at_ms, limits) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const byHash = database.prepare(`SELECT ${COLUMNS} FROM api_token WHERE hash = ?`);
  const byId = database.prepare(`SELECT ${COLUMNS} FROM api_token WHERE id = ?`);
  const all = database.prepare(`SELECT ${COLUMNS} FROM api_token ORDER BY created_at_ms, id`);
  const remove = database.prepare('DELETE FROM api_token WHERE id = ?');
  const setLastUse = database.prepare('UPDATE api_token SET last_used_at_ms = ? WHERE id = ?');
  const lastUsedAtMs = new Map<string, number>();
  const unsaved = new Set<string>();

  const toInfo = (row: Record<string, unknown>): TokenInfo => {
    const id = String(row['id']);
    const lastUsed = lastUsedAtMs.get(id) ?? row['last_used_at_ms'];
    const expires = row['expires_at_ms'];
    const limits = row['limits'];
    return {
      id,
      name: String(row['name']),
      role: ROLES.find((role) => role === row['role']) ?? 'viewer',
      createdAtMs: Number(row['created_at_ms']),
      ...(limits !== null && { limits: limitsOfText(limits) }),
      ...(typeof expires === 'number' && { expiresAtMs: expires }),
      ...(typeof lastUsed === 'number' && { lastUsedAtMs: lastUsed }),
    };
  };

  /** At once: whether a token was ever used decides whether another is shown at the next start. */
  const saveFirstUse = (id: string, nowMs: number): void => {
    try {
      setLastUse.run(nowMs, id);
    } catch {
      // On a full disk the request is answered all the same; saveLastUse() tries again.
    }
  };

  return {
    create: (name, role, nowMs, expiresAtMs = nowMs + TOKEN_LIFETIME_DAYS * DAY_MS, given = {}) => {
      const { limits, token = createSecret('wwt') } = given;
      const id = randomUUID();
      const kept = limits === undefined ? null : JSON.stringify(limits);
      insert.run(id, name, role, hashSecret(token), nowMs, expiresAtMs, kept);
      return {
        ...{ id, name, role, createdAtMs: nowMs, token },
        ...(expiresAtMs !== null && { expiresAtMs }),
        ...(limits !== undefined && { limits }),
      };
    },
    use: (token, nowMs) => {
      const row = byHash.get(hashSecret(token));
      if (row === undefined) return 'unknown';
      const info = toInfo(row);
      if (info.expiresAtMs !== undefined && info.expiresAtMs <= nowMs) return 'expired';
      lastUsedAtMs.set(info.id, nowMs);
      unsaved.add(info.id);
      if (info.lastUsedAtMs === undefined) saveFirstUse(info.id, nowMs);
      return info;
    },
    get: (id) => {
      const row = byId.get(id);
      return row === undefined ? undefined : toInfo(row);
    },
    list: () => all.all().map(toInfo),
    revoke: (id) => {
      lastUsedAtMs.delete(id);
      unsaved.delete(id);
      return remove.run(id).changes > 0;
    },
    saveLastUse: () => {
      if (unsaved.size === 0) return;
      database.transaction(() => {
        for (const id of unsaved) setLastUse.run(lastUsedAtMs.get(id) ?? null, id);
      });
      unsaved.clear();
    },
  };
}

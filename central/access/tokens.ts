import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { StateDatabase } from '../state/database.ts';
import { createSecret, hashSecret } from './secret.ts';

/** Each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export function roleAllows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export const tokenInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAtMs: unixMs,
});
export type TokenInfo = Readonly<z.infer<typeof tokenInfoSchema>>;

export const createdTokenSchema = tokenInfoSchema.extend({
  /** Shown once; only its hash is kept. */
  token: z.string(),
});
export type CreatedToken = Readonly<z.infer<typeof createdTokenSchema>>;

export interface TokenStore {
  create(name: string, role: Role, nowMs: number): CreatedToken;
  /** A token that is kept in memory only, for the link that `start` prints. */
  createEphemeral(name: string, role: Role, nowMs: number): CreatedToken;
  find(token: string): TokenInfo | undefined;
  list(): readonly TokenInfo[];
  revoke(id: string): boolean;
}

const MIGRATIONS = [
  `CREATE TABLE api_token (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created_at_ms INTEGER NOT NULL
   )`,
];

export function openTokenStore(database: StateDatabase): TokenStore {
  database.migrate('token', MIGRATIONS);
  const insert = database.prepare(
    'INSERT INTO api_token (id, name, role, hash, created_at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const byHash = database.prepare('SELECT id, name, role, created_at_ms FROM api_token WHERE hash = ?');
  const all = database.prepare(
    'SELECT id, name, role, created_at_ms FROM api_token ORDER BY created_at_ms, id',
  );
  const remove = database.prepare('DELETE FROM api_token WHERE id = ?');
  const ephemeral = new Map<string, TokenInfo>();

  const createToken = (name: string, role: Role, nowMs: number): CreatedToken => ({
    id: randomUUID(),
    name,
    role,
    createdAtMs: nowMs,
    token: createSecret('wwt'),
  });
  const toInfo = (row: Record<string, unknown>): TokenInfo => ({
    id: String(row['id']),
    name: String(row['name']),
    role: ROLES.find((role) => role === row['role']) ?? 'viewer',
    createdAtMs: Number(row['created_at_ms']),
  });

  return {
    create: (name, role, nowMs) => {
      const created = createToken(name, role, nowMs);
      insert.run(created.id, name, role, hashSecret(created.token), nowMs);
      return created;
    },
    createEphemeral: (name, role, nowMs) => {
      const { token, ...info } = createToken(name, role, nowMs);
      ephemeral.set(hashSecret(token).toString('hex'), info);
      return { ...info, token };
    },
    find: (token) => {
      const hash = hashSecret(token);
      const row = byHash.get(hash);
      return row === undefined ? ephemeral.get(hash.toString('hex')) : toInfo(row);
    },
    list: () => all.all().map(toInfo),
    revoke: (id) => remove.run(id).changes > 0,
  };
}

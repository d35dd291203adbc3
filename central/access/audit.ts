import { z } from 'zod';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';

/** Who did what, when, to what; append-only (TCVN 11930:2017). */
export const auditEntrySchema = z.object({
  id: z.int(),
  atMs: unixMs,
  actor: z.string().describe('name of the token, or `command line`'),
  action: z.string(),
  target: z.string(),
  from: z.string().exactOptional().describe("the caller's address"),
});
export type AuditEntry = Readonly<z.infer<typeof auditEntrySchema>>;

export interface AuditRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher id. */
  readonly afterNumber: number;
  readonly limit: number;
}

export interface AuditLog {
  append(entry: Omit<AuditEntry, 'id'>): void;
  list(limit: number, beforeId?: number): readonly AuditEntry[];
  /** In the order of time. */
  read(query: AuditRange): readonly AuditEntry[];
}

const MIGRATIONS = [
  `CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
     target TEXT NOT NULL, address TEXT NOT NULL
   );
   CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
   CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`,
  'CREATE INDEX audit_by_time ON audit (at_ms, id)',
];

export function openAuditLog(database: StateDatabase): AuditLog {
  database.migrate('audit', MIGRATIONS);
  const insert = database.prepare(
    'INSERT INTO audit (at_ms, actor, action, target, address) VALUES (?, ?, ?, ?, ?)',
  );
  const page = database.prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?');
  const inRange = database.prepare(
    'SELECT * FROM audit WHERE at_ms >= ? AND at_ms < ? AND (at_ms > ? OR id > ?) ORDER BY at_ms, id LIMIT ?',
  );
  return {
    append: ({ atMs, actor, action, target, from }) => {
      insert.run(atMs, actor, action, target, from ?? '');
    },
    list: (limit, beforeId = Number.MAX_SAFE_INTEGER) => page.all(beforeId, limit).map(toEntry),
    read: ({ fromMs, toMs, afterNumber, limit }) =>
      inRange.all(fromMs, toMs, fromMs, afterNumber, limit).map(toEntry),
  };
}

function toEntry(row: SqlRow): AuditEntry {
  return {
    id: Number(row['id']),
    atMs: Number(row['at_ms']),
    actor: String(row['actor']),
    action: String(row['action']),
    target: String(row['target']),
    from: String(row['address']),
  };
}

import type { SqlRow, StateDatabase } from '../../../state/database.ts';
import { endOf, type Silence, type SILENCE_STATES } from './silence.ts';

export interface RecordedSilence {
  /** In the order in which they were made. */
  readonly number: number;
  readonly silence: Silence;
}

export interface SilenceQuery {
  readonly state?: (typeof SILENCE_STATES)[number] | undefined;
  readonly nowMs: number;
  readonly limit: number;
  /** Only those that were made before the one with this number. */
  readonly beforeNumber?: number | undefined;
}

const MIGRATIONS = [
  `CREATE TABLE silence (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     starts_at_ms INTEGER NOT NULL,
     over_at_ms INTEGER NOT NULL,
     record TEXT NOT NULL
   );
   CREATE INDEX silence_over ON silence (over_at_ms)`,
];

const IN_STATE = {
  pending: 'over_at_ms > ?1 AND starts_at_ms > ?1',
  active: 'over_at_ms > ?1 AND starts_at_ms <= ?1',
  expired: 'over_at_ms <= ?1',
} as const;

export interface SilenceRepository {
  /** Never given twice, short enough to be said on the telephone. */
  nextId(): string;
  insert(silence: Silence): void;
  update(silence: Silence): void;
  get(id: string): Silence | undefined;
  /** Newest first. */
  list(query: SilenceQuery): readonly RecordedSilence[];
  deleteOverBefore(beforeMs: number): void;
}

export function openSilenceRepository(database: StateDatabase): SilenceRepository {
  database.migrate('silence', MIGRATIONS);
  const insert = database.prepare(
    'INSERT INTO silence (id, starts_at_ms, over_at_ms, record) VALUES (?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE silence SET over_at_ms = ?, record = ? WHERE id = ?');
  const byId = database.prepare('SELECT record FROM silence WHERE id = ?');
  const newest = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'silence'`);
  const remove = database.prepare('DELETE FROM silence WHERE over_at_ms < ?');
  const pages = { any: '?1 = ?1', ...IN_STATE };
  const list = Object.fromEntries(
    Object.entries(pages).map(([state, condition]) => [
      state,
      database.prepare(
        `SELECT number, record FROM silence WHERE ${condition} AND number < ?2 ORDER BY number DESC LIMIT ?3`,
      ),
    ]),
  );
  return {
    nextId: () => `s-${Number(newest.get()?.['seq'] ?? 0) + 1}`,
    insert: (silence) => {
      insert.run(silence.id, silence.startsAtMs, endOf(silence), JSON.stringify(silence));
    },
    update: (silence) => {
      update.run(endOf(silence), JSON.stringify(silence), silence.id);
    },
    get: (id) => {
      const row = byId.get(id);
      return row === undefined ? undefined : toSilence(row);
    },
    list: ({ state, nowMs, limit, beforeNumber = Number.MAX_SAFE_INTEGER }) =>
      (list[state ?? 'any']?.all(nowMs, beforeNumber, limit) ?? []).map((row) => ({
        number: Number(row['number']),
        silence: toSilence(row),
      })),
    deleteOverBefore: (beforeMs) => {
      remove.run(beforeMs);
    },
  };
}

// The rows are our own.
function toSilence(row: SqlRow): Silence {
  return JSON.parse(String(row['record'])) as Silence;
}

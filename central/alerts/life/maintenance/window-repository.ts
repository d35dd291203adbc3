import type { SqlRow, StateDatabase } from '../../../state/database.ts';
import type { MaintenanceWindow } from './window.ts';

export interface RecordedWindow {
  /** In the order in which they were made. */
  readonly number: number;
  readonly window: MaintenanceWindow;
}

const MIGRATIONS = [
  `CREATE TABLE maintenance_window (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     over_at_ms INTEGER,
     record TEXT NOT NULL
   );
   CREATE INDEX maintenance_window_over ON maintenance_window (over_at_ms)`,
];

/** `overAtMs`: when it closes for the last time; undefined: never by itself. */
export interface WindowRepository {
  /** Never given twice, short enough to be said on the telephone. */
  nextId(): string;
  insert(window: MaintenanceWindow, overAtMs: number | undefined): RecordedWindow;
  update(window: MaintenanceWindow, overAtMs: number | undefined): void;
  get(id: string): MaintenanceWindow | undefined;
  /** Those that are open or will be. */
  current(nowMs: number): readonly RecordedWindow[];
  /** Newest first; `isOver`: only those that have closed for the last time. */
  list(query: {
    readonly isOver: boolean;
    readonly nowMs: number;
    readonly limit: number;
    readonly beforeNumber?: number | undefined;
  }): readonly RecordedWindow[];
  deleteOverBefore(beforeMs: number): void;
}

export function openWindowRepository(database: StateDatabase): WindowRepository {
  database.migrate('maintenance', MIGRATIONS);
  const newest = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'maintenance_window'`);
  const newestNumber = (): number => Number(newest.get()?.['seq'] ?? 0);
  const insert = database.prepare('INSERT INTO maintenance_window (id, over_at_ms, record) VALUES (?, ?, ?)');
  const update = database.prepare('UPDATE maintenance_window SET over_at_ms = ?, record = ? WHERE id = ?');
  const byId = database.prepare('SELECT number, record FROM maintenance_window WHERE id = ?');
  const current = database.prepare(
    'SELECT number, record FROM maintenance_window WHERE over_at_ms IS NULL OR over_at_ms > ? ORDER BY number',
  );
  const pageWhere = (condition: string) =>
    database.prepare(
      `SELECT number, record FROM maintenance_window WHERE ${condition} AND number < ?2 ORDER BY number DESC LIMIT ?3`,
    );
  const all = pageWhere('?1 = ?1');
  const over = pageWhere('over_at_ms <= ?1');
  const remove = database.prepare('DELETE FROM maintenance_window WHERE over_at_ms < ?');
  return {
    nextId: () => `m-${newestNumber() + 1}`,
    insert: (window, overAtMs) => {
      insert.run(window.id, overAtMs ?? null, JSON.stringify(window));
      return { number: newestNumber(), window };
    },
    update: (window, overAtMs) => {
      update.run(overAtMs ?? null, JSON.stringify(window), window.id);
    },
    get: (id) => {
      const row = byId.get(id);
      return row === undefined ? undefined : toRecorded(row).window;
    },
    current: (nowMs) => current.all(nowMs).map(toRecorded),
    list: ({ isOver, nowMs, limit, beforeNumber = Number.MAX_SAFE_INTEGER }) =>
      (isOver ? over : all).all(nowMs, beforeNumber, limit).map(toRecorded),
    deleteOverBefore: (beforeMs) => {
      remove.run(beforeMs);
    },
  };
}

// The rows are our own.
function toRecorded(row: SqlRow): RecordedWindow {
  return {
    number: Number(row['number']),
    window: JSON.parse(String(row['record'])) as MaintenanceWindow,
  };
}

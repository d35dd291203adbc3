import type { StateDatabase } from './database.ts';

export interface BackupRecord {
  /** Unix time, ms. */
  recordBackup(atMs: number): void;
  /** When the last whole backup was made; before the first one, when central started for the first time. Unix time, ms. */
  lastAtMs(): number;
}

/** Another process may record a backup meanwhile. */
export function openBackupRecord(database: StateDatabase, nowMs: number): BackupRecord {
  database.migrate('backups', [
    'CREATE TABLE backup (id INTEGER PRIMARY KEY CHECK (id = 1), last_at_ms INTEGER NOT NULL)',
  ]);
  database.prepare('INSERT OR IGNORE INTO backup (id, last_at_ms) VALUES (1, ?)').run(nowMs);
  const read = database.prepare('SELECT last_at_ms FROM backup');
  return {
    recordBackup: (atMs) => {
      database.prepare('UPDATE backup SET last_at_ms = ?').run(atMs);
    },
    lastAtMs: () => Number(read.get()?.['last_at_ms']),
  };
}

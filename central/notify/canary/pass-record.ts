import type { StateDatabase } from '../../state/database.ts';

export interface PassRecord {
  /** When the newest canary that got through every hop was raised, Unix ms, also before the start; undefined: none did. */
  newestMs(): number | undefined;
  record(raisedAtMs: number): void;
}

/** On disk: a central that never runs until the end of a run knows by it since when nothing got through. */
export function openPassRecord(database: StateDatabase): PassRecord {
  database.migrate('canary pass', [
    'CREATE TABLE canary_pass (id INTEGER PRIMARY KEY CHECK (id = 1), raised_at_ms INTEGER NOT NULL)',
  ]);
  const read = database.prepare('SELECT raised_at_ms FROM canary_pass');
  const write = database.prepare('INSERT OR REPLACE INTO canary_pass (id, raised_at_ms) VALUES (1, ?)');
  return {
    newestMs: () => {
      const atMs = read.get()?.['raised_at_ms'];
      return atMs === undefined ? undefined : Number(atMs);
    },
    record: (raisedAtMs) => {
      write.run(raisedAtMs);
    },
  };
}

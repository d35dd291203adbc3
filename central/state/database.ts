import Database from 'libsql';

export type SqlValue = string | number | bigint | Buffer | null;
export type SqlRow = Record<string, unknown>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number };
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
}

/** `state.db`: everything an operator did and the ledger; survives kill -9 and power loss. */
export interface StateDatabase {
  prepare(sql: string): Statement;
  /** One durable transaction; rolled back when `work` throws. Must not be nested. */
  transaction<T>(work: () => T): T;
  /** Runs the statements of each step that this database has not seen under `owner`, in order. Steps are never edited, only added. */
  migrate(owner: string, steps: readonly string[]): void;
  close(): void;
}

/** `path` may be `:memory:`. SQLite in WAL mode, synchronous=FULL: a commit is on disk when transaction() returns. */
export function openStateDatabase(path: string): StateDatabase {
  const database = new Database(path);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec(
    'CREATE TABLE IF NOT EXISTS migration (owner TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (owner, step))',
  );
  const state: StateDatabase = {
    prepare: (sql) => database.prepare(sql) as unknown as Statement,
    transaction: (work) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    migrate: (owner, steps) => {
      const row = state
        .prepare('SELECT COALESCE(MAX(step), 0) AS done FROM migration WHERE owner = ?')
        .get(owner);
      const done = Number(row?.['done'] ?? 0);
      steps.slice(done).forEach((sql, index) => {
        state.transaction(() => {
          database.exec(sql);
          state.prepare('INSERT INTO migration (owner, step) VALUES (?, ?)').run(owner, done + index + 1);
        });
      });
    },
    close: () => {
      database.close();
    },
  };
  return state;
}

import Database from 'libsql';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';

export type SqlValue = string | number | bigint | Buffer | null;
export type SqlRow = Record<string, unknown>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number };
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
}

/** `state.db`: the ledger, alerts and what operators did; survives kill -9 and power loss. */
export interface StateDatabase {
  prepare(sql: string): Statement;
  /** One durable transaction; rolled back when `work` throws. Must not be nested. */
  transaction<T>(work: () => T): T;
  /** Runs the steps that this database has not run for `owner` yet, in order. Steps are never edited, only added. */
  migrate(owner: string, steps: readonly string[]): void;
  close(): void;
}

function openFile(path: string): InstanceType<typeof Database> {
  try {
    const database = new Database(path);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA busy_timeout = 5000');
    database.exec(
      'CREATE TABLE IF NOT EXISTS migration (owner TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (owner, step))',
    );
    return database;
  } catch (error) {
    throw new UserError(
      EXIT.dataDirectory,
      [`${path}: cannot be used as state database: ${messageOf(error)}`],
      error,
    );
  }
}

/** Throws a UserError (exit 4) when the file is damaged or cannot be opened. `path` may be `:memory:`. SQLite in WAL mode, synchronous=FULL: a commit is on disk when transaction() returns. */
export function openStateDatabase(path: string): StateDatabase {
  const database = openFile(path);
  let closed = false;
  // The driver ends the whole process when a closed database is used.
  const assertOpen = (): void => {
    if (closed) throw new Error('the state database is closed');
  };
  const execute = (sql: string): void => {
    assertOpen();
    database.exec(sql);
  };
  const state: StateDatabase = {
    prepare: (sql) => {
      assertOpen();
      return guardStatement(database.prepare(sql) as unknown as DriverStatement, assertOpen);
    },
    transaction: (work) => {
      execute('BEGIN IMMEDIATE');
      try {
        const result = work();
        execute('COMMIT');
        return result;
      } catch (error) {
        execute('ROLLBACK');
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
          execute(sql);
          state.prepare('INSERT INTO migration (owner, step) VALUES (?, ?)').run(owner, done + index + 1);
        });
      });
    },
    close: () => {
      if (closed) return;
      closed = true;
      database.close();
    },
  };
  return state;
}

interface DriverStatement {
  run(values: SqlValue[]): { readonly changes: number };
  get(values: SqlValue[]): SqlRow | undefined;
  all(values: SqlValue[]): SqlRow[];
}

/** Values are passed as one array: the driver takes a single Buffer or null for named parameters and ends the process. */
function guardStatement(statement: DriverStatement, assertOpen: () => void): Statement {
  return {
    run: (...values) => {
      assertOpen();
      return statement.run(values);
    },
    get: (...values) => {
      assertOpen();
      const row = statement.get(values);
      // The driver adds its timing to the result of get().
      if (row !== undefined) delete row['_metadata'];
      return row;
    },
    all: (...values) => {
      assertOpen();
      return statement.all(values);
    },
  };
}

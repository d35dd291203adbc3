import Database from 'libsql';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { createPrivate, makePrivate } from './private-file.ts';
import { KeptAnswers } from './kept-answers.ts';
import { damaged, naming } from './sqlite-error.ts';
import { TableWrites } from './table-writes.ts';

type Driver = InstanceType<typeof Database>;

export type SqlValue = string | number | bigint | Buffer | null;
export type SqlRow = Record<string, unknown>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number };
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
}

export interface Query {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): readonly SqlRow[];
}

/** `state.db`: the ledger, alerts and what operators did; survives kill -9 and power loss. */
export interface StateDatabase {
  prepare(sql: string): Statement;
  /**
   * For questions that are asked again and again: the answer is kept until this program writes a table that the question names. Not for tables
   * that other programs write. Its rows are not to be changed.
   */
  prepareKept(sql: string): Query;
  /** One durable transaction; rolled back when `work` throws. Must not be nested. */
  transaction<T>(work: () => T): T;
  /** Runs the steps that this database has not run for `owner` yet, in order. Steps are never edited, only added. Throws a UserError (exit 4) when a newer program ran more steps. */
  migrate(owner: string, steps: readonly string[]): void;
  /** Remembers which version wrote it, for an older program's refusal. Call it once everything is migrated. Always writes, so that a start on a full disk fails at once. */
  recordProgram(version: string): void;
  /** Writes a whole copy of it, as of now, to `file`, which must not exist. Others go on reading and writing meanwhile. */
  copyTo(file: string): void;
  close(): void;
}

/** Throws a UserError (exit 4) when the file is damaged, on a full disk or cannot be opened. `path` may be `:memory:`. SQLite in WAL mode, synchronous=FULL: a commit is on disk when transaction() returns. */
export function openStateDatabase(path: string): StateDatabase {
  return naming(path, () => {
    if (path !== ':memory:') makePrivate(path);
    const database = new Database(path);
    try {
      prepareFile(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteState(database, path);
  });
}

/**
 * Reads the file, which stays as it is, also while a central uses it. `rowsOf` has all rows of a table, in the order in which they were
 * written; none where there is no such table. Throws a UserError (exit 4) when the file cannot be read.
 */
export function readStateFile<T>(path: string, read: (rowsOf: (table: string) => SqlRow[]) => T): T {
  return naming(path, () => {
    const database = new Database(path);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      database.exec('PRAGMA query_only = 1');
      const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
      return read((table) =>
        isThere.all([table]).length === 0
          ? []
          : (database.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all([]) as SqlRow[]),
      );
    } finally {
      database.close();
    }
  });
}

function prepareFile(database: Driver, path: string): void {
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  const found = database.prepare('PRAGMA quick_check(1)').all([]) as readonly { quick_check: string }[];
  const problem = found[0]?.quick_check ?? 'no result';
  if (problem !== 'ok') throw damaged(path, problem.split('\n').at(-1) ?? problem);
  database.exec(
    'CREATE TABLE IF NOT EXISTS migration (owner TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (owner, step))',
  );
  database.exec('CREATE TABLE IF NOT EXISTS program (version TEXT NOT NULL)');
}

class SqliteState implements StateDatabase {
  readonly #database: Driver;
  readonly #path: string;
  readonly #writes = new TableWrites();
  #closed = false;

  constructor(database: Driver, path: string) {
    this.#database = database;
    this.#path = path;
  }

  prepare(sql: string): Statement {
    const statement = this.#named(() => this.#database.prepare(sql) as unknown as DriverStatement);
    const noteWrite = this.#writes.noteFor(sql);
    return {
      run: (...values) => {
        noteWrite();
        return this.#named(() => statement.run(values));
      },
      get: (...values) => {
        noteWrite();
        const row = this.#named(() => statement.get(values));
        // The driver adds its timing to the result of get().
        if (row !== undefined) delete row['_metadata'];
        return row;
      },
      all: (...values) => {
        noteWrite();
        return this.#named(() => statement.all(values));
      },
    };
  }

  prepareKept(sql: string): Query {
    const statement = this.prepare(sql);
    const answers = new KeptAnswers(
      (values: readonly SqlValue[]) => statement.all(...values),
      this.#writes.countOf(sql),
    );
    return {
      get: (...values) => answers.of(values)[0],
      all: (...values) => answers.of(values),
    };
  }

  transaction<T>(work: () => T): T {
    this.#execute('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#execute('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  migrate(owner: string, steps: readonly string[]): void {
    const row = this.prepare('SELECT COALESCE(MAX(step), 0) AS done FROM migration WHERE owner = ?').get(
      owner,
    );
    const done = Number(row?.['done'] ?? 0);
    if (done > steps.length) throw this.#tooNew(owner, done, steps.length);
    steps.slice(done).forEach((sql, index) => {
      this.transaction(() => {
        this.#writes.noteAll();
        this.#execute(sql);
        this.prepare('INSERT INTO migration (owner, step) VALUES (?, ?)').run(owner, done + index + 1);
      });
    });
  }

  recordProgram(version: string): void {
    this.transaction(() => {
      this.#execute('DELETE FROM program');
      this.prepare('INSERT INTO program (version) VALUES (?)').run(version);
    });
  }

  copyTo(file: string): void {
    this.#assertOpen();
    naming(file, () => {
      createPrivate(file);
      this.#database.prepare('VACUUM INTO ?').run([file]);
    });
  }

  close(): void {
    if (this.#closed) return;
    try {
      // The file alone is then whole, for whoever copies it. While another program reads it, this does less.
      this.#execute('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#closed = true;
      this.#database.close();
    }
  }

  /** SQLite has rolled back already after a full disk or an I/O error, and the first error is the one that counts. */
  #rollBack(): void {
    this.#writes.noteAll();
    if (this.#database.inTransaction) this.#execute('ROLLBACK');
  }

  #programVersion(): string | undefined {
    const row = this.prepare('SELECT version FROM program').get();
    return row === undefined ? undefined : String(row['version']);
  }

  #tooNew(owner: string, done: number, known: number): UserError {
    const version = this.#programVersion();
    const writer = version === undefined ? 'a newer wardwatch' : `wardwatch ${version}`;
    return new UserError(EXIT.dataDirectory, [
      `${this.#path}: written by ${writer}: its part "${owner}" is at schema step ${done}, this program knows ${known}; ` +
        'run that version again, or restore a backup made before the upgrade',
    ]);
  }

  #execute(sql: string): void {
    this.#named(() => this.#database.exec(sql));
  }

  #named<T>(work: () => T): T {
    this.#assertOpen();
    return naming(this.#path, work);
  }

  /** The driver ends the whole process when a closed database is used. */
  #assertOpen(): void {
    if (this.#closed) throw new Error('the state database is closed');
  }
}

/** Values are passed as one array: the driver takes a single Buffer or null for named parameters and ends the process. */
interface DriverStatement {
  run(values: SqlValue[]): { readonly changes: number };
  get(values: SqlValue[]): SqlRow | undefined;
  all(values: SqlValue[]): SqlRow[];
}

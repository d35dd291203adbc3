import { z } from 'zod';
import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { EntryChange } from './changes.ts';
import { isKind, schemaOf, type Entry, type EntryOf, type Kind } from './kinds.ts';

/** The entry is what the inventory has of it in memory. */
export interface EntryStanding {
  /** Of the whole inventory, when the entry was last changed. */
  readonly revision: number;
  readonly changedAtMs: number;
  readonly changedBy: string;
}

/** One change of one entry, as it is kept for ever. */
export interface RecordedChange extends EntryChange {
  /** Grows with each. */
  readonly number: number;
  /** All changes of one import have the same. */
  readonly revision: number;
  readonly atMs: number;
  readonly actor: string;
}

export interface ChangeFilter {
  readonly kind?: Kind | undefined;
  readonly id?: string | undefined;
  readonly limit: number;
  /** Only older ones. */
  readonly before?: number | undefined;
}

export interface InventoryRepository {
  /** What was written last. Entries that this program cannot read are left out, each with a line in the log. */
  load(): InventoryFile;
  /** Of the whole inventory: 0 before the first change. */
  revision(): number;
  standingOf(kind: Kind, id: string): EntryStanding | undefined;
  /** Within a transaction of the caller's. */
  write(changes: readonly EntryChange[], standing: EntryStanding): void;
  /** Newest first. */
  changes(filter: ChangeFilter): readonly RecordedChange[];
}

/** Append-only, as the audit log. `before` and `after` are JSON. */
const MIGRATIONS = [
  `CREATE TABLE inventory_entry (
     kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
     changed_at_ms INTEGER NOT NULL, changed_by TEXT NOT NULL, PRIMARY KEY (kind, id)
   ) WITHOUT ROWID;
   CREATE TABLE inventory_change (
     number INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, at_ms INTEGER NOT NULL,
     actor TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT
   );
   CREATE INDEX inventory_change_of_entry ON inventory_change (kind, id, number);
   CREATE TRIGGER inventory_change_no_update BEFORE UPDATE ON inventory_change
     BEGIN SELECT RAISE(ABORT, 'the history of the inventory is append-only'); END;
   CREATE TRIGGER inventory_change_no_delete BEFORE DELETE ON inventory_change
     BEGIN SELECT RAISE(ABORT, 'the history of the inventory is append-only'); END`,
];

/** Of one statement: a statement a row would take longer, one for all would copy an import once more. */
const WRITTEN_AT_ONCE = 5_000;

export function openInventoryRepository(database: StateDatabase, log: Logger): InventoryRepository {
  database.migrate('inventory', MIGRATIONS);
  const insertChanges = database.prepare(
    `INSERT INTO inventory_change (revision, at_ms, actor, kind, id, before, after)
     SELECT ?, ?, ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]') FROM json_each(?)`,
  );
  const writeEntries = database.prepare(
    `INSERT OR REPLACE INTO inventory_entry (kind, id, body, revision, changed_at_ms, changed_by)
     SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[3]'), ?, ?, ?
     FROM json_each(?) WHERE json_extract(value, '$[3]') IS NOT NULL`,
  );
  const deleteEntries = database.prepare(
    `DELETE FROM inventory_entry WHERE (kind, id) IN (
       SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
       FROM json_each(?) WHERE json_extract(value, '$[3]') IS NULL)`,
  );
  const lastChange = database.prepare('SELECT revision FROM inventory_change ORDER BY number DESC LIMIT 1');
  const oneEntry = database.prepare(
    'SELECT revision, changed_at_ms, changed_by FROM inventory_entry WHERE kind = ? AND id = ?',
  );
  return {
    load: () => {
      const rows = database.prepare('SELECT kind, id, body FROM inventory_entry ORDER BY kind, id').all();
      return toLists(rows, log);
    },
    revision: () => Number(lastChange.get()?.['revision'] ?? 0),
    standingOf: (kind, id) => {
      const row = oneEntry.get(kind, id);
      if (row === undefined) return undefined;
      return {
        revision: Number(row['revision']),
        changedAtMs: Number(row['changed_at_ms']),
        changedBy: String(row['changed_by']),
      };
    },
    write: (changes, { revision, changedAtMs, changedBy }) => {
      for (let at = 0; at < changes.length; at += WRITTEN_AT_ONCE) {
        const rows = JSON.stringify(changes.slice(at, at + WRITTEN_AT_ONCE).map(toRow));
        insertChanges.run(revision, changedAtMs, changedBy, rows);
        writeEntries.run(revision, changedAtMs, changedBy, rows);
        deleteEntries.run(rows);
      }
    },
    changes: ({ kind, id, limit, before = Number.MAX_SAFE_INTEGER }) => {
      const wanted = [
        ...(kind === undefined ? [] : [['kind', kind] as const]),
        ...(id === undefined ? [] : [['id', id] as const]),
      ];
      const where = ['number < ?', ...wanted.map(([column]) => `${column} = ?`)].join(' AND ');
      return database
        .prepare(`SELECT * FROM inventory_change WHERE ${where} ORDER BY number DESC LIMIT ?`)
        .all(before, ...wanted.map(([, value]) => value), limit)
        .flatMap(toRecordedChange);
    },
  };
}

/** The bodies as JSON in JSON: SQLite then gives back the same text. */
function toRow({ kind, id, before, after }: EntryChange): (string | null)[] {
  return [kind, id, ...[before, after].map((entry) => (entry === undefined ? null : JSON.stringify(entry)))];
}

function toRecordedChange(row: SqlRow): RecordedChange[] {
  const kind = String(row['kind']);
  if (!isKind(kind)) return [];
  const { before, after } = row;
  return [
    {
      number: Number(row['number']),
      revision: Number(row['revision']),
      atMs: Number(row['at_ms']),
      actor: String(row['actor']),
      kind,
      id: String(row['id']),
      ...(typeof before === 'string' && { before: JSON.parse(before) as Entry }),
      ...(typeof after === 'string' && { after: JSON.parse(after) as Entry }),
    },
  ];
}

/** An entry of another version of the program must not keep central from starting. */
function toLists(rows: readonly SqlRow[], log: Logger): InventoryFile {
  const lists = emptyInventoryFile();
  const add = <K extends Kind>(kind: K, body: string): void => {
    const entries: EntryOf<K>[] = lists[kind];
    entries.push(schemaOf(kind).parse(JSON.parse(body)));
  };
  for (const row of rows) {
    const [kind, id, body] = [String(row['kind']), String(row['id']), String(row['body'])];
    try {
      if (isKind(kind)) add(kind, body);
      else
        log.error(
          { kind, id },
          'an entry of the inventory is of a kind that this version lacks; it is left out',
        );
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      log.error({ kind, id, problem }, 'an entry of the inventory cannot be read; it is left out');
    }
  }
  return lists;
}

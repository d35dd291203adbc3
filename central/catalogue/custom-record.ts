import { z } from 'zod';
import { declarationSchema, type Declaration } from '../../contract/custom/declaration.ts';
import { openStateDatabase, readStateFile, type SqlRow, type StateDatabase } from '../state/database.ts';
import type { Declared } from './declared.ts';
import type { StoredColumns } from './stored-columns.ts';

/** A measurement that was declared once. */
export interface KnownCustom {
  /** The last that was in force. */
  readonly declaration: Declaration;
  readonly columns: StoredColumns;
  /** An agent's config declared it; it stays in the catalogue when that config goes, since agents may still hold rows of it. */
  readonly isPushed: boolean;
}

/** What is kept of declarations in `state.db`. */
export interface CustomRecord {
  /** By name, those changed longest ago first. */
  known(): ReadonlyMap<string, KnownCustom>;
  /** Of the configs that agents are to run. */
  byAgent(): ReadonlyMap<string, readonly Declaration[]>;
  /** What files declared when they were last found good. Undefined: there were none. */
  ofFiles(): readonly Declared[] | undefined;
  /** In one transaction; durable when it returns. */
  save(changed: readonly KnownCustom[], by?: Declarer): void;
}

/** All that an agent's config declares now, or files of central: `undefined`, where there are none any more. */
export type Declarer =
  | { readonly agent: string; readonly declarations: readonly Declaration[] }
  | { readonly files: readonly Declared[] | undefined };

const MIGRATIONS = [
  `CREATE TABLE custom_measurement (
     name TEXT PRIMARY KEY, declaration TEXT NOT NULL, columns TEXT NOT NULL, is_pushed INTEGER NOT NULL
   );
   CREATE TABLE custom_of_agent (agent TEXT NOT NULL, declaration TEXT NOT NULL)`,
  'CREATE TABLE custom_of_files (declared TEXT NOT NULL)',
];
const declaredSchema = z.array(z.object({ declaration: declarationSchema, source: z.string() }));
const columnsSchema = z.record(z.string(), z.enum(['tag', 'float', 'int', 'bool', 'string']));

export function openCustomRecord(database: StateDatabase): CustomRecord {
  database.migrate('custom-measurements', MIGRATIONS);
  const all = database.prepare('SELECT * FROM custom_measurement ORDER BY rowid');
  const ofAgents = database.prepare('SELECT * FROM custom_of_agent ORDER BY rowid');
  // A row that is replaced is the newest then.
  const put = database.prepare(
    'INSERT OR REPLACE INTO custom_measurement (name, declaration, columns, is_pushed) VALUES (?, ?, ?, ?)',
  );
  const forget = database.prepare('DELETE FROM custom_of_agent WHERE agent = ?');
  const add = database.prepare('INSERT INTO custom_of_agent (agent, declaration) VALUES (?, ?)');
  const ofFiles = database.prepare('SELECT declared FROM custom_of_files');
  const forgetFiles = database.prepare('DELETE FROM custom_of_files');
  const addFiles = database.prepare('INSERT INTO custom_of_files (declared) VALUES (?)');
  return {
    known: () => new Map(all.all().map((row) => [String(row['name']), knownOf(row)])),
    byAgent: () => byAgentOf(ofAgents.all()),
    ofFiles: () => filesOf(ofFiles.all()),
    save: (changed, by) => {
      database.transaction(() => {
        for (const { declaration, columns, isPushed } of changed)
          put.run(
            declaration.measurement,
            JSON.stringify(declaration),
            JSON.stringify(columns),
            Number(isPushed),
          );
        if (by === undefined) return;
        if ('agent' in by) {
          forget.run(by.agent);
          for (const declaration of by.declarations) add.run(by.agent, JSON.stringify(declaration));
          return;
        }
        forgetFiles.run();
        if (by.files !== undefined) addFiles.run(JSON.stringify(by.files));
      });
    },
  };
}

/** A copy in memory of what a `state.db` keeps of declarations, to try something on; the file stays as it is. Throws a UserError (exit 4). */
export function copyCustomRecord(path: string): StateDatabase {
  const copy = openStateDatabase(':memory:');
  const record = openCustomRecord(copy);
  readStateFile(path, (rowsOf) => {
    record.save(rowsOf('custom_measurement').map(knownOf));
    for (const [agent, declarations] of byAgentOf(rowsOf('custom_of_agent')))
      record.save([], { agent, declarations });
    record.save([], { files: filesOf(rowsOf('custom_of_files')) });
  });
  return copy;
}

function byAgentOf(rows: readonly SqlRow[]): ReadonlyMap<string, readonly Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const row of rows) {
    const agent = String(row['agent']);
    found.set(agent, [...(found.get(agent) ?? []), declarationOf(row)]);
  }
  return found;
}

function filesOf([row]: readonly SqlRow[]): readonly Declared[] | undefined {
  return row && declaredSchema.parse(JSON.parse(String(row['declared'])));
}

function knownOf(row: SqlRow): KnownCustom {
  return {
    declaration: declarationOf(row),
    columns: columnsSchema.parse(JSON.parse(String(row['columns']))),
    isPushed: Number(row['is_pushed']) === 1,
  };
}

function declarationOf(row: SqlRow): Declaration {
  return declarationSchema.parse(JSON.parse(String(row['declaration'])));
}

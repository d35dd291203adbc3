import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../runtime/errors.ts';
import { openStateDatabase, type StateDatabase } from './database.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-state-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function unusable(...parts: readonly string[]): unknown {
  return expect.objectContaining({
    exitCode: EXIT.dataDirectory,
    problems: [expect.stringMatching(new RegExp(parts.join('.*'))) as string],
  });
}

/** With 2,000 notes on many pages. */
function openNotes(file: string): StateDatabase {
  const database = openStateDatabase(file);
  database.migrate('test', ['CREATE TABLE note (text TEXT)']);
  database.transaction(() => {
    const insert = database.prepare('INSERT INTO note VALUES (?)');
    for (let index = 0; index < 2_000; index++) insert.run(`note ${index} `.repeat(20));
  });
  return database;
}

function overwrite(file: string, position: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

function modesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8));
}

describe('the state database', () => {
  it.each([
    [
      'other content',
      (file: string) => writeFileSync(file, 'this is no database, but longer than a header. '.repeat(100)),
      'no SQLite database',
    ],
    ['a damaged page', (file: string) => overwrite(file, 40_960, Buffer.alloc(20_480, 0x5a)), 'damaged'],
    ['its second half missing', (file: string) => truncateSync(file, 40_960), 'damaged'],
  ])(
    'with %s is refused by name, with the exit code of a data directory that is not usable',
    (_, harm, reason) => {
      const file = join(directory, 'state.db');
      openNotes(file).close();
      harm(file);
      expect(() => openStateDatabase(file)).toThrow(unusable(file, reason));
    },
  );

  it('in a place where no file can be made is refused by name', () => {
    const file = join(directory, 'missing', 'state.db');
    expect(() => openStateDatabase(file)).toThrow(unusable(file, 'ENOENT'));
  });

  it('says that it is full when it is, not that it cannot roll back, and goes on once there is space', () => {
    const database = openNotes(join(directory, 'state.db'));
    const insert = database.prepare('INSERT INTO note VALUES (?)');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.prepare(`PRAGMA max_page_count = ${pages}`).get();
    const fill = (): void =>
      database.transaction(() => {
        for (let index = 0; index < 100; index++) insert.run('x'.repeat(4_000));
      });
    expect(fill).toThrow(unusable('state.db', 'full'));
    database.prepare('PRAGMA max_page_count = 100000').get();
    fill();
    expect(database.prepare('SELECT count(*) AS notes FROM note').get()).toEqual({ notes: 2_100 });
    database.close();
  });

  it('written by a newer program is refused, and the refusal names the version', () => {
    const file = join(directory, 'state.db');
    const newer = openStateDatabase(file);
    newer.migrate('test', ['CREATE TABLE a (x INTEGER)', 'ALTER TABLE a ADD COLUMN y INTEGER']);
    newer.recordProgram('0.9.0');
    newer.close();
    const older = openStateDatabase(file);
    const steps = ['CREATE TABLE a (x INTEGER)'];
    const reason = unusable(
      file,
      'wardwatch 0\\.9\\.0',
      'schema step 2',
      'knows 1',
      'run that version again',
    );
    expect(() => older.migrate('test', steps)).toThrow(reason);
    older.prepare('DELETE FROM program').run();
    expect(() => older.migrate('test', steps)).toThrow(unusable(file, 'a newer wardwatch'));
    older.close();
  });

  it('is readable by its user alone, also its log, and one of an earlier version becomes so', () => {
    const umask = process.umask(0);
    try {
      const file = join(directory, 'state.db');
      const database = openNotes(file);
      expect(modesIn(directory)).toEqual(['600', '600', '600']);
      for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644);
      openStateDatabase(file).close();
      expect(modesIn(directory)).toEqual(['600', '600', '600']);
      database.copyTo(join(directory, 'copy.db'));
      expect(modesIn(directory)).toEqual(['600', '600', '600', '600']);
      database.close();
    } finally {
      process.umask(umask);
    }
  });

  it('is whole in its one file after it was closed', () => {
    const file = join(directory, 'state.db');
    openNotes(file).close();
    const alone = join(directory, 'alone.db');
    copyFileSync(file, alone);
    const copy = openStateDatabase(alone);
    expect(copy.prepare('SELECT count(*) AS notes FROM note').get()).toEqual({ notes: 2_000 });
    copy.close();
  });

  it('is copied while another connection writes, as it was at that moment', () => {
    const database = openNotes(join(directory, 'state.db'));
    const other = openStateDatabase(join(directory, 'state.db'));
    const file = join(directory, 'copy.db');
    database.copyTo(file);
    other.prepare('DELETE FROM note').run();
    const copy = openStateDatabase(file);
    expect(copy.prepare('SELECT count(*) AS notes FROM note').get()).toEqual({ notes: 2_000 });
    expect(() => database.copyTo(file)).toThrow(unusable('EEXIST'));
    for (const open of [database, other, copy]) open.close();
  });

  it('keeps what was committed and drops what was rolled back', () => {
    const file = join(directory, 'state.db');
    const first = openStateDatabase(file);
    first.migrate('test', ['CREATE TABLE note (text TEXT)']);
    first.transaction(() => first.prepare('INSERT INTO note VALUES (?)').run('kept'));
    const failing = (): void =>
      first.transaction(() => {
        first.prepare('INSERT INTO note VALUES (?)').run('dropped');
        throw new Error('rolled back');
      });
    expect(failing).toThrow('rolled back');
    first.close();
    const second = openStateDatabase(file);
    expect(second.prepare('SELECT text FROM note').all()).toEqual([{ text: 'kept' }]);
    second.close();
  });

  it('runs each migration step once, also when steps are added later', () => {
    const database = openStateDatabase(':memory:');
    const steps = ['CREATE TABLE a (x INTEGER)'];
    database.migrate('test', steps);
    database.migrate('test', [...steps, 'ALTER TABLE a ADD COLUMN y INTEGER']);
    database.migrate('test', [...steps, 'ALTER TABLE a ADD COLUMN y INTEGER']);
    database.prepare('INSERT INTO a VALUES (?, ?)').run(1, 2);
    expect(database.prepare('SELECT * FROM a').get()).toEqual({ x: 1, y: 2 });
    database.close();
  });

  it('takes a single Buffer or null as a value', () => {
    const database = openStateDatabase(':memory:');
    expect(database.prepare('SELECT length(?) AS bytes').get(Buffer.from('abc'))).toEqual({ bytes: 3 });
    expect(database.prepare('SELECT ? IS NULL AS missing').get(null)).toEqual({ missing: 1 });
    database.close();
  });

  it('throws when it is used after it was closed, and may be closed twice', () => {
    const database = openStateDatabase(':memory:');
    const statement = database.prepare('SELECT 1');
    database.close();
    database.close();
    expect(() => statement.get()).toThrow('closed');
    expect(() => database.prepare('SELECT 1')).toThrow('closed');
  });
});

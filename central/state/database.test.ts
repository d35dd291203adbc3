import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../runtime/errors.ts';
import { openStateDatabase } from './database.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-state-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the state database', () => {
  it('of a damaged file is refused by name, with the exit code of a data directory that is not usable', () => {
    const file = join(directory, 'state.db');
    writeFileSync(file, 'this is no database, but long enough to have a header of one. '.repeat(100));
    expect(() => openStateDatabase(file)).toThrow(
      expect.objectContaining({
        exitCode: EXIT.dataDirectory,
        message: expect.stringContaining(file) as string,
      }),
    );
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

import Database from 'libsql';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';

export interface DataDirectoryLock {
  release(): void;
}

const LOCK_FILE = 'central.lock';
/** Who holds it, for the error of a second central only: the kernel's lock decides. */
const HOLDER_FILE = 'lock';

/**
 * Creates the directory if it is missing and locks it for this process. The kernel holds the lock (of SQLite, on an empty
 * file), so that it counts for other containers on the same volume too, and ends with the process. Throws a UserError
 * (exit 4) when the directory cannot be written or another process holds the lock.
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  const holderFile = join(directory, HOLDER_FILE);
  const mine = `${process.pid} ${hostname()}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const held = holdExclusively(join(directory, LOCK_FILE));
    writeHolder(holderFile, mine);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        // Before the lock ends: afterwards the file may be another's already.
        rmSync(holderFile, { force: true });
        held.close();
      },
    };
  } catch (error) {
    const problem =
      codeOf(error) === 'SQLITE_BUSY'
        ? `already in use by ${readHolder(holderFile)}`
        : `cannot be written: ${messageOf(error)}`;
    throw new UserError(EXIT.dataDirectory, [`${directory}: ${problem}`], error);
  }
}

function holdExclusively(file: string): { close(): void } {
  const database = new Database(file);
  try {
    // Nothing is ever written, also not on a full disk.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function writeHolder(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    // On a full disk the state database says so better.
    if (codeOf(error) !== 'ENOSPC') throw error;
  }
}

function readHolder(file: string): string {
  try {
    const [pid = '', host = ''] = readFileSync(file, 'utf8').trim().split(' ');
    if (/^\d+$/.test(pid)) return `process ${pid}${host === hostname() || host === '' ? '' : ` on ${host}`}`;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return 'another process';
}

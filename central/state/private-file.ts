import { chmodSync, closeSync, openSync } from 'node:fs';
import { codeOf } from '../../runtime/errors.ts';

/** Hashes of tokens and passwords are in these files: nobody but central's user reads them, whatever the umask. */
const PRIVATE_MODE = 0o600;

/** Creates the database file if it is missing; SQLite gives the mode of this file to the -wal and -shm beside it. */
export function makePrivate(path: string): void {
  try {
    // Not opened if it exists: closing it would drop the locks that SQLite holds on it in this process (POSIX).
    createPrivate(path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      chmodSync(file, PRIVATE_MODE);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

/** An empty file. Throws when it exists. */
export function createPrivate(path: string): void {
  closeSync(openSync(path, 'wx', PRIVATE_MODE));
}

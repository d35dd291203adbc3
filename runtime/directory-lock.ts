import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from './errors.ts';
import { makeDirectory } from './make-directory.ts';

export interface DirectoryLock {
  release(): void;
}

/** Holds the lock; its text is the holder, for the error of a second process only. */
const LOCK_FILE = 'lock';
const MAX_HOLDER_BYTES = 320;
const MAX_TRIES = 16;

/**
 * Creates the directory if it is missing and locks it for this process. The kernel holds the lock (flock(2)): it counts for
 * other containers on the same volume, and ends with the process, however that ends. Throws a UserError (exit 4) that names
 * the directory when it cannot be written or locked, and where another process holds it, that process. `write`: for a disk
 * that refuses.
 */
export function lockDirectory(directory: string, write: typeof writeSync = writeSync): DirectoryLock {
  const file = join(directory, LOCK_FILE);
  try {
    makeDirectory(directory, 0o750);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o640);
      if (takeLock(descriptor, directory, file, write)) return { release: releaseOnce(descriptor, file) };
      // Its holder removed the file when it was done: the lock that counts is on the next one.
    }
    throw lockError(directory, 'other processes keep locking it');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(EXIT.dataDirectory, [`${directory}: cannot be written: ${messageOf(error)}`], error);
  }
}

/** Closes the file when it returns false or throws. */
function takeLock(descriptor: number, directory: string, file: string, write: typeof writeSync): boolean {
  let isTaken = false;
  try {
    if (!tryLock(descriptor, directory))
      throw new UserError(EXIT.dataDirectory, [`${directory}: already in use by ${readHolder(descriptor)}`]);
    if (!isAt(descriptor, file)) return false;
    writeHolder(descriptor, write);
    isTaken = true;
    return true;
  } finally {
    if (!isTaken) closeSync(descriptor);
  }
}

function lockError(directory: string, why: string): UserError {
  return new UserError(EXIT.dataDirectory, [`${directory}: cannot be locked: ${why}`]);
}

function releaseOnce(descriptor: number, file: string): () => void {
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    try {
      // Before the lock ends: afterwards the file may be another's, as it is where somebody removed this one meanwhile.
      if (isAt(descriptor, file)) rmSync(file, { force: true });
    } finally {
      closeSync(descriptor);
    }
  };
}

/** The child's descriptor in `stdio`. */
const CHILD_DESCRIPTOR = '3';
const HELD_BY_ANOTHER = 1;
const TIMEOUT_MS = 10_000;

/**
 * Node cannot lock files. The program `flock` locks the open file that it is given, and not itself: the lock stays with this
 * process, as in a shell's `exec 9>lock; flock 9`.
 */
function tryLock(descriptor: number, directory: string): boolean {
  const { status, error, stderr } = spawnSync('flock', ['-x', '-n', CHILD_DESCRIPTOR], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (codeOf(error) === 'ENOENT')
    throw lockError(directory, 'the program flock is missing (package util-linux)');
  if (error !== undefined) throw lockError(directory, messageOf(error));
  if (status === 0) return true;
  if (status === HELD_BY_ANOTHER) return false;
  throw lockError(directory, stderr.trim() || `flock ended with ${status ?? 'a signal'}`);
}

/** Whether the open file is the one at this path. */
function isAt(descriptor: number, file: string): boolean {
  const there = statSync(file, { throwIfNoEntry: false });
  const { dev, ino } = fstatSync(descriptor);
  return there?.ino === ino && there.dev === dev;
}

function writeHolder(descriptor: number, write: typeof writeSync): void {
  try {
    ftruncateSync(descriptor);
    write(descriptor, `${process.pid} ${hostname()}`, 0);
  } catch (error) {
    // The lock holds without it, and whoever needs space says so better.
    if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) throw error;
  }
}

function readHolder(descriptor: number): string {
  const buffer = Buffer.alloc(MAX_HOLDER_BYTES);
  const text = buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  const [, pid, host = ''] = /^(\d+) ([\w.-]*)$/.exec(text) ?? [];
  if (pid === undefined) return 'another process';
  return `process ${pid}${host === hostname() || host === '' ? '' : ` on ${host}`}`;
}

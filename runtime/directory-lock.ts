import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from './errors.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Creates the directory if it is missing and locks it for this process. A lock of a dead process (kill -9, power cut) is
 * taken over. Throws a UserError (exit 4) when the directory is not writable or a running process holds the lock.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const file = join(directory, 'lock');
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryCreate(file, mine)) return { release: () => releaseOwn(file, mine) };
      const holder = readHolder(file);
      if (holder !== undefined && isAlive(holder)) {
        throw new UserError(EXIT.dataDirectory, [`${directory}: already in use by process ${holder.pid}`]);
      }
      rmSync(file, { force: true });
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(EXIT.dataDirectory, [`${directory}: cannot be written: ${messageOf(error)}`], error);
  }
  throw new UserError(EXIT.dataDirectory, [`${directory}: another process is locking it`]);
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

function tryCreate(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o640 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function releaseOwn(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid, start = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: Number(pid), start };
  } catch {
    return undefined;
  }
}

/** Checks the process id and, where /proc exists, the start time, because ids are reused. */
function isAlive(holder: Holder): boolean {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const start = startOf(holder.pid);
  return start === undefined || holder.start === '' || start === holder.start;
}

/** Field 22 of /proc/pid/stat: start time in clock ticks since boot; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

import { rmSync } from 'node:fs';
import { codeOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { StoreDamage } from '../sample-store.ts';
import { damagedAtByte, isDamage } from './damage.ts';
import type { DatabaseFiles } from './database-files.ts';
import { readableLength } from './readable-length.ts';
import { firstLine } from './session.ts';

export interface RepairDeps<T> {
  readonly files: DatabaseFiles;
  /** Opens the database for good. */
  readonly open: () => Promise<T>;
  /** Opens the database at this path for reading, and closes it. */
  readonly tryOpen: (path: string) => Promise<void>;
  readonly log: Logger;
}

export interface Repaired<T> {
  readonly opened: T;
  readonly damage: readonly StoreDamage[];
  /** The log as it was before it was opened: to be deleted when nothing turns out to be missing. */
  readonly logBefore: string | undefined;
}

/**
 * Opens a database whatever its files hold. A log is kept up to its first damaged entry; one that fits no database, or a database that
 * cannot be read, is put aside whole. Nothing is deleted. Rejects for every reason that is not in the content: a full disk, rights, a lock.
 */
export async function openRepaired<T>(deps: RepairDeps<T>): Promise<Repaired<T>> {
  const { files, open, log } = deps;
  const logBefore = copyLog(files, log);
  try {
    return { opened: await open(), damage: [], logBefore };
  } catch (error) {
    if (logBefore !== undefined) rmSync(logBefore);
    if (!isDamage(error)) throw error;
    return { ...(await repair(deps, error)), logBefore: undefined };
  }
}

async function repair<T>(
  deps: RepairDeps<T>,
  error: unknown,
): Promise<{ readonly opened: T; readonly damage: readonly StoreDamage[] }> {
  const { files, open } = deps;
  const damage: StoreDamage[] = [];
  let last = error;
  const keptLog = await cutLog(deps, error);
  if (keptLog !== undefined) {
    damage.push({ file: files.log, problem: firstLine(error), keptAs: keptLog });
    try {
      return { opened: await open(), damage };
    } catch (next) {
      if (!isDamage(next)) throw next;
      last = next;
    }
  }
  damage.push({ file: files.main, problem: firstLine(last), keptAs: files.replaceAll() });
  return { opened: await open(), damage };
}

/** Leaves the log as far as it can be read, and resolves with where the whole of it is; undefined: the log is not to blame. */
function cutLog<T>({ files, tryOpen }: RepairDeps<T>, error: unknown): Promise<string | undefined> {
  const size = files.logBytes;
  if (size === 0) return Promise.resolve(undefined);
  return files.onTrial(async (path, setLog) => {
    const opensWith = (bytes: number): Promise<boolean> => {
      setLog(bytes);
      return opens(() => tryOpen(path));
    };
    if (!(await opensWith(0)) || (await opensWith(size))) return undefined;
    const length = await readableLength(size, damagedAtByte(error), opensWith);
    return files.replaceLog(length === 0 ? undefined : setLog(length));
  });
}

/** False: its content is damaged. */
async function opens(tryOpen: () => Promise<void>): Promise<boolean> {
  try {
    await tryOpen();
    return true;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  }
}

function copyLog(files: DatabaseFiles, log: Logger): string | undefined {
  try {
    return files.copyLog();
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error;
    log.warn({ err: error, log: files.log }, 'no space to keep the log of the store as it was found');
    return undefined;
  }
}

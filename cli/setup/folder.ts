import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import type { SetupUse } from './choice.ts';
import { BEGUN, layoutOf, MANIFEST } from './layout.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import type { Accounts } from './owners.ts';

/** Of a directory that is locked, or was by a setup that was killed. */
const LOCK = 'lock';
/** Enough to see what is there. */
const MAX_NAMES = 10;

/** What setup made here; undefined: nothing is there yet. Throws a UserError (exit 4) for what it did not make, or not wholly. */
export function readFolder(directory: string): Manifest | undefined {
  const names = namesIn(directory);
  if (names.length === 0) return undefined;
  if (names.includes(MANIFEST)) {
    const file = join(directory, MANIFEST);
    return parseManifest(file, readFileSync(file, 'utf8'));
  }
  const own = new Set(
    (['systemd', 'compose'] as const).flatMap((use) =>
      layoutOf({ use, agents: [], demoUnits: 1 }).map(({ path }) => path.split('/')[0]),
    ),
  );
  // Somebody's own files may have the same names.
  const begun = names.includes(BEGUN) ? names.filter((name) => name === BEGUN || own.has(name)) : [];
  throw new UserError(EXIT.dataDirectory, [
    begun.length > 0
      ? `${directory}: a setup that was cut off left ${list(begun)} without ${MANIFEST}: delete them and run setup again`
      : `${directory}: expected a new or an empty directory, or one that setup made; it has ${list(names)}, which setup did not make: choose another directory`,
  ]);
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name !== LOCK)
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    const reason = codeOf(error) === 'ENOTDIR' ? 'is not a directory' : `cannot be read: ${messageOf(error)}`;
    throw new UserError(EXIT.dataDirectory, [`${directory}: ${reason}`], error);
  }
}

/** Only one setup at a time changes a folder: another one is refused (exit 4) until the work is done. The directory is there. */
export async function whileLocked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const lock = lockDirectory(directory);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Throws a UserError (exit 4) where it cannot be made. */
export function makeFolder(directory: string, use: SetupUse): void {
  try {
    // Containers get single files and folders of it: nobody else has to enter.
    makeDirectory(directory, use === 'compose' ? 0o750 : 0o755);
  } catch (error) {
    throw cannotBeWritten(directory, error);
  }
}

/** In a folder that is there, empty and locked. Throws a UserError (exit 4) where it cannot be written. */
export function beginFolder(directory: string): void {
  try {
    // Told before certificates are made, not after.
    writeFileSync(join(directory, BEGUN), '', { flag: 'wx', flush: true });
    mkdirSync(join(directory, 'secrets'), { mode: 0o700 });
  } catch (error) {
    throw cannotBeWritten(directory, error);
  }
}

const cannotBeWritten = (directory: string, error: unknown): UserError =>
  new UserError(EXIT.dataDirectory, [`${directory}: cannot be written: ${messageOf(error)}`], error);

/** For a new folder: files for containers belong to whoever the folder belongs to, those of a machine to whoever runs setup. */
export function accountsFor(use: SetupUse, directory: string): Accounts {
  const caller = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return accountsOf(use === 'compose' ? statSync(directory) : caller);
}

/** For a folder that was made, whoever looks at it now. */
export function accountsOfMaker(directory: string): Accounts {
  return accountsOf(statSync(join(directory, MANIFEST)));
}

function accountsOf({ uid, gid }: Pick<Accounts, 'uid' | 'gid'>): Accounts {
  return { uid, gid, passwd: textOf('/etc/passwd'), group: textOf('/etc/group') };
}

/** Empty where there is none, as in the smallest images. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

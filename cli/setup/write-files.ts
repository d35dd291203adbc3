import { chmodSync, chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import type { Contents } from './contents.ts';
import type { LayoutEntry } from './layout.ts';
import type { Rights } from './owners.ts';

/**
 * Makes the entries that are not there, in their order, each with its rights from the first byte on. Nothing is overwritten: a file
 * that exists is an error (exit 4), and what this call made is taken away again. Returns the paths that it made.
 */
export function makeEntries(
  directory: string,
  layout: readonly LayoutEntry[],
  contents: Contents,
  rightsOf: (entry: LayoutEntry) => Rights,
): readonly string[] {
  const made: string[] = [];
  try {
    for (const entry of layout)
      if (makeEntry(directory, entry, contents, rightsOf(entry))) made.push(entry.path);
    return made;
  } catch (error) {
    for (const path of made.reverse()) rmSync(join(directory, path), { recursive: true, force: true });
    throw error;
  }
}

/** False: it is a directory that is there already. */
function makeEntry(directory: string, entry: LayoutEntry, contents: Contents, rights: Rights): boolean {
  const path = join(directory, entry.path);
  try {
    if (entry.path.endsWith('/')) {
      if (makeDirectory(path, 0o700) === undefined) {
        giveRights(path, rights);
        return false;
      }
    } else {
      const text = contents[entry.path];
      if (text === undefined) throw new Error('setup has nothing to write there');
      writeFileSync(path, text, { flag: 'wx', mode: 0o600, flush: true });
    }
    giveRights(path, rights);
    return true;
  } catch (error) {
    const reason =
      codeOf(error) === 'EEXIST' ? 'exists already, and nothing is overwritten' : messageOf(error);
    throw new UserError(EXIT.dataDirectory, [`${path}: ${reason}`], error);
  }
}

/** Replaces one file as a whole: whoever reads it sees the old text or the new one. */
export function replaceFile(path: string, text: string, rights: Rights): void {
  const draft = `${path}.new`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true });
    giveRights(draft, rights);
    renameSync(draft, path);
  } catch (error) {
    throw new UserError(EXIT.dataDirectory, [`${path}: ${messageOf(error)}`], error);
  }
}

function giveRights(path: string, { mode, uid, gid }: Rights): void {
  chownSync(path, uid, gid);
  chmodSync(path, mode);
}

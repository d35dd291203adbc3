import { closeSync, constants, cpSync, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../runtime/make-directory.ts';

/** Copies `name` (a file or a folder) if it is there. Shares the blocks on file systems that can. */
export function copyInto(from: string, to: string, name: string): void {
  const source = join(from, name);
  if (!existsSync(source)) return;
  const target = join(to, name);
  makeDirectory(dirname(target), 0o700);
  cpSync(source, target, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Everything in `directory`, and its entries, is on disk when it returns. */
export function flushFiles(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) flush(join(entry.parentPath, entry.name));
  flush(directory);
}

/** Of a directory: its entries. Not for a locked file: closing it ends this process's locks on it (POSIX). */
export function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

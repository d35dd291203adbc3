import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './errors.ts';

/**
 * Makes the directory and those above it that are missing; returns the uppermost that it made. Node's own recursive mkdir
 * tries for ever where the system answers ENOENT inside an existing directory, as below /proc (before Node 26).
 */
export function makeDirectory(directory: string, mode: number): string | undefined {
  return make(resolve(directory), mode);
}

function make(directory: string, mode: number): string | undefined {
  try {
    mkdirSync(directory, { mode });
    return directory;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(directory).isDirectory()) return undefined;
    const parent = dirname(directory);
    if (codeOf(error) !== 'ENOENT' || parent === directory) throw error;
    if (existsSync(parent)) {
      throw new Error(`${directory} cannot be made: ${parent} takes no new directories`, { cause: error });
    }
    const uppermost = make(parent, mode);
    mkdirSync(directory, { mode });
    return uppermost ?? directory;
  }
}

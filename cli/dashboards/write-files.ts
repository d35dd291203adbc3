import { readdirSync, readFileSync, renameSync, writeFileSync, type Dirent } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import type { BuiltFile } from '../../dashboards/build.ts';

/** Grafana has a user of its own, which reads them. */
const DIRECTORY_MODE = 0o777;
/** Enough to see whose folder it is. */
const MAX_NAMED = 5;

export interface Written {
  readonly written: number;
  readonly unchanged: number;
}

/**
 * Makes the directory hold these files. Throws a UserError (exit 2), having written nothing, where anything else is in it: Grafana would
 * show it, or it is somebody's folder. A file changes at once and only where its text does, as Grafana may be reading.
 */
export function writeFiles(directory: string, files: readonly BuiltFile[]): Written {
  refuseForeign(directory, files);
  let written = 0;
  for (const { path, text } of files) {
    const file = join(directory, path);
    if (textOf(file) === text) continue;
    try {
      makeDirectory(dirname(file), DIRECTORY_MODE);
      writeFileSync(`${file}.tmp`, text);
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      throw new UserError(EXIT.failure, [`${file}: cannot be written: ${messageOf(error)}`], error);
    }
    written++;
  }
  return { written, unchanged: files.length - written };
}

function refuseForeign(directory: string, files: readonly BuiltFile[]): void {
  // One that was cut off while writing left its `.tmp`.
  const own = new Set(files.flatMap(({ path }) => [path, `${path}.tmp`]));
  const foreign = filesIn(directory)
    .filter((path) => !own.has(path))
    .sort();
  if (foreign.length === 0) return;
  const named = foreign.slice(0, MAX_NAMED).join(', ');
  const more = foreign.length > MAX_NAMED ? ` and ${foreign.length - MAX_NAMED} more` : '';
  throw new UserError(EXIT.badConfig, [
    `${directory}: expected nothing but dashboards of this version, found ${named}${more}; remove them or name another directory`,
  ]);
}

function filesIn(directory: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UserError(EXIT.failure, [`${directory}: cannot be read: ${messageOf(error)}`], error);
  }
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

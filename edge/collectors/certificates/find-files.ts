import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../runtime/errors.ts';
import { namePattern } from '../name-pattern.ts';

export const MAX_FILES = 256;
const MAX_ENTRIES = 10_000;
// Patterns of several stars would read the whole machine.
export const MAX_DIRECTORIES = 1_000;

export interface FoundFiles {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Expands absolute paths with `*` and `?` within a part of the path; hidden names match only a pattern that begins with a
 * dot. A path without a pattern is returned as it is, whether it exists or not.
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>();
  const search: Search = { problems: [], directoriesLeft: MAX_DIRECTORIES };
  const { problems } = search;
  for (const path of paths) {
    const parts = path.split('/').filter((part) => part !== '');
    for (const file of await expand('/', parts, search)) files.add(file);
  }
  if (search.directoriesLeft < 0)
    problems.push(`more than ${MAX_DIRECTORIES} directories to search, the rest is left out: give fewer *`);
  if (files.size > MAX_FILES) problems.push(`more than ${MAX_FILES} files, only ${MAX_FILES} are read`);
  return { files: [...files].slice(0, MAX_FILES), problems };
}

interface Search {
  readonly problems: string[];
  /** Below zero: there were more. */
  directoriesLeft: number;
}

async function expand(base: string, parts: readonly string[], search: Search): Promise<string[]> {
  const at = parts.findIndex((part) => /[*?]/.test(part));
  if (at < 0) return [join(base, ...parts)];
  const directory = join(base, ...parts.slice(0, at));
  const matches = namePattern(parts[at] ?? '');
  const isHidden = parts[at]?.startsWith('.') !== true;
  if (--search.directoriesLeft < 0) return [];
  const names = (await list(directory, search.problems)).filter(
    (name) => matches(name) && !(isHidden && name.startsWith('.')),
  );
  const rest = parts.slice(at + 1);
  const found: string[] = [];
  for (const name of names.sort()) {
    if (found.length > MAX_FILES || search.directoriesLeft < 0) break;
    found.push(...(await expand(join(directory, name), rest, search)));
  }
  return found;
}

/** A missing directory is no problem, an unreadable one is. */
async function list(directory: string, problems: string[]): Promise<string[]> {
  try {
    const names = await readdir(directory);
    if (names.length > MAX_ENTRIES) problems.push(`${directory} has more than ${MAX_ENTRIES} entries`);
    return names.slice(0, MAX_ENTRIES);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(messageOf(error));
    return [];
  }
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfigText, readConfigText } from '../../../../runtime/config.ts';
import { EXIT, UserError } from '../../../../runtime/errors.ts';
import { assembleLibrary, problemsIn, type Candidate } from './assemble-library.ts';
import { checkProfile } from './check-profile.ts';
import type { ListedProfile, ProfileLibrary } from './library.ts';
import type { Profile } from './profile-schema.ts';

export const MAX_FILES = 256;
export const TOO_MANY_FILES = `more than ${MAX_FILES} files of profiles, the rest is left out`;
/** Ten times the largest that is shipped. */
const MAX_FILE_BYTES = 64 * 1024;

export interface LoadedProfiles {
  readonly library: ProfileLibrary;
  /** Why files are left out; the others are used. */
  readonly problems: readonly string[];
}

/** Throws a UserError (exit 2) when it cannot be read or is too large. */
export function readProfileText(file: string): string {
  return readConfigText(file, MAX_FILE_BYTES);
}

/** Reads and checks one file. Throws a UserError (exit 2) with its problems. */
export function readProfileFile(file: string): Profile {
  return checkProfile(file, parseConfigText(file, readProfileText(file)));
}

/** `*.yaml` and `*.yml`, in the order of their names; hidden ones are left out. */
export function profileFilesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** As an agent with all of them would have them. A file with problems is left out alone. */
export function readProfileFiles(
  files: readonly string[],
  shipped: readonly ListedProfile[],
): LoadedProfiles {
  const problems: string[] = files.length > MAX_FILES ? [TOO_MANY_FILES] : [];
  const candidates: Candidate[] = [];
  for (const file of files.slice(0, MAX_FILES)) {
    const found = problemsIn(() => candidates.push({ file, profile: readProfileFile(file) }));
    problems.push(...found);
  }
  const assembled = assembleLibrary(candidates, shipped);
  return { library: assembled.library, problems: [...problems, ...assembled.problems] };
}

/** Throws a UserError (exit 2) with the problems, if there are any. */
export function withoutProblems({ library, problems }: LoadedProfiles): ProfileLibrary {
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return library;
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigText, parseConfigText } from '../../../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../../../runtime/errors.ts';
import { checkProfile } from './check-profile.ts';
import { listed, ProfileLibrary, type ListedProfile } from './library.ts';
import type { Profile } from './profile-schema.ts';
import { shippedProfiles } from './shipped.ts';

const MAX_FILES = 256;
const MAX_FILE_BYTES = 256 * 1024;

export interface LoadedProfiles {
  readonly library: ProfileLibrary;
  /** Why files are left out; the others are used. */
  readonly problems: readonly string[];
}

/** The profiles of operators in a directory, read again when a file of it changes. */
export class ProfileFiles {
  readonly #directory: string | undefined;
  readonly #shipped = shippedProfiles();
  #standing: string | undefined;
  #loaded: LoadedProfiles;

  /** `directory`: undefined for the shipped ones alone. */
  constructor(directory: string | undefined) {
    this.#directory = directory;
    this.#loaded = { library: new ProfileLibrary(this.#shipped), problems: [] };
  }

  /** As the directory is now. Never throws: what cannot be read is a problem. */
  load(): LoadedProfiles {
    const directory = this.#directory;
    if (directory === undefined) return this.#loaded;
    try {
      const files = filesIn(directory);
      const standing = standingOf(files);
      if (standing === this.#standing) return this.#loaded;
      this.#loaded = readFiles(files, this.#shipped);
      this.#standing = standing;
    } catch (error) {
      // What was read before goes on.
      const problem = `profilesDirectory ${directory}: cannot be read: ${messageOf(error)}`;
      return { library: this.#loaded.library, problems: [problem] };
    }
    return this.#loaded;
  }
}

/** Reads and checks one file. Throws a UserError (exit 2) with all problems. */
export function readProfileFile(file: string): Profile {
  return checkProfile(file, parseConfigText(file, readConfigText(file, MAX_FILE_BYTES), MAX_FILE_BYTES));
}

/** `*.yaml` and `*.yml`, in the order of their names; hidden ones are left out. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

function standingOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const { mtimeMs, size, ino } = statSync(file);
      return [file, mtimeMs, size, ino].join(' ');
    })
    .join('\n');
}

/** Together with the shipped ones. A file with problems is left out alone. */
export function readFiles(files: readonly string[], shipped: readonly ListedProfile[]): LoadedProfiles {
  const problems: string[] = [];
  const own = new Map<string, { readonly file: string; readonly profile: Profile }>();
  if (files.length > MAX_FILES)
    problems.push(`more than ${MAX_FILES} files of profiles, the rest is left out`);
  for (const file of files.slice(0, MAX_FILES)) {
    problems.push(...problemsOf(() => add(own, file, readProfileFile(file))));
  }
  for (;;) {
    const library = new ProfileLibrary(
      shipped,
      [...own.values()].map(({ profile }) => listed(profile)),
    );
    const broken = [...own].flatMap(([name, { file }]) => {
      const found = problemsOf(() => library.get(name));
      return found.length === 0 ? [] : [{ name, found: found.map((problem) => `${file}: ${problem}`) }];
    });
    if (broken.length === 0) return { library, problems };
    for (const { name, found } of broken) {
      problems.push(...found);
      own.delete(name);
    }
  }
}

function add(
  own: Map<string, { readonly file: string; readonly profile: Profile }>,
  file: string,
  profile: Profile,
): void {
  const same = own.get(profile.profile);
  if (same === undefined) own.set(profile.profile, { file, profile });
  else
    throw new UserError(EXIT.badConfig, [
      `${file}: profile: expected a name of its own, ${same.file} has it too, got "${profile.profile}"`,
    ]);
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}

import { messageOf, UserError } from '../../../../runtime/errors.ts';
import { fileStanding } from '../../../../runtime/file-standing.ts';
import type { ReadYaml } from '../../../../runtime/yaml-thread.ts';
import { assembleLibrary, goesOn, type Candidate } from './assemble-library.ts';
import { checkProfile } from './check-profile.ts';
import { candidatesOf } from './given-profiles.ts';
import {
  MAX_FILES,
  profileFilesIn,
  readProfileText,
  TOO_MANY_FILES,
  type LoadedProfiles,
} from './profile-file.ts';
import type { Profile } from './profile-schema.ts';
import { shippedProfiles } from './shipped.ts';

/** A file as it was read last. */
interface ReadFile {
  readonly standing: string;
  /** The last one that was valid, which goes on while the file is not; undefined: it never was. */
  readonly profile: Profile | undefined;
  readonly problems: readonly string[];
  /** It could not even be opened: that may change without the file being changed. */
  readonly isUnread?: true;
}

/** The profiles of operators in a directory; a file that changes is read again, and the others are not. */
export class ProfileFiles {
  readonly #directory: string | undefined;
  readonly #readYaml: ReadYaml;
  readonly #given: readonly Candidate[];
  readonly #shipped = shippedProfiles();
  #files: ReadonlyMap<string, ReadFile> = new Map();
  /** What each file gives. */
  #used: ReadonlyMap<string, Profile> = new Map();
  #loaded: LoadedProfiles;
  #refreshing: Promise<LoadedProfiles> | undefined;

  /** `directory`: undefined for the shipped ones and `given` alone, which stand in the configuration. */
  constructor(directory: string | undefined, readYaml: ReadYaml, given: readonly Profile[] = []) {
    this.#directory = directory;
    this.#readYaml = readYaml;
    this.#given = candidatesOf(given);
    const { used, ...loaded } = assembleLibrary(this.#given, this.#shipped);
    this.#used = used;
    this.#loaded = loaded;
  }

  /** As they were read last. */
  get loaded(): LoadedProfiles {
    return this.#loaded;
  }

  /** Reads what has changed in the directory. Never rejects: what cannot be read is a problem. */
  refresh(): Promise<LoadedProfiles> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<LoadedProfiles> {
    const directory = this.#directory;
    if (directory === undefined) return this.#loaded;
    let names: readonly string[];
    try {
      names = profileFilesIn(directory);
    } catch (error) {
      // What was read before goes on.
      const problem = `profilesDirectory ${directory}: cannot be read: ${messageOf(error)}`;
      this.#loaded = { library: this.#loaded.library, problems: [problem] };
      return this.#loaded;
    }
    const files = new Map<string, ReadFile>();
    for (const name of names.slice(0, MAX_FILES)) files.set(name, await this.#read(name));
    this.#files = files;
    this.#loaded = this.#assemble(names.length);
    return this.#loaded;
  }

  async #read(file: string): Promise<ReadFile> {
    const before = this.#files.get(file);
    const standing = fileStanding(file);
    if (before !== undefined && before.standing === standing && before.isUnread !== true) return before;
    const failed = (error: unknown, isUnread: boolean): ReadFile => ({
      standing,
      profile: before?.profile,
      problems: error instanceof UserError ? error.problems : [`${file}: ${messageOf(error)}`],
      ...(isUnread && { isUnread }),
    });
    let text: string;
    try {
      text = readProfileText(file);
    } catch (error) {
      return failed(error, true);
    }
    try {
      const profile = checkProfile(file, await this.#readYaml(file, text));
      return { standing, profile, problems: [] };
    } catch (error) {
      return failed(error, false);
    }
  }

  #assemble(count: number): LoadedProfiles {
    const candidates: Candidate[] = [...this.#files].flatMap(([file, { profile }]) =>
      profile === undefined ? [] : [{ file, profile, before: this.#used.get(file) }],
    );
    const { library, used, problems } = assembleLibrary([...this.#given, ...candidates], this.#shipped);
    const isSame =
      used.size === this.#used.size && [...used].every(([file, profile]) => this.#used.get(file) === profile);
    this.#used = used;
    const all = [...[...this.#files].flatMap(([file, read]) => this.#told(file, read)), ...problems];
    if (count > MAX_FILES) all.push(TOO_MANY_FILES);
    // The same library, as long as it would have the same in it: devices ask anew which profile is theirs when it is another.
    return { library: isSame ? this.#loaded.library : library, problems: all };
  }

  #told(file: string, { problems, profile }: ReadFile): readonly string[] {
    if (problems.length === 0 || profile === undefined) return problems;
    return [...problems, goesOn(file, profile)];
  }
}

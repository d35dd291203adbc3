import { contradiction } from '../../../../contract/custom/contradiction.ts';
import { EXIT, UserError } from '../../../../runtime/errors.ts';
import { listed, ProfileLibrary, type ListedProfile } from './library.ts';
import type { Profile } from './profile-schema.ts';

/** What a file is to give to the library. */
export interface Candidate {
  readonly file: string;
  readonly profile: Profile;
  /** What it gave before, which goes on where `profile` cannot be used with the others. */
  readonly before?: Profile | undefined;
}

export interface AssembledProfiles {
  readonly library: ProfileLibrary;
  /** What each file gives now. */
  readonly used: ReadonlyMap<string, Profile>;
  /** Why files are left out, or give what they gave before. */
  readonly problems: readonly string[];
}

/** Profiles of files together with the shipped ones. One that cannot be used is left out alone. Pure. */
export function assembleLibrary(
  candidates: readonly Candidate[],
  shipped: readonly ListedProfile[],
): AssembledProfiles {
  const problems: string[] = [];
  let left = [...candidates];
  for (;;) {
    const library = new ProfileLibrary(
      shipped,
      left.map(({ profile }) => listed(profile)),
    );
    const broken = new Map(
      left.flatMap((candidate) => {
        const found = problemsOf(candidate, left, library);
        return found.length === 0 ? [] : [[candidate, found] as const];
      }),
    );
    if (broken.size === 0)
      return { library, used: new Map(left.map(({ file, profile }) => [file, profile])), problems };
    left = left.flatMap((candidate) => {
      const found = broken.get(candidate);
      if (found === undefined) return [candidate];
      problems.push(...found);
      const { file, profile, before } = candidate;
      if (before === undefined || before === profile) return [];
      problems.push(goesOn(file, before));
      return [{ file, profile: before }];
    });
  }
}

function problemsOf(
  { file, profile }: Candidate,
  all: readonly Candidate[],
  library: ProfileLibrary,
): readonly string[] {
  const first = all.find((each) => each.profile.profile === profile.profile);
  if (first !== undefined && first.file !== file) {
    return [
      `${file}: profile: expected a name of its own, ${first.file} has it too, got "${profile.profile}"`,
    ];
  }
  return [
    ...contradictionsOf({ file, profile }, all),
    ...problemsIn(() => library.get(profile.profile)).map((problem) => `${file}: ${problem}`),
  ];
}

/** Of two files that declare a measurement in two ways, the first counts. */
function contradictionsOf({ file, profile }: Candidate, all: readonly Candidate[]): readonly string[] {
  const before = all.slice(
    0,
    all.findIndex((each) => each.file === file),
  );
  return profile.custom.flatMap((own) => {
    for (const other of before) {
      const declared = other.profile.custom.find(({ measurement }) => measurement === own.measurement);
      const difference = declared && contradiction(declared, own);
      if (difference !== undefined)
        return [
          `${file}: custom: ${own.measurement}: ${other.file} declares it, too, and otherwise: ${difference}`,
        ];
    }
    return [];
  });
}

/** How it is told that what a file gave before is used. */
export function goesOn(file: string, { profile }: Profile): string {
  return `${file}: profile ${profile} goes on as it was before`;
}

/** What a UserError says that `run` throws. */
export function problemsIn(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof UserError && error.exitCode === EXIT.badConfig) return error.problems;
    throw error;
  }
}

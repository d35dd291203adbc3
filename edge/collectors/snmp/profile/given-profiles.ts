import { z } from 'zod';
import { UserError } from '../../../../runtime/errors.ts';
import { assembleLibrary, type Candidate } from './assemble-library.ts';
import { checkProfile } from './check-profile.ts';
import type { Profile } from './profile-schema.ts';
import { shippedProfiles } from './shipped.ts';

const MAX_PROFILES = 16;

/** Profiles that stand in a configuration, as a file of profilesDirectory each: this is how central pushes them. */
export const givenProfilesSchema = z
  .array(z.record(z.string(), z.unknown()))
  .max(MAX_PROFILES)
  .transform((values, context): readonly Profile[] => {
    const report = (problem: string): void => {
      const [, at, message] = /^profiles\[(\d+)\]: (.*)$/s.exec(problem) ?? [];
      const path = at === undefined ? [] : [Number(at)];
      context.issues.push({ code: 'custom', path, message: message ?? problem, input: undefined });
    };
    const profiles = values.flatMap((value, at) => {
      try {
        return [checkProfile(nameOf(at), value)];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        for (const problem of error.problems) report(problem);
        return [];
      }
    });
    if (profiles.length < values.length) return z.NEVER;
    const { problems } = assembleLibrary(candidatesOf(profiles), shippedProfiles());
    for (const problem of problems) report(problem);
    return problems.length > 0 ? z.NEVER : profiles;
  });

/** As if each were a file. */
export function candidatesOf(profiles: readonly Profile[]): readonly Candidate[] {
  return profiles.map((profile, at) => ({ file: nameOf(at), profile }));
}

function nameOf(at: number): string {
  return `profiles[${at}]`;
}

import { checkProfile } from '../profile/check-profile.ts';
import { compileProfile, type CompiledProfile } from '../profile/compiled-profile.ts';
import type { ProfileInput } from '../profile/profile-schema.ts';

/** A profile of a few sections, checked and ready to be read by. */
export function compiled(sections: Partial<ProfileInput>): CompiledProfile {
  const file = { profile: 'test', vendor: 'test', match: [{ sysObjectId: '1.3.6' }], ...sections };
  return compileProfile(checkProfile('test.yaml', file));
}

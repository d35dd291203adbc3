import { profileSchema } from './profile-schema.ts';
import { SHIPPED_FILES } from '../profiles/index.ts';
import type { ListedProfile } from './library.ts';

const listSchema = profileSchema.pick({ profile: true, match: true }).loose();

/** The shipped profiles; the tests check them, so that an agent reads only those that its devices need. */
export function shippedProfiles(): readonly ListedProfile[] {
  return SHIPPED_FILES.map((file) => {
    const { profile, match } = listSchema.parse(file);
    return { profile, match, read: () => profileSchema.parse(file) };
  });
}

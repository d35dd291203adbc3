import { ProfileLibrary } from '../profile/library.ts';
import { shippedProfiles } from '../profile/shipped.ts';

/** The shipped profiles, as a device without those of an operator asks for them. */
export function shippedLibrary(): () => ProfileLibrary {
  const library = new ProfileLibrary(shippedProfiles());
  return () => library;
}

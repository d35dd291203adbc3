import { isAtOrBelow } from '../../protocols/snmp/oid.ts';
import type { Profile } from './profile.ts';
import type { System } from './system.ts';

/** The profile with the longest matching sysObjectID; undefined: none. Pure. */
export function matchProfile(profiles: readonly Profile[], system: System): Profile | undefined {
  let best: { readonly profile: Profile; readonly length: number } | undefined;
  for (const profile of profiles) {
    if (profile.sysDescr?.test(system.description ?? '') === false) continue;
    for (const prefix of profile.sysObjectIds) {
      if (isAtOrBelow(prefix, system.objectId) && prefix.length > (best?.length ?? 0)) {
        best = { profile, length: prefix.length };
      }
    }
  }
  return best?.profile;
}

import { EXIT, UserError } from '../../../../runtime/errors.ts';
import { nearestName } from '../../../../runtime/nearest-name.ts';
import type { VarbindValue } from '../../../protocols/snmp/session.ts';
import { compileProfile, type CompiledProfile } from './compiled-profile.ts';
import { compareFits, fitsOf, isProven, probedOids, type Identity } from './match.ts';
import type { Match, Profile } from './profile-schema.ts';

/** A profile that is not read before a device needs it. */
export interface ListedProfile {
  readonly profile: string;
  readonly match: readonly Match[];
  read(): Profile;
}

/** Objects by OID, without those that the device does not have. */
export type Probe = (oids: readonly string[]) => Promise<ReadonlyMap<string, VarbindValue>>;

/** Small agents do not answer more in one message. */
const MAX_PROBES_A_MESSAGE = 16;

/** The profiles of operators and the shipped ones. One of an operator comes before any that is shipped. */
export class ProfileLibrary {
  readonly #own: readonly ListedProfile[];
  readonly #shipped: readonly ListedProfile[];
  readonly #compiled = new Map<string, CompiledProfile>();

  /** An own profile replaces a shipped one of its name. */
  constructor(shipped: readonly ListedProfile[], own: readonly ListedProfile[] = []) {
    const names = new Set(own.map(({ profile }) => profile));
    this.#own = own;
    this.#shipped = shipped.filter(({ profile }) => !names.has(profile));
  }

  get own(): readonly ListedProfile[] {
    return this.#own;
  }

  /** Objects by which profiles tell devices apart. */
  get probedOids(): readonly string[] {
    const all = [...this.#own, ...this.#shipped].flatMap(({ match }) => match);
    return [...new Set(all.flatMap(({ probe }) => probedOids({ probe })))];
  }

  /** The profile for a device; undefined: none. Rejects as `probe` does, which is asked once for each 16 objects. */
  async find(system: Identity, probe: Probe): Promise<CompiledProfile | undefined> {
    const candidates = this.#candidates(system);
    const oids = [...new Set(candidates.flatMap(({ fit }) => probedOids(fit)))];
    const found = new Map<string, VarbindValue>();
    for (let at = 0; at < oids.length; at += MAX_PROBES_A_MESSAGE) {
      const answered = await probe(oids.slice(at, at + MAX_PROBES_A_MESSAGE));
      for (const [oid, value] of answered) found.set(oid, value);
    }
    const best = candidates.find(({ fit }) => isProven(fit, found));
    return best && this.#compile(best.listed, []);
  }

  /** Whether a probe that was not answered may still find a better one than `found`. Pure. */
  mayFindBetter(system: Identity, found: CompiledProfile | undefined): boolean {
    const candidates = this.#candidates(system);
    const at = candidates.findIndex(({ listed }) => listed.profile === found?.profile);
    if (candidates[at]?.fit.probe !== undefined) return false; // That one is proven.
    const better = at < 0 ? candidates : candidates.slice(0, at);
    return better.some(({ fit }) => fit.probe !== undefined);
  }

  /** Throws a UserError when there is none of that name. */
  get(name: string): CompiledProfile {
    return this.#compile(this.#named(name, `profile ${name}`), []);
  }

  /** The best first. */
  #candidates(system: Identity) {
    return [...candidatesOf(this.#own, system), ...candidatesOf(this.#shipped, system)];
  }

  #compile(listed: ListedProfile, below: readonly string[]): CompiledProfile {
    const known = this.#compiled.get(listed.profile);
    if (known !== undefined) return known;
    const profile = listed.read();
    const path = [...below, profile.profile];
    const { extends: parent } = profile;
    if (parent !== undefined && path.includes(parent))
      throw new UserError(EXIT.badConfig, [`profile ${path.join(' extends ')} extends ${parent}: a circle`]);
    const compiled = compileProfile(
      profile,
      parent === undefined
        ? undefined
        : this.#compile(this.#named(parent, `profile ${profile.profile}: extends`), path),
    );
    this.#compiled.set(listed.profile, compiled);
    return compiled;
  }

  #named(name: string, where: string): ListedProfile {
    const all = [...this.#own, ...this.#shipped];
    const found = all.find(({ profile }) => profile === name);
    if (found !== undefined) return found;
    const nearest = nearestName(
      name,
      all.map(({ profile }) => profile),
    );
    throw new UserError(EXIT.badConfig, [
      `${where}: there is no profile ${name}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    ]);
  }
}

function candidatesOf(listed: readonly ListedProfile[], system: Identity) {
  return listed
    .flatMap((each) => fitsOf(each.match, system).map((fit) => ({ listed: each, fit })))
    .sort((a, b) => compareFits(b.fit, a.fit));
}

/** Of one that was read already. */
export function listed(profile: Profile): ListedProfile {
  return { profile: profile.profile, match: profile.match, read: () => profile };
}

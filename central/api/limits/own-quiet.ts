import { describeLimits } from '../../access/limits.ts';
import { splitCover } from '../../alerts/life/maintenance/window.ts';
import type { SilenceMatch } from '../../alerts/life/silences/silence-match.ts';
import { assertOwn, outsideLimits, type Limited } from './limit-callers.ts';
import { NAMED_KINDS, type NamedKind, type Reach } from './reach.ts';

type Named = readonly [kind: NamedKind, id: string];

const PLACES = ['unit', 'site', 'device', 'link', 'agent'] as const satisfies readonly NamedKind[];

/** What of the city a silence names. */
function placesOf(match: SilenceMatch): readonly Named[] {
  return PLACES.flatMap((place) => (match[place] ?? []).map((id) => [place, id] as const));
}

/** An agent may tell of what is elsewhere: that alone keeps no silence within the limits. */
function isNarrowed({ unit, site, device, link }: SilenceMatch): boolean {
  return [unit, site, device, link].some((list) => list !== undefined);
}

/** Pure. */
export function isOwnSilence(match: SilenceMatch, reach: Reach): boolean {
  return isNarrowed(match) && placesOf(match).every(([kind, id]) => reach.has(kind, id));
}

/** Throws an ApiError that names what a silence would take beyond what is the caller's own. */
export function assertOwnSilence(request: Limited, match: SilenceMatch): void {
  if (request.reach === undefined) return;
  assertOwn(request, placesOf(match));
  if (!isNarrowed(match))
    throw outsideLimits(
      ['what a silence takes without unit, site, device or link'],
      describeLimits(request.caller?.limits ?? {}),
    );
}

interface Covering {
  readonly covers: readonly string[];
  readonly withDependents: boolean;
}

function coveredBy({ covers }: Covering): readonly Named[] {
  return covers.flatMap((ref): Named[] => {
    const [kind, id] = splitCover(ref);
    const known = NAMED_KINDS.find((each) => each === kind);
    return known === undefined ? [] : [[known, id]];
  });
}

/** Pure. What hangs on something may be elsewhere, tomorrow if not today. */
export function isOwnWindow(window: Covering, reach: Reach): boolean {
  return !window.withDependents && coveredBy(window).every(([kind, id]) => reach.has(kind, id));
}

/** Throws an ApiError that names what a maintenance window covers beyond what is the caller's own. */
export function assertOwnWindow(request: Limited, window: Covering): void {
  if (request.reach === undefined) return;
  assertOwn(request, coveredBy(window));
  if (window.withDependents)
    throw outsideLimits(['what hangs on it (withDependents)'], describeLimits(request.caller?.limits ?? {}));
}

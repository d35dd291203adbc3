import type { Agency, Unit } from '../../../contract/inventory.ts';
import type { BlastParts } from './blast-parts.ts';
import type { BlastLists, Effect } from './blast-view.ts';
import type { Outcome } from './outcome.ts';

/** Something that a failure takes from, with its number in the model. */
export interface Affected<T> {
  readonly entry: T;
  readonly number: number;
  readonly effect: Effect;
}

/** Pure. `left`: how much is left of the entry with this number. */
export function affectedOf<T>(
  entries: readonly T[],
  before: (number: number) => number,
  after: (number: number) => number,
): Affected<T>[] {
  return entries.flatMap((entry, number) => {
    const left = after(number);
    if (left >= before(number)) return [];
    return [{ entry, number, effect: left === 0 ? 'cut' : 'degraded' }];
  });
}

interface InUnit {
  readonly unit: string;
}

/** Units in which something is affected. Cut is one when no site of it is left or, where it has none, no device. Pure. */
export function unitsAffected(
  { units, graph }: Pick<BlastParts, 'graph'> & { readonly units: readonly Unit[] },
  sites: readonly Affected<InUnit>[],
  devices: readonly Affected<InUnit>[],
  after: Pick<Outcome, 'site' | 'device'>,
): BlastLists['units'] {
  const isCut = ({ effect }: { readonly effect: Effect }): boolean => effect === 'cut';
  const allSites = countByUnit(graph.sites);
  const sitesLeft = countByUnit(graph.sites.filter((_, number) => after.site(number) > 0));
  const devicesLeft = countByUnit(graph.devices.filter((_, number) => after.device(number) > 0));
  const sitesCut = countByUnit(sites.filter(isCut).map(({ entry }) => entry));
  const devicesCut = countByUnit(devices.filter(isCut).map(({ entry }) => entry));
  const touched = new Set([...sites, ...devices].map(({ entry }) => entry.unit));
  return units
    .filter(({ code }) => touched.has(code))
    .map(({ code, name }) => {
      const left = (allSites.has(code) ? sitesLeft : devicesLeft).get(code) ?? 0;
      return {
        id: code,
        effect: left === 0 ? ('cut' as const) : ('degraded' as const),
        name,
        sitesCut: sitesCut.get(code) ?? 0,
        sites: allSites.get(code) ?? 0,
        devicesCut: devicesCut.get(code) ?? 0,
      };
    });
}

function countByUnit(entries: readonly InUnit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { unit } of entries) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return counts;
}

interface Owned {
  readonly agency?: string | undefined;
}

/** Agencies that own something affected; as badly as the worst of it. Pure. */
export function agenciesAffected(
  agencies: readonly Agency[],
  affected: readonly Affected<Owned>[],
): BlastLists['agencies'] {
  return agencies.flatMap(({ id, name }) => {
    const own = affected.filter(({ entry }) => entry.agency === id);
    if (own.length === 0) return [];
    const effect = own.some((each) => each.effect === 'cut') ? ('cut' as const) : ('degraded' as const);
    return [{ id, effect, name, affected: own.length }];
  });
}

import type { InventoryFile } from '../../contract/inventory.ts';
import type { CityModel, Condition } from '../../simulators/city/city.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import type { CityMap } from './city-map.ts';
import { longestSpan } from './visible.ts';

/** What a fault takes with it, from its root to what loses by it: what an incident about it has to hold. */
export interface TruthPath {
  /** Such as `site:hub-01`. */
  readonly refs: readonly string[];
  /** Codes. */
  readonly units: readonly string[];
  readonly services: readonly string[];
}

interface PathSources {
  readonly city: Pick<CityModel, 'conditionAt'>;
  readonly inventory: Pick<InventoryFile, 'services'>;
  readonly map: CityMap;
}

/** What was away for less is not known to have been away: three intervals of an agent, and what finds it. */
const LEAST_MS = 120_000;
const NOTHING: TruthPath = { refs: [], units: [], services: [] };

/** Pure. Empty: what fails takes nothing with it but itself. */
export function truthPathOf(fault: Fault, { city, inventory, map }: PathSources): TruthPath {
  const { kind, target } = fault;
  const isAway = (site: string, as: Condition): boolean => {
    const agents = map.agentsAt(site);
    const isSilent = (timeMs: number): boolean =>
      agents.every((agent) => city.conditionAt(agent, timeMs) === as);
    const span = agents.length === 0 ? undefined : longestSpan(fault, isSilent);
    return span !== undefined && span.toMs - span.fromMs >= LEAST_MS;
  };
  const servicesOf = (sites: readonly string[], lost: readonly string[]): readonly string[] =>
    servicesWithout([...lost, ...sites.flatMap((site) => map.partsOf(site))], inventory);
  switch (kind) {
    case 'hub_uplink_cut': {
      const away = map.sitesBehind(target).filter((site) => isAway(site, 'cut_off'));
      if (away.length === 0) return NOTHING;
      const line = `link:up-${target}`;
      return {
        refs: [line, ...away.map((site) => `site:${site}`)],
        units: unitsOf(away, map),
        services: servicesOf(away, [line]),
      };
    }
    case 'site_power_cut': {
      if (!isAway(target, 'dark')) return NOTHING;
      // That it is silent is all that can be known of a site without a UPS.
      const refs = map.agentsAt(target).map((agent) => `agent:${agent}`);
      return { refs, units: unitsOf([target], map), services: servicesOf([target], []) };
    }
    case 'coverage_dip':
    case 'cell_backhaul_cut':
      return { ...NOTHING, units: [target] };
    case 'service_down':
      return { ...NOTHING, services: [target, ...servicesWithout([`service:${target}`], inventory)] };
    default:
      return NOTHING;
  }
}

function unitsOf(sites: readonly string[], map: CityMap): readonly string[] {
  return [...new Set(sites.flatMap((site) => map.unitOfSite(site) ?? []))];
}

/** Ids of the services that cannot do without these refs, directly or over another service. */
function servicesWithout(
  refs: readonly string[],
  { services }: Pick<InventoryFile, 'services'>,
): readonly string[] {
  const lost = new Set(refs);
  const found = new Set<string>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { id, needs } of services) {
      const isLost = needs.some((need) =>
        typeof need === 'string' ? lost.has(need) : need.anyOf.every((ref) => lost.has(ref)),
      );
      if (!isLost) continue;
      found.add(id);
      lost.add(`service:${id}`);
    }
  }
  return [...found].filter((id) => !refs.includes(`service:${id}`));
}

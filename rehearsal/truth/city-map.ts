import type { InventoryFile } from '../../contract/inventory.ts';

/** What is where in a city, as refs such as `site:site-1`. */
export interface CityMap {
  /** The agents at a site, or at and below a hub. */
  agentsAt(site: string): readonly string[];
  agentsBehind(hub: string): readonly string[];
  sitesBehind(hub: string): readonly string[];
  sitesOf(unit: string): readonly string[];
  /** The site, with all devices, agents and links at it. */
  partsOf(site: string): readonly string[];
  devicesAt(site: string, kind?: string): readonly string[];
  siteOfDevice(device: string): string | undefined;
  siteOfAgent(agent: string): string | undefined;
  unitOfSite(site: string): string | undefined;
  /** Of a site, a device, or a unit itself. */
  unitOf(ref: string): string | undefined;
  /** City services that need any of these refs, directly or over another service. */
  servicesOn(refs: readonly string[]): readonly string[];
}

export function createCityMap(inventory: InventoryFile): CityMap {
  const { sites, devices, agents, links } = inventory;
  const behind = (hub: string): string[] => [
    hub,
    ...sites.filter(({ kind, parents }) => kind === 'site' && parents?.[0] === hub).map(({ id }) => id),
  ];
  const agentsBySite = groupIds(agents, ({ site }) => site);
  const devicesBySite = groupIds(devices, ({ site }) => site);
  const kinds = new Map(devices.map(({ id, kind }) => [id, kind]));
  const linksBySite = new Map<string, string[]>();
  for (const { id, ends } of links) {
    // The lower end is the site that the line is for.
    const { site } = ends.at(-1) ?? {};
    if (site !== undefined) linksBySite.set(site, [...(linksBySite.get(site) ?? []), id]);
  }
  const siteOfDevice = new Map(devices.map(({ id, site }) => [id, site]));
  const siteOfAgent = new Map(agents.map(({ id, site }) => [id, site]));
  const unitOfSite = new Map(sites.map(({ id, unit }) => [id, unit]));
  const agentsAt = (site: string): readonly string[] => agentsBySite.get(site) ?? [];
  const unitOf = (ref: string): string | undefined => {
    const [kind, id = ''] = ref.split(':');
    if (kind === 'unit') return id;
    if (kind === 'site') return unitOfSite.get(id);
    return kind === 'device' ? unitOfSite.get(siteOfDevice.get(id) ?? '') : undefined;
  };
  return {
    agentsAt,
    agentsBehind: (hub) => behind(hub).flatMap(agentsAt),
    sitesBehind: behind,
    sitesOf: (unit) => sites.filter((site) => site.kind === 'site' && site.unit === unit).map(({ id }) => id),
    partsOf: (site) => [
      `site:${site}`,
      ...(devicesBySite.get(site) ?? []).map((id) => `device:${id}`),
      ...agentsAt(site).map((id) => `agent:${id}`),
      ...(linksBySite.get(site) ?? []).map((id) => `link:${id}`),
    ],
    devicesAt: (site, kind) =>
      (devicesBySite.get(site) ?? []).filter((id) => kind === undefined || kinds.get(id) === kind),
    siteOfDevice: (device) => siteOfDevice.get(device),
    siteOfAgent: (agent) => siteOfAgent.get(agent),
    unitOfSite: (site) => unitOfSite.get(site),
    unitOf,
    servicesOn: (refs) => servicesOn(refs, inventory.services),
  };
}

function servicesOn(refs: readonly string[], services: InventoryFile['services']): string[] {
  const missing = new Set(refs);
  const found = new Set<string>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { id, needs } of services) {
      const needed = needs.flatMap((need) => (typeof need === 'string' ? [need] : need.anyOf));
      if (!needed.some((ref) => missing.has(ref))) continue;
      found.add(`service:${id}`);
      missing.add(`service:${id}`);
    }
  }
  return [...found];
}

function groupIds<T extends { readonly id: string }>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item.id]);
  return groups;
}

import type { Device, Site } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { DeclaredWiring } from './declared-wiring.ts';
import { directLevel, type MoreParents } from './directed-level.ts';
import { pairKey, type MeasuredEdge } from './measured-edges.ts';
import { proposalId, type Proposal } from './proposal.ts';

/** As many as the inventory takes. */
const MAX_PARENTS = 8;

type Parts = Pick<Inventory, 'devices' | 'sites'>;

/**
 * What sites and devices are reached through, too, by the measured wiring: of a cable between two sites the sites, of one within a site
 * the devices. Directions are those of the ways out, over all that is declared and measured; declared parents stay. Pure.
 */
export function proposeParents(
  edges: readonly MeasuredEdge[],
  inventory: Parts,
  declared: DeclaredWiring,
): readonly Proposal[] {
  const { devices, sites } = inventory;
  const siteOf = (device: string): string => devices.get(device)?.site ?? '';
  const between = edges.filter(({ ends: [a, b] }) => siteOf(a) !== siteOf(b));
  const within = new Map<string, MeasuredEdge[]>();
  for (const edge of edges) {
    const [a, b] = edge.ends.map(siteOf);
    if (a === undefined || a !== b) continue;
    const found = within.get(a);
    if (found === undefined) within.set(a, [edge]);
    else found.push(edge);
  }
  if (edges.length === 0) return [];
  const city = directSites(between, inventory, declared);
  const uplinks = uplinksOf(between, inventory, declared, city.above);
  const bySite = devicesBySite(devices, within);
  return [
    ...city.more.flatMap((more) => proposalOf('sites', sites.get(more.id), more)),
    ...[...within].flatMap(([site, found]) =>
      directDevices(bySite.get(site) ?? [], found, uplinks).more.flatMap((more) =>
        proposalOf('devices', devices.get(more.id), more),
      ),
    ),
  ];
}

function directSites(between: readonly MeasuredEdge[], { devices, sites }: Parts, declared: DeclaredWiring) {
  const isTop = (id: string): boolean => sites.get(id)?.parents === undefined;
  const leadsOn = new Set([...sites.values()].flatMap(({ parents = [] }) => parents));
  return directLevel({
    parents: new Map([...sites].map(([id, { parents = [] }]) => [id, parents])),
    measured: grouped(between, (device) => devices.get(device)?.site ?? ''),
    links: declared.sitePairs(),
    rootTests: [
      (id) => isTop(id) && sites.get(id)?.kind === 'city',
      (id) => isTop(id) && sites.get(id)?.kind === 'datacentre',
      (id) => isTop(id) && leadsOn.has(id),
      (id) => isTop(id) && sites.get(id)?.kind === 'hub',
    ],
  });
}

function directDevices(
  devices: readonly Device[],
  within: readonly MeasuredEdge[],
  uplinks: ReadonlySet<string>,
) {
  const parents = new Map(devices.map((device) => [device.id, device.parents ?? []]));
  const leadsOn = new Set([...parents.values()].flat());
  return directLevel({
    parents,
    measured: grouped(within, (device) => device),
    links: [],
    rootTests: [(id) => uplinks.has(id), (id) => parents.get(id)?.length === 0 && leadsOn.has(id)],
  });
}

/** Devices at which a line from a site above ends. */
function uplinksOf(
  between: readonly MeasuredEdge[],
  { devices }: Parts,
  declared: DeclaredWiring,
  above: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const uplinks = new Set<string>();
  const add = (device: string | undefined, site: string, other: string): void => {
    if (device !== undefined && above.get(site)?.includes(other) === true) uplinks.add(device);
  };
  for (const { ends } of between) {
    const [a, b] = ends.map((id) => devices.get(id));
    if (a === undefined || b === undefined) continue;
    add(a.id, a.site, b.site);
    add(b.id, b.site, a.site);
  }
  for (const [a, b] of declared.ends()) {
    add(a.device, a.site, b.site);
    add(b.device, b.site, a.site);
  }
  return uplinks;
}

/** Of the sites that are asked for. */
function devicesBySite(
  devices: Parts['devices'],
  wanted: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly Device[]> {
  const bySite = new Map<string, Device[]>([...wanted.keys()].map((site) => [site, []]));
  for (const device of devices.values()) bySite.get(device.site)?.push(device);
  return bySite;
}

function grouped(
  edges: readonly MeasuredEdge[],
  nodeOf: (device: string) => string,
): ReadonlyMap<string, readonly MeasuredEdge[]> {
  const byPair = new Map<string, MeasuredEdge[]>();
  for (const edge of edges) {
    const key = pairKey(nodeOf(edge.ends[0]), nodeOf(edge.ends[1]));
    const found = byPair.get(key);
    if (found === undefined) byPair.set(key, [edge]);
    else found.push(edge);
  }
  return byPair;
}

function proposalOf(
  kind: 'sites' | 'devices',
  entry: Site | Device | undefined,
  { id, added, edges, confidence }: MoreParents,
): Proposal[] {
  if (entry === undefined) return [];
  const parents = [...(entry.parents ?? []), ...added].slice(0, MAX_PARENTS);
  return [
    {
      id: proposalId('parents', kind, id, ...added),
      kind: 'parents',
      confidence,
      sites: ['site' in entry ? entry.site : id],
      units: [entry.unit],
      change: { kind, id, before: entry, after: { ...entry, parents } },
      evidence: edges.flatMap(({ evidence }) => evidence),
    },
  ];
}

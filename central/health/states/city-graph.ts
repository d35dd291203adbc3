import { dominatorsOf } from './dominators.ts';
import {
  DeviceNode,
  portKey,
  refOf,
  SiteNode,
  type AgentNode,
  type CityGraph,
  type Kept,
  type LinkNode,
  type UnitNode,
} from './graph-nodes.ts';
import { orderSteps } from './graph-steps.ts';
import { isInService } from './in-service.ts';
import type { LinkStructure, Structure } from './structure.ts';
import { NOTHING_KNOWN } from './verdict.ts';

/** What of the inventory is in service on `day`, and how each part is reached. */
export function buildGraph(inventory: Structure, day: string, kept: Kept): CityGraph {
  const isExpected = (record: Parameters<typeof isInService>[0]): boolean => isInService(record, day);
  const sites = new Map<string, SiteNode>();
  for (const site of inventory.sites.values())
    if (isExpected(site)) sites.set(site.id, new SiteNode(site, kept));
  const agents = agentsAt(inventory, sites);
  const devices = new Map<string, DeviceNode>();
  for (const device of inventory.devices.values()) {
    if (!isExpected(device)) continue;
    const node = new DeviceNode(device, sites.get(device.site), kept);
    devices.set(device.id, node);
    node.site?.devices.push(node);
    if (node.isCarrier) node.site?.carriers.push(node);
    for (const owner of node.owners) agents.get(owner)?.speaksOf.push(node);
  }
  const links = new Map<string, LinkNode>();
  for (const link of inventory.links.values()) {
    const node = isExpected(link) ? linkNode(link, sites, devices, kept) : undefined;
    if (node === undefined) continue;
    links.set(link.id, node);
    for (const end of node.ends) {
      end.links.push(node);
      if (!(end instanceof DeviceNode)) continue;
      for (const owner of end.owners) agents.get(owner)?.speaksOf.push(node);
    }
  }
  connect({ devices, sites, links });
  const ordered = orderSteps({ sites, devices });
  const above = dominatorsOf([...sites.values()], ({ ways }) => ways.map(({ to }) => to));
  for (const [node, over] of above) node.above = over;
  const units = unitsOf(inventory, { devices, sites, agents }, kept);
  return { devices, sites, links, agents, units, linkEnds: linkEndsOf(links), ...ordered };
}

function agentsAt(inventory: Structure, sites: ReadonlyMap<string, SiteNode>): Map<string, AgentNode> {
  const agents = new Map<string, AgentNode>();
  for (const { id, site: siteId } of inventory.agents.values()) {
    const site = sites.get(siteId);
    const agent = agentNode(id, site);
    agents.set(id, agent);
    site?.agents.push(agent);
  }
  return agents;
}

/** Of one shape: all are looked at every half second. */
export function agentNode(id: string, site: SiteNode | undefined): AgentNode {
  return { id, site, unit: undefined, speaksOf: [], isLive: false, isHeard: false, isMissed: false };
}

/** undefined: an end is at a site that is not in service. */
export function linkNode(
  link: LinkStructure,
  sites: ReadonlyMap<string, SiteNode>,
  devices: ReadonlyMap<string, DeviceNode>,
  kept: Kept,
): LinkNode | undefined {
  const at = link.ends.flatMap(({ site }) => sites.get(site) ?? []);
  if (at.length < link.ends.length) return undefined;
  const ref = refOf('link', link.id);
  return {
    ref,
    link,
    sites: at,
    ends: link.ends.flatMap(({ site, device }) => devices.get(device ?? '') ?? sites.get(site) ?? []),
    evidence: kept.evidenceOf(ref),
    standing: kept.standingOf('link', ref),
    decision: NOTHING_KNOWN,
    isMarked: false,
  };
}

/** Ways and parents, as they are declared. */
function connect({ devices, sites, links }: Pick<CityGraph, 'devices' | 'sites' | 'links'>): void {
  const between = new Map<string, LinkNode[]>();
  for (const link of links.values()) {
    const key = pairKey(...link.sites.map(({ site }) => site.id));
    const known = between.get(key);
    if (known === undefined) between.set(key, [link]);
    else known.push(link);
  }
  for (const node of sites.values()) {
    for (const id of node.site.parents ?? []) {
      const to = sites.get(id);
      if (to !== undefined) node.ways.push({ to, links: between.get(pairKey(node.site.id, id)) ?? [] });
    }
  }
  for (const node of devices.values()) {
    for (const id of node.device.parents ?? []) {
      const parent = devices.get(id);
      if (parent !== undefined) node.parents.push(parent);
    }
  }
}

function pairKey(...ids: readonly string[]): string {
  return [...ids].sort().join(' ');
}

export function linkEndsOf(links: ReadonlyMap<string, LinkNode>): CityGraph['linkEnds'] {
  const ends = new Map<string, { readonly link: LinkNode; readonly end: number }>();
  for (const node of links.values()) {
    node.link.ends.forEach(({ device, interface: port }, end) => {
      if (device !== undefined && port !== undefined) ends.set(portKey(device, port), { link: node, end });
    });
  }
  return ends;
}

function unitsOf(
  inventory: Structure,
  { devices, sites, agents }: Pick<CityGraph, 'devices' | 'sites' | 'agents'>,
  kept: Kept,
): Map<string, UnitNode> {
  const units = new Map<string, UnitNode>();
  for (const unit of inventory.units.values()) {
    const ref = refOf('unit', unit.code);
    const standing = kept.standingOf('unit', ref);
    units.set(unit.code, { ref, unit, devices: [], sites: [], agents: [], standing, isMarked: false });
  }
  for (const node of devices.values()) {
    node.unit = units.get(node.device.unit);
    node.unit?.devices.push(node);
  }
  for (const node of sites.values()) {
    node.unit = units.get(node.site.unit);
    node.unit?.sites.push(node);
  }
  for (const { id, unit } of inventory.agents.values()) {
    const agent = agents.get(id);
    if (agent === undefined) continue;
    agent.unit = units.get(unit);
    agent.unit?.agents.push(agent);
  }
  return units;
}

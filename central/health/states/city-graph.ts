import { dominatorsOf } from './dominators.ts';
import { isInService } from './in-service.ts';
import { orderWithoutLoops } from './loops.ts';
import type { Roots, Standing } from './standing.ts';
import type { ElementKind, ElementRef } from './state-view.ts';
import type { DeviceStructure, LinkStructure, SiteStructure, Structure, UnitStructure } from './structure.ts';
import type { Decision } from './verdict.ts';
import { whatOpens } from './what-opens.ts';
import type { EvidenceSubject } from './witness.ts';

export interface AgentNode {
  readonly id: string;
  readonly site: SiteNode | undefined;
  /** The devices and links that it may speak of. */
  readonly speaksOf: ElementRef[];
  isLive: boolean;
  /** Live, and something that it measured has arrived since central started. */
  isHeard: boolean;
  /** Silent for more than three of its intervals in which central listened. */
  isMissed: boolean;
}

/** A step of the reckoning; comes after all that it depends on, but for those of its ring. */
export interface Step {
  readonly kind: 'entry' | 'device' | 'exit';
  readonly of: SiteNode | DeviceNode;
  at: number;
  readonly dependents: Step[];
  /** Steps that depend on each other, itself among them, one after the other in the order. */
  ring: readonly Step[] | undefined;
}

export class DeviceNode {
  readonly ref: ElementRef;
  readonly device: DeviceStructure;
  readonly site: SiteNode | undefined;
  readonly parents: DeviceNode[] = [];
  /** In the order in which they are believed. */
  readonly owners: readonly string[];
  /** The site's connection runs through it. */
  readonly isCarrier: boolean;
  readonly evidence: EvidenceSubject;
  readonly standing: Standing;
  readonly step: Step = { kind: 'device', of: this, at: 0, dependents: [], ring: undefined };
  decision: Decision = UNDECIDED;
  /** What is to blame for all behind it; undefined: it stops nothing. */
  stops: Roots | undefined = undefined;

  constructor(device: DeviceStructure, site: SiteNode | undefined, kept: Kept) {
    this.ref = refOf('device', device.id);
    this.device = device;
    this.site = site;
    this.owners = [device.agent, ...(device.otherAgents ?? [])];
    this.isCarrier = device.kind === 'node';
    this.evidence = kept.evidenceOf(this.ref);
    this.standing = kept.standingOf(this.ref);
  }
}

/** A way from a site to the one above it, and the lines that are declared for it. */
export interface Way {
  readonly to: SiteNode;
  readonly links: readonly LinkNode[];
}

export class SiteNode {
  readonly ref: ElementRef;
  readonly site: SiteStructure;
  readonly ways: Way[] = [];
  readonly devices: DeviceNode[] = [];
  readonly carriers: DeviceNode[] = [];
  readonly agents: AgentNode[] = [];
  readonly standing: Standing;
  readonly entry: Step = { kind: 'entry', of: this, at: 0, dependents: [], ring: undefined };
  readonly exit: Step = { kind: 'exit', of: this, at: 0, dependents: [], ring: undefined };
  /** The nearest site that all ways lead over. */
  above: SiteNode | undefined = undefined;
  /** Agents and devices here that are heard. */
  heard = 0;
  /** The same here and at the sites that are reached through this one only. */
  heardBelow = 0;
  missedBelow = 0;
  /** When the last one of those was found to be silent. */
  lastMissedMs = -Infinity;
  /** All of them fell silent together. */
  isCut = false;
  /** Why no way leads to it; undefined: one may. */
  off: Roots | undefined = undefined;
  /** What is to blame for all behind it. */
  stops: Roots | undefined = undefined;

  constructor(site: SiteStructure, kept: Kept) {
    this.ref = refOf('site', site.id);
    this.site = site;
    this.standing = kept.standingOf(this.ref);
  }
}

export interface LinkNode {
  readonly ref: ElementRef;
  readonly link: LinkStructure;
  readonly sites: readonly SiteNode[];
  /** Of each end what it is at: its device, or its site. */
  readonly ends: readonly (DeviceNode | SiteNode)[];
  readonly evidence: EvidenceSubject;
  readonly standing: Standing;
  decision: Decision;
}

export interface UnitNode {
  readonly ref: ElementRef;
  readonly unit: UnitStructure;
  readonly devices: DeviceNode[];
  readonly sites: SiteNode[];
  readonly agents: AgentNode[];
  readonly standing: Standing;
}

export interface CityGraph {
  readonly devices: ReadonlyMap<string, DeviceNode>;
  readonly sites: ReadonlyMap<string, SiteNode>;
  readonly links: ReadonlyMap<string, LinkNode>;
  readonly units: ReadonlyMap<string, UnitNode>;
  readonly agents: ReadonlyMap<string, AgentNode>;
  readonly linkEnds: ReadonlyMap<string, { readonly link: LinkNode; readonly end: number }>;
  /** In the order in which they are reckoned. */
  readonly steps: readonly Step[];
}

/** What lives longer than a graph. */
export interface Kept {
  evidenceOf(ref: ElementRef): EvidenceSubject;
  standingOf(ref: ElementRef): Standing;
}

export const UNDECIDED: Decision = { verdict: undefined, decisive: undefined, fresh: [], disputedBy: [] };

/** What of the inventory is in service on `day`, and how each part is reached. */
export function buildGraph(inventory: Structure, day: string, kept: Kept): CityGraph {
  const isExpected = (record: Parameters<typeof isInService>[0]): boolean => isInService(record, day);
  const sites = new Map<string, SiteNode>();
  for (const site of inventory.sites.values())
    if (isExpected(site)) sites.set(site.id, new SiteNode(site, kept));
  const agents = new Map<string, AgentNode>();
  for (const { id, site } of inventory.agents.values()) {
    const at = sites.get(site);
    const agent = { id, site: at, speaksOf: [], isLive: false, isHeard: false, isMissed: false };
    agents.set(id, agent);
    at?.agents.push(agent);
  }
  const devices = new Map<string, DeviceNode>();
  for (const device of inventory.devices.values()) {
    if (!isExpected(device)) continue;
    const node = new DeviceNode(device, sites.get(device.site), kept);
    devices.set(device.id, node);
    node.site?.devices.push(node);
    if (node.isCarrier) node.site?.carriers.push(node);
    for (const owner of node.owners) agents.get(owner)?.speaksOf.push(node.ref);
  }
  const links = new Map<string, LinkNode>();
  for (const link of inventory.links.values()) {
    const node = isExpected(link) ? linkNode(link, sites, devices, kept) : undefined;
    if (node === undefined) continue;
    links.set(link.id, node);
    for (const end of node.ends) {
      if (!(end instanceof DeviceNode)) continue;
      for (const owner of end.owners) agents.get(owner)?.speaksOf.push(node.ref);
    }
  }
  connect({ devices, sites, links });
  return {
    devices,
    sites,
    links,
    agents,
    units: unitsOf(inventory, { devices, sites, agents }, kept),
    linkEnds: linkEndsOf(links),
    steps: stepsOf(sites, devices),
  };
}

export function refOf(kind: ElementKind, id: string): ElementRef {
  return `${kind}:${id}`;
}

/** The key of `linkEnds`; no id has a space. */
export function portKey(device: string, port: string): string {
  return `${device} ${port}`;
}

/** undefined: an end is at a site that is not in service. */
function linkNode(
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
    standing: kept.standingOf(ref),
    decision: UNDECIDED,
  };
}

type Parts = Pick<CityGraph, 'devices' | 'sites' | 'links'>;

/** Ways and parents. Those of a loop without a way out are mistakes that say nothing. */
function connect({ devices, sites, links }: Parts): void {
  const between = new Map<string, LinkNode[]>();
  for (const link of links.values()) {
    const key = pairKey(...link.sites.map(({ site }) => site.id));
    between.set(key, [...(between.get(key) ?? []), link]);
  }
  for (const node of sites.values()) {
    for (const id of node.site.parents ?? []) {
      const to = sites.get(id);
      if (to === undefined) continue;
      node.ways.push({ to, links: between.get(pairKey(node.site.id, id)) ?? [] });
    }
  }
  for (const node of devices.values()) {
    for (const id of node.device.parents ?? []) {
      const parent = devices.get(id);
      if (parent !== undefined) node.parents.push(parent);
    }
  }
  const steps = numbered(sites, devices);
  const needs = steps.map(needsOf);
  const { loopOf } = orderWithoutLoops(needs.map((groups) => groups.flat()));
  const isOpen = whatOpens(needs);
  const saysSomething = (step: Step, needed: Step): boolean =>
    isOpen[step.at] === 1 || loopOf[step.at] !== loopOf[needed.at];
  for (const node of sites.values()) keepOnly(node.ways, ({ to }) => saysSomething(node.entry, to.exit));
  for (const node of devices.values())
    keepOnly(node.parents, (parent) => saysSomething(node.step, parent.step));
  const above = dominatorsOf([...sites.values()], ({ ways }) => ways.map(({ to }) => to));
  for (const [node, over] of above) node.above = over;
}

function keepOnly<T>(list: T[], isKept: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(isKept));
}

function pairKey(...ids: readonly string[]): string {
  return [...ids].sort().join(' ');
}

function numbered(sites: ReadonlyMap<string, SiteNode>, devices: ReadonlyMap<string, DeviceNode>): Step[] {
  const steps = [
    ...[...sites.values()].flatMap(({ entry, exit }) => [entry, exit]),
    ...[...devices.values()].map(({ step }) => step),
  ];
  steps.forEach((step, at) => (step.at = at));
  return steps;
}

/** What each step reads the results of: it is shut if all of one of these groups are. */
function needsOf({ kind, of }: Step): readonly (readonly number[])[] {
  if ('device' in of) {
    const { site, parents } = of;
    const at = site === undefined ? [] : [usesExit(of, site) ? site.exit : site.entry];
    return [at, parents.map(({ step }) => step)].flatMap(groupOf);
  }
  if (kind === 'entry') return groupOf(of.ways.map(({ to }) => to.exit));
  return groupOf(of.carriers.length > 0 ? of.carriers.map(({ step }) => step) : [of.entry]);
}

function groupOf(steps: readonly Step[]): readonly (readonly number[])[] {
  return steps.length === 0 ? [] : [steps.map(({ at }) => at)];
}

/** What is no node of the network is reached through its site's nodes, where there are any. */
export function usesExit({ isCarrier }: DeviceNode, { carriers }: SiteNode): boolean {
  return !isCarrier && carriers.length > 0;
}

/** In an order in which each comes after what it needs, with the rings marked. */
function stepsOf(
  sites: ReadonlyMap<string, SiteNode>,
  devices: ReadonlyMap<string, DeviceNode>,
): readonly Step[] {
  const unordered = numbered(sites, devices);
  const needs = unordered.map((step) => needsOf(step).flat());
  const { order, loopOf } = orderWithoutLoops(needs);
  unordered.forEach((step, at) => {
    for (const needed of needs[at] ?? []) unordered[needed]?.dependents.push(step);
  });
  const rings = new Map<number | undefined, Step[]>();
  for (const at of order) {
    const step = unordered[at];
    const ring = rings.get(loopOf[at]);
    if (step === undefined) continue;
    if (ring === undefined) rings.set(loopOf[at], [step]);
    else ring.push(step);
  }
  for (const ring of rings.values()) if (ring.length > 1) for (const step of ring) step.ring = ring;
  const steps = order.flatMap((at) => unordered[at] ?? []);
  steps.forEach((step, at) => (step.at = at));
  return steps;
}

function linkEndsOf(links: ReadonlyMap<string, LinkNode>): CityGraph['linkEnds'] {
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
    const standing = kept.standingOf(ref);
    units.set(unit.code, { ref, unit, devices: [], sites: [], agents: [], standing });
  }
  for (const node of devices.values()) units.get(node.device.unit)?.devices.push(node);
  for (const node of sites.values()) units.get(node.site.unit)?.sites.push(node);
  for (const { id, unit } of inventory.agents.values()) {
    const agent = agents.get(id);
    if (agent !== undefined) units.get(unit)?.agents.push(agent);
  }
  return units;
}

import { agentNode } from './city-graph.ts';
import {
  DeviceNode,
  ownersOf,
  SiteNode,
  type AgentNode,
  type CityGraph,
  type Kept,
  type LinkNode,
  type Step,
} from './graph-nodes.ts';
import { neededBy } from './graph-steps.ts';
import { isInService } from './in-service.ts';
import { leave, LinkPatch } from './patch-links.ts';
import type { StepMove } from './reckoning.ts';
import {
  isSame,
  type AgentStructure,
  type DeviceChange,
  type DeviceStructure,
  type SiteStructure,
  type Structure,
  type StructureChanges,
} from './structure.ts';

/** What came of a few things that changed. */
export interface PatchedGraph {
  readonly graph: CityGraph;
  /** In the order in which they were made. */
  readonly moves: readonly StepMove[];
  readonly newSites: readonly SiteNode[];
  /** Whose evidence may come to something else. */
  readonly changed: readonly (DeviceNode | LinkNode)[];
  readonly removed: readonly DeviceNode[];
  readonly removedLinks: readonly LinkNode[];
}

export interface PatchDeps {
  readonly inventory: Structure;
  readonly day: string;
  readonly kept: Kept;
}

/**
 * The graph with new sites and agents, and with some devices and links changed, added or removed, where nothing that was there is reached in another
 * way for it: the nodes of all others stay. Undefined: this takes a new graph; the nodes of the old one are of no use any more then.
 */
export function patchGraph(
  graph: CityGraph,
  { sites, agents, devices, links }: StructureChanges,
  { inventory, day, kept }: PatchDeps,
): PatchedGraph | undefined {
  if (graph.hasMistakes) return undefined;
  const patch = new Patch(graph, kept);
  const linkPatch = new LinkPatch(graph, kept);
  for (const { before } of links) if (before !== undefined) linkPatch.remove(before.id, graph.agents);
  const newSites = parentsFirst(sites.filter((site) => isInService(site, day)));
  if (leadsBack(newSites)) return undefined;
  for (const site of newSites) patch.addSite(site);
  for (const agent of agents) patch.addAgent(agent);
  for (const { before, after } of carriersFirst(devices)) {
    const node = before === undefined ? undefined : graph.devices.get(before.id);
    const expected = after !== undefined && isInService(after, day) ? after : undefined;
    if (!take(patch, node, expected, before !== undefined)) return undefined;
  }
  const result = patch.result(inventory);
  if (links.length === 0) return { ...result, removedLinks: [] };
  for (const { after } of links)
    if (after !== undefined && isInService(after, day)) linkPatch.add(after, result.graph);
  return {
    ...result,
    graph: { ...result.graph, ...linkPatch.result(inventory) },
    changed: [...result.changed, ...linkPatch.added],
    removedLinks: linkPatch.removed,
  };
}

/** Each after those of them that are above it, as far as they are in no ring. */
function parentsFirst(sites: readonly SiteStructure[]): readonly SiteStructure[] {
  const left = new Map(sites.map((site) => [site.id, site]));
  const ordered: SiteStructure[] = [];
  const take = (site: SiteStructure): void => {
    if (!left.delete(site.id)) return;
    for (const id of site.parents ?? []) {
      const above = left.get(id);
      if (above !== undefined) take(above);
    }
    ordered.push(site);
  };
  for (const site of sites) take(site);
  return ordered;
}

/** Whether new sites stand in a ring: the one that is made first has no way over those after it. */
function leadsBack(ordered: readonly SiteStructure[]): boolean {
  const notMade = new Set(ordered.map(({ id }) => id));
  return ordered.some(({ id, parents = [] }) => {
    const isAhead = parents.some((parent) => notMade.has(parent));
    notMade.delete(id);
    return isAhead;
  });
}

/** All else at a site is reached through its nodes; those that are gone stay first. */
function carriersFirst(changes: readonly DeviceChange[]): readonly DeviceChange[] {
  const rankOf = ({ before, after }: DeviceChange): number =>
    after === undefined ? 0 : before === undefined && after.kind !== 'node' ? 2 : 1;
  return changes.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function take(
  patch: Patch,
  node: DeviceNode | undefined,
  expected: DeviceStructure | undefined,
  wasKnown: boolean,
): boolean {
  if (node !== undefined) return expected === undefined ? patch.remove(node) : patch.change(node, expected);
  if (expected === undefined) return true;
  // Others may name as a parent what was known and not yet in service.
  return !wasKnown && patch.add(expected);
}

class Patch {
  readonly #graph: CityGraph;
  readonly #kept: Kept;
  readonly #steps: Step[];
  readonly #moves: StepMove[] = [];
  readonly #newSites = new Map<string, SiteNode>();
  readonly #newAgents = new Map<string, AgentNode>();
  readonly #added = new Map<string, DeviceNode>();
  readonly #changed: DeviceNode[] = [];
  readonly #removed: DeviceNode[] = [];

  constructor(graph: CityGraph, kept: Kept) {
    this.#graph = graph;
    this.#kept = kept;
    this.#steps = [...graph.steps];
  }

  /** Nothing that was there before leads over it. */
  addSite(site: SiteStructure): void {
    const node = new SiteNode(site, this.#kept);
    for (const id of site.parents ?? []) {
      const to = this.#site(id);
      if (to !== undefined) node.ways.push({ to, links: [] });
    }
    const above = node.ways.map(({ to }) => to.exit);
    const at = after(above);
    for (const exit of above) exit.dependents.push(node.entry);
    node.entry.dependents.push(node.exit);
    this.#insert(node.entry, at);
    this.#insert(node.exit, at + 1);
    node.above = nearestCommon(node.ways.map(({ to }) => to));
    node.unit = this.#graph.units.get(site.unit);
    node.unit?.sites.push(node);
    this.#newSites.set(site.id, node);
  }

  addAgent({ id, site: siteId, unit }: AgentStructure): void {
    const site = this.#site(siteId);
    const node = agentNode(id, site);
    site?.agents.push(node);
    node.unit = this.#graph.units.get(unit);
    node.unit?.agents.push(node);
    this.#newAgents.set(id, node);
  }

  /** False, as the others: this cannot be done. */
  change(node: DeviceNode, after: DeviceStructure): boolean {
    const { device: before } = node;
    const isElsewhere =
      before.kind !== after.kind ||
      before.site !== after.site ||
      before.unit !== after.unit ||
      !isSame(before.parents, after.parents);
    if (isElsewhere) return this.remove(node) && this.add(after);
    const owners = ownersOf(after);
    if (!isSame(owners, node.owners)) {
      // Its agents speak of its links, too.
      if (node.links.length > 0) return false;
      this.#leaveOwners(node);
      node.owners = owners;
      this.#joinOwners(node);
    }
    node.device = after;
    this.#changed.push(node);
    return true;
  }

  add(device: DeviceStructure): boolean {
    const { devices, units } = this.#graph;
    const site = this.#site(device.site);
    if (site === undefined) return false;
    const node = new DeviceNode(device, site, this.#kept);
    for (const id of device.parents ?? []) {
      const parent = this.#added.get(id) ?? devices.get(id);
      if (parent === undefined || this.#removed.includes(parent)) return false;
      node.parents.push(parent);
    }
    if (!this.#place(node, site)) return false;
    site.devices.push(node);
    if (node.isCarrier) site.carriers.push(node);
    node.unit = units.get(device.unit);
    node.unit?.devices.push(node);
    this.#joinOwners(node);
    this.#added.set(device.id, node);
    this.#changed.push(node);
    return true;
  }

  remove(node: DeviceNode): boolean {
    const { site, step } = node;
    if (site === undefined || node.links.length > 0 || step.ring !== undefined) return false;
    if (step.dependents.some((dependent) => dependent !== site.exit)) return false;
    // With its last node, all at the site is reached in another way.
    if (node.isCarrier && (site.carriers.length < 2 || site.exit.ring !== undefined)) return false;
    for (const needed of neededBy(step).flat()) leave(needed.dependents, step);
    this.#steps.splice(step.at, 1);
    this.#moves.push({ at: step.at, isNew: false });
    this.#number(step.at);
    leave(site.devices, node);
    leave(site.carriers, node);
    if (node.unit !== undefined) leave(node.unit.devices, node);
    this.#leaveOwners(node);
    this.#removed.push(node);
    return true;
  }

  result(inventory: Structure): Omit<PatchedGraph, 'removedLinks'> {
    const { devices: before } = this.#graph;
    const gone = new Set(this.#removed);
    const devices = new Map<string, DeviceNode>();
    // In the order of the inventory.
    for (const id of inventory.devices.keys()) {
      const known = before.get(id);
      const node = this.#added.get(id) ?? (known !== undefined && !gone.has(known) ? known : undefined);
      if (node !== undefined) devices.set(id, node);
    }
    const { sites, agents } = this.#graph;
    return {
      graph: {
        ...this.#graph,
        ...{ devices, steps: this.#steps },
        sites: withNew(sites, this.#newSites, inventory.sites),
        agents: withNew(agents, this.#newAgents, inventory.agents),
      },
      moves: this.#moves,
      newSites: [...this.#newSites.values()],
      changed: this.#changed,
      removed: this.#removed,
    };
  }

  /** After all it needs, and before what comes through it. */
  #place(node: DeviceNode, { entry, exit, carriers, devices }: SiteNode): boolean {
    const { step } = node;
    const needed = neededBy(step).flat();
    const at = after(needed);
    if (node.isCarrier) {
      if (exit.ring !== undefined || at > exit.at) return false;
      if (carriers.length === 0) {
        // Its first node changes how all else at the site is reached.
        if (devices.length > 0) return false;
        leave(entry.dependents, exit);
      }
      step.dependents.push(exit);
    }
    for (const each of needed) each.dependents.push(step);
    this.#insert(step, at);
    return true;
  }

  #insert(step: Step, at: number): void {
    this.#steps.splice(at, 0, step);
    this.#moves.push({ at, isNew: true });
    this.#number(at);
  }

  #site(id: string): SiteNode | undefined {
    return this.#newSites.get(id) ?? this.#graph.sites.get(id);
  }

  #agent(id: string): AgentNode | undefined {
    return this.#newAgents.get(id) ?? this.#graph.agents.get(id);
  }

  #number(from: number): void {
    for (let at = from; at < this.#steps.length; at++) {
      const step = this.#steps[at];
      if (step !== undefined) step.at = at;
    }
  }

  #joinOwners(node: DeviceNode): void {
    for (const owner of node.owners) this.#agent(owner)?.speaksOf.push(node);
  }

  #leaveOwners(node: DeviceNode): void {
    for (const owner of node.owners) {
      const agent = this.#graph.agents.get(owner);
      if (agent !== undefined) leave(agent.speaksOf, node);
    }
  }
}

/** The first place behind all of them. */
function after(needed: readonly Step[]): number {
  return Math.max(0, ...needed.map((each) => ((each.ring ?? [each]).at(-1)?.at ?? 0) + 1));
}

/** The nearest site that all ways over these lead over; undefined: there is none. */
function nearestCommon(sites: readonly SiteNode[]): SiteNode | undefined {
  const [first, ...others] = sites.map(selfAndAbove);
  return first?.find((site) => others.every((each) => each.includes(site)));
}

function selfAndAbove(site: SiteNode): SiteNode[] {
  const found: SiteNode[] = [];
  for (let each: SiteNode | undefined = site; each !== undefined; each = each.above) found.push(each);
  return found;
}

/** In the order of the inventory. */
function withNew<Node>(
  known: ReadonlyMap<string, Node>,
  added: ReadonlyMap<string, Node>,
  inventory: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Node> {
  if (added.size === 0) return known;
  const all = new Map<string, Node>();
  for (const id of inventory.keys()) {
    const node = added.get(id) ?? known.get(id);
    if (node !== undefined) all.set(id, node);
  }
  return all;
}

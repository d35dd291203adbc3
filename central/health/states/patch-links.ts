import { linkEndsOf, linkNode } from './city-graph.ts';
import {
  DeviceNode,
  type AgentNode,
  type CityGraph,
  type Kept,
  type LinkNode,
  type SiteNode,
} from './graph-nodes.ts';
import type { LinkStructure, Structure } from './structure.ts';

/** Of the graph with its other changes. */
export type LinkPlaces = Pick<CityGraph, 'sites' | 'devices' | 'agents'>;

/** Takes links from a graph and puts others in; nothing is reached in another order for them. */
export class LinkPatch {
  readonly #before: ReadonlyMap<string, LinkNode>;
  readonly #kept: Kept;
  readonly #added = new Map<string, LinkNode>();
  readonly #removed: LinkNode[] = [];

  constructor({ links }: CityGraph, kept: Kept) {
    this.#before = links;
    this.#kept = kept;
  }

  get added(): readonly LinkNode[] {
    return [...this.#added.values()];
  }

  get removed(): readonly LinkNode[] {
    return this.#removed;
  }

  remove(id: string, agents: LinkPlaces['agents']): void {
    const node = this.#before.get(id);
    if (node === undefined) return;
    for (const end of node.ends) {
      leave(end.links, node);
      for (const agent of agentsOf(end, agents)) leave(agent.speaksOf, node);
    }
    for (const { links } of waysAlong(node)) leave(links, node);
    this.#removed.push(node);
  }

  add(link: LinkStructure, { sites, devices, agents }: LinkPlaces): void {
    const node = linkNode(link, sites, devices, this.#kept);
    // An end is at a site that is not in service.
    if (node === undefined) return;
    for (const end of node.ends) {
      end.links.push(node);
      for (const agent of agentsOf(end, agents)) agent.speaksOf.push(node);
    }
    // Ways there and back may share their list.
    for (const { links } of waysAlong(node)) if (!links.includes(node)) links.push(node);
    this.#added.set(link.id, node);
  }

  result({ links: wanted }: Structure): Pick<CityGraph, 'links' | 'linkEnds'> {
    const gone = new Set(this.#removed);
    const links = new Map<string, LinkNode>();
    // In the order of the inventory.
    for (const id of wanted.keys()) {
      const known = this.#before.get(id);
      const node = this.#added.get(id) ?? (known !== undefined && !gone.has(known) ? known : undefined);
      if (node !== undefined) links.set(id, node);
    }
    return { links, linkEnds: linkEndsOf(links) };
  }
}

function agentsOf(end: DeviceNode | SiteNode, agents: LinkPlaces['agents']): AgentNode[] {
  return end instanceof DeviceNode ? end.owners.flatMap((owner) => agents.get(owner) ?? []) : [];
}

/** From each of its sites to another one of them. */
function waysAlong({ sites }: LinkNode): SiteNode['ways'] {
  return sites.flatMap((site) => site.ways.filter(({ to }) => to !== site && sites.includes(to)));
}

export function leave<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

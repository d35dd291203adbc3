import type { Inventory } from '../inventory/inventory.ts';
import type { Location } from '../samples/location.ts';
import { idIn } from './services/thing-state.ts';

/** Where something of the inventory is, and who measures it. */
export interface ElementPlace {
  readonly location: Location;
  /** Empty: nobody does. */
  readonly agent: string;
}

type Places = Pick<Inventory, 'sites' | 'agents' | 'devices' | 'links' | 'pools' | 'services'>;

/** How far from need to need, or from site to site behind it, an agent is looked for. */
const MAX_STEPS = 8;

/** Where the devices, sites, links and services of the inventory are, and who measures them. */
export class ElementPlaces {
  readonly #inventory: Places;
  #planned: { readonly of: readonly unknown[]; readonly agentAt: ReadonlyMap<string, string> } | undefined;

  constructor(inventory: Places) {
    this.#inventory = inventory;
  }

  /** A link is where its lower end is. A service is at no place; it is measured by whom the first of its needs is. */
  placeOf(ref: string): ElementPlace {
    return { location: this.#locationOf(ref), agent: this.#agentOf(ref, MAX_STEPS) ?? '' };
  }

  #locationOf(ref: string): Location {
    const { devices, sites } = this.#inventory;
    const id = idIn(ref);
    const device = ref.startsWith('device:') ? devices.get(id) : undefined;
    if (device !== undefined) return { unit: device.unit, site: device.site };
    const site = sites.get(ref.startsWith('link:') ? (this.#lowerEndOf(id) ?? '') : id);
    return site === undefined || ref.startsWith('service:') ? {} : { unit: site.unit, site: site.id };
  }

  #lowerEndOf(link: string): string | undefined {
    const [first, second] = this.#inventory.links.get(link)?.ends ?? [];
    if (first === undefined || second === undefined) return undefined;
    const isLower = this.#inventory.sites.get(second.site)?.parents?.includes(first.site) === true;
    return isLower ? second.site : first.site;
  }

  #agentOf(ref: string, steps: number): string | undefined {
    const { devices, links, pools, services } = this.#inventory;
    const id = idIn(ref);
    if (steps === 0) return undefined;
    if (ref.startsWith('device:')) return devices.get(id)?.agent;
    if (ref.startsWith('site:')) return this.#agentAt().get(id);
    if (ref.startsWith('link:')) {
      const ends = links.get(id)?.ends ?? [];
      const ofDevice = ends.map(({ device }) => device && devices.get(device)?.agent).find(isThere);
      return ofDevice ?? this.#agentAt().get(this.#lowerEndOf(id) ?? '');
    }
    if (ref.startsWith('pool:')) {
      const site = pools.find((pool) => pool.id === id)?.site;
      return site === undefined ? undefined : this.#agentAt().get(site);
    }
    const needs = services.get(id)?.needs ?? [];
    for (const need of needs.flatMap((each) => (typeof each === 'string' ? [each] : each.anyOf))) {
      const agent = this.#agentOf(need, steps - 1);
      if (agent !== undefined) return agent;
    }
    return undefined;
  }

  /** Of each site an agent at it, else one that measures a device of it, else one of a site behind it. */
  #agentAt(): ReadonlyMap<string, string> {
    const { sites, agents, devices } = this.#inventory;
    const of = [sites, agents, devices];
    if (this.#planned !== undefined && this.#planned.of.every((map, at) => map === of[at]))
      return this.#planned.agentAt;
    const agentAt = new Map<string, string>();
    const add = (site: string, agent: string): void => {
      if (!agentAt.has(site)) agentAt.set(site, agent);
    };
    for (const { site, id } of agents.values()) add(site, id);
    for (const { site, agent } of devices.values()) add(site, agent);
    for (let step = 0, before = -1; step < MAX_STEPS && agentAt.size > before; step++) {
      before = agentAt.size;
      for (const { id, parents = [] } of sites.values()) {
        const agent = agentAt.get(id);
        if (agent !== undefined) for (const parent of parents) add(parent, agent);
      }
    }
    this.#planned = { of, agentAt };
    return agentAt;
  }
}

function isThere(agent: string | undefined): agent is string {
  return agent !== undefined;
}

import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { Places } from './subjects.ts';

interface Found {
  /** By device and port. */
  readonly links: ReadonlyMap<string, string>;
  /** By site. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  readonly linksAt: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The places of the inventory as it is now; what has to be searched for is found once for each inventory. */
export class InventoryPlaces implements Places {
  readonly #inventory: LiveInventory;
  #found: Found | undefined;

  constructor(inventory: LiveInventory) {
    this.#inventory = inventory;
    inventory.onChange(() => (this.#found = undefined));
  }

  hasDevice(id: string): boolean {
    return this.#inventory.devices.has(id);
  }

  hasSite(id: string): boolean {
    return this.#inventory.sites.has(id);
  }

  hasLink(id: string): boolean {
    return this.#inventory.links.has(id);
  }

  linkAt(device: string, port: string): string | undefined {
    return this.#index().links.get(portKey(device, port));
  }

  siteOfDevice(id: string): string | undefined {
    return this.#inventory.devices.get(id)?.site;
  }

  siteOfAgent(id: string): string | undefined {
    return this.#inventory.agents.get(id)?.site;
  }

  devicesAt(site: string): readonly string[] {
    return this.#index().devices.get(site) ?? [];
  }

  nodesAt(site: string): readonly string[] {
    return this.#index().nodes.get(site) ?? [];
  }

  onlyLinkAt(site: string): string | undefined {
    const links = this.#index().linksAt.get(site);
    return links?.size === 1 ? [...links][0] : undefined;
  }

  nameOf(ref: string): string {
    const colon = ref.indexOf(':');
    const id = ref.slice(colon + 1);
    const { sites, devices, units } = this.#inventory;
    if (ref.startsWith('unit:')) return units.get(id)?.name ?? id;
    const name = ref.startsWith('site:') ? sites.get(id)?.name : devices.get(id)?.name;
    return name ?? id;
  }

  #index(): Found {
    if (this.#found !== undefined) return this.#found;
    const links = new Map<string, string>();
    const linksAt = new Map<string, Set<string>>();
    for (const { id, ends } of this.#inventory.links.values()) {
      for (const { site, device, interface: port } of ends) {
        if (device !== undefined && port !== undefined) links.set(portKey(device, port), id);
        linksAt.set(site, (linksAt.get(site) ?? new Set()).add(id));
      }
    }
    const devices = new Map<string, string[]>();
    const nodes = new Map<string, string[]>();
    for (const { id, kind, site } of this.#inventory.devices.values()) {
      append(devices, site, id);
      if (kind === 'node') append(nodes, site, id);
    }
    return (this.#found = { links, devices, nodes, linksAt });
  }
}

function append(lists: Map<string, string[]>, key: string, id: string): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [id]);
  else known.push(id);
}

/** No id has a space. */
function portKey(device: string, port: string): string {
  return `${device} ${port}`;
}

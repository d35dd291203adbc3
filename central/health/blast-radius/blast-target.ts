import type { Inventory } from '../../inventory/inventory.ts';
import type { ReachGraph } from './reach-graph.ts';
import type { Failed } from './reach.ts';

/** What may fail: things of the inventory, by kind and id, such as `site:hub-03`. */
export interface FailedThings extends Failed {
  readonly pools: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

const KINDS = ['device', 'site', 'link', 'unit', 'pool', 'service'] as const;
export const TARGET_PATTERN = new RegExp(`^(${KINDS.join('|')}):[a-z0-9][a-z0-9._-]{0,63}$`);

type TargetInventory = Pick<Inventory, 'units' | 'sites' | 'devices' | 'links' | 'pools' | 'services'>;

/** Whether the inventory has it. */
export function isThing(inventory: TargetInventory, ref: string): boolean {
  const [kind, id] = splitRef(ref);
  switch (kind) {
    case 'device':
      return inventory.devices.has(id);
    case 'site':
      return inventory.sites.has(id);
    case 'link':
      return inventory.links.has(id);
    case 'unit':
      return inventory.units.has(id);
    case 'pool':
      return inventory.pools.some((pool) => pool.id === id);
    case 'service':
      return inventory.services.has(id);
    default:
      return false;
  }
}

/** Pure. A unit fails with all sites and devices in it. What the graph does not have is left out. */
export function failedThings(graph: ReachGraph, refs: Iterable<string>): FailedThings {
  const sites = new Set<number>();
  const devices = new Set<number>();
  const links = new Set<number>();
  const pools = new Set<string>();
  const services = new Set<string>();
  const addAll = (into: Set<number>, numbers: Iterable<number | undefined>): void => {
    for (const number of numbers) if (number !== undefined) into.add(number);
  };
  for (const ref of refs) {
    const [kind, id] = splitRef(ref);
    if (kind === 'device') addAll(devices, [graph.deviceNumbers.get(id)]);
    else if (kind === 'site') addAll(sites, [graph.siteNumbers.get(id)]);
    else if (kind === 'link') addAll(links, [graph.linkNumbers.get(id)]);
    else if (kind === 'pool') pools.add(id);
    else if (kind === 'service') services.add(id);
    else if (kind === 'unit') {
      addAll(sites, inUnit(graph.sites, id));
      addAll(devices, inUnit(graph.devices, id));
    }
  }
  return { sites, devices, links, pools, services };
}

function inUnit(entries: readonly { readonly unit: string }[], unit: string): number[] {
  return entries.flatMap((entry, number) => (entry.unit === unit ? [number] : []));
}

function splitRef(ref: string): readonly [kind: string, id: string] {
  const colon = ref.indexOf(':');
  return [ref.slice(0, colon), ref.slice(colon + 1)];
}

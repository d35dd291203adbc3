import type { Agency, Pool, Service, Unit } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { isInService } from '../states/in-service.ts';
import { groupServices, type ServiceGroup } from '../services/service-groups.ts';
import { buildReachGraph, type ReachGraph } from './reach-graph.ts';

/** What of the inventory counts on a day, ready to be reckoned with. */
export interface BlastParts {
  readonly graph: ReachGraph;
  readonly units: readonly Unit[];
  readonly agencies: readonly Agency[];
  /** One for each id, whatever resources it has. */
  readonly pools: readonly Pool[];
  readonly services: readonly Service[];
  readonly serviceGroups: readonly ServiceGroup[];
}

export type BlastInventory = Pick<
  Inventory,
  'units' | 'sites' | 'devices' | 'links' | 'pools' | 'services' | 'agencies'
>;

/** Pure. `day`: what is not installed yet or is retired by then does not count, such as 2025-07-01. */
export function blastParts(inventory: BlastInventory, day: string): BlastParts {
  const services = new Map([...inventory.services].filter(([, service]) => isInService(service, day)));
  const pools = inventory.pools.filter((pool) => isInService(pool, day));
  return {
    graph: buildReachGraph(inventory, day),
    units: [...inventory.units.values()],
    agencies: [...inventory.agencies.values()],
    pools: [...new Map(pools.map((pool) => [pool.id, pool])).values()],
    services: [...services.values()],
    serviceGroups: groupServices(services),
  };
}

import type { Sample } from '../../contract/sample.ts';
import { buildInventory } from './build-inventory.ts';
import type { CityInventory, CityModel } from './city.ts';
import { FaultMap, type Fault } from './faults.ts';
import { measureGateway, type GatewayPlace } from './measure-gateway.ts';
import { measurePool, type PoolPlace } from './measure-pool.ts';
import { measureServer } from './measure-server.ts';

export interface CityOptions {
  readonly seed: number;
  readonly unitCount?: number;
  /** Ports of every node; otherwise 8 at a site and 48 at a hub. */
  readonly interfacesPerNode?: number;
  readonly faults?: (inventory: CityInventory) => readonly Fault[];
}

type Measure = (timeMs: number) => readonly Sample[] | undefined;

const ALL_UNITS = 168;
const SITE_PORTS = 8;
const HUB_PORTS = 48;

/** Pure and seeded: what an agent measures depends on seed, agent and time alone. */
export function buildCity(options: CityOptions): CityModel {
  const { seed, unitCount = ALL_UNITS } = options;
  const inventory = buildInventory({ seed, unitCount });
  const faults = new FaultMap(options.faults?.(inventory) ?? []);
  const measures = new Map<string, Measure>();
  const sites = new Map(inventory.sites.map((site) => [site.id, site]));
  const devices = new Map<string, CityInventory['devices'][number][]>();
  for (const device of inventory.devices) {
    const list = devices.get(device.agent);
    if (list === undefined) devices.set(device.agent, [device]);
    else list.push(device);
  }
  const pools = poolsByReporter(inventory);
  for (const agent of inventory.agents) {
    const site = sites.get(agent.site);
    if (agent.kind === 'server') {
      const place = { id: agent.id, site: agent.site, unit: agent.unit };
      const reported = pools.get(agent.id) ?? [];
      measures.set(agent.id, (timeMs) => [
        ...measureServer(seed, place, timeMs, faults),
        ...reported.map((pool) => measurePool(seed, pool, timeMs, faults)),
      ]);
      continue;
    }
    const ports = options.interfacesPerNode ?? (site?.kind === 'hub' ? HUB_PORTS : SITE_PORTS);
    const place: GatewayPlace = {
      site: agent.site,
      unit: agent.unit,
      devices: devices.get(agent.id) ?? [],
      interfaces: ports,
    };
    const hub = site?.kind === 'hub' ? site.id : site?.parent;
    measures.set(agent.id, (timeMs) => {
      const isDark =
        faults.active('site_power_cut', agent.site, timeMs) ??
        (hub === undefined ? undefined : faults.active('hub_uplink_cut', hub, timeMs));
      return isDark === undefined ? measureGateway(seed, place, timeMs, faults) : undefined;
    });
  }
  return { inventory, samplesAt: (agent, timeMs) => measures.get(agent)?.(timeMs) };
}

/** The first server of a datacentre reports its pools. */
function poolsByReporter(inventory: CityInventory): Map<string, PoolPlace[]> {
  const reporters = new Map<string, PoolPlace[]>();
  for (const pool of inventory.pools) {
    const servers = inventory.agents.filter((agent) => agent.kind === 'server' && agent.site === pool.site);
    const [first] = servers;
    if (first === undefined) continue;
    const list = reporters.get(first.id) ?? [];
    list.push({ ...pool, unit: first.unit, hosts: servers.length });
    reporters.set(first.id, list);
  }
  return reporters;
}

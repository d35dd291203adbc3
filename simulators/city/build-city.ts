import type { InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildInventory } from './build-inventory.ts';
import type { Condition, CityModel } from './city.ts';
import { listedFaults, type Fault, type Faults } from './faults.ts';
import { createHubWays } from './hub-ways.ts';
import { createGateway } from './measure-gateway.ts';
import { poolMeter } from './measure-pool.ts';
import { serverMeter } from './measure-server.ts';
import { createRain } from './weather.ts';

export interface CityOptions {
  readonly seed: number;
  readonly unitCount?: number;
  /** As `InventoryOptions` have them. */
  readonly unitsPerHub?: number;
  readonly ringEvery?: number;
  /** Ports of every node. Default: 8 at a site, 48 at a hub. */
  readonly interfacesPerNode?: number;
  /** Measurement interval of the agents; longer periods are multiples of it. Default 10 s. */
  readonly intervalMs?: number;
  /** A list of faults, or a generator: see recurringFaults(). Default: none. */
  readonly faults?: (inventory: InventoryFile) => readonly Fault[] | Faults;
}

interface AgentModel {
  readonly conditionAt: (timeMs: number) => Condition;
  readonly measure: (timeMs: number, into: Sample[]) => void;
}

const ALL_UNITS = 168;
const SITE_PORTS = 8;
const HUB_PORTS = 48;
const DEFAULT_INTERVAL_MS = 10_000;

/** Pure and seeded: what an agent measures depends on seed, agent and time alone. */
export function buildCity(options: CityOptions): CityModel {
  const { seed, unitCount = ALL_UNITS, unitsPerHub, ringEvery } = options;
  const inventory = buildInventory({
    ...{ seed, unitCount },
    ...(unitsPerHub !== undefined && { unitsPerHub }),
    ...(ringEvery !== undefined && { ringEvery }),
  });
  const made = options.faults?.(inventory) ?? [];
  const faults = 'track' in made ? made : listedFaults(made);
  const agents = new Map<string, AgentModel>([
    ...gateways(inventory, options, faults),
    ...servers(inventory, seed, faults),
  ]);
  return {
    inventory,
    conditionAt: (agent, timeMs) => agents.get(agent)?.conditionAt(timeMs) ?? 'dark',
    samplesAt: (agent, timeMs) => {
      const model = agents.get(agent);
      if (model === undefined || model.conditionAt(timeMs) === 'dark') return undefined;
      const samples: Sample[] = [];
      model.measure(timeMs, samples);
      return samples;
    },
    faultsBetween: (fromMs, toMs) => faults.between(fromMs, toMs),
  };
}

function gateways(
  inventory: InventoryFile,
  { seed, interfacesPerNode, intervalMs = DEFAULT_INTERVAL_MS }: CityOptions,
  faults: Faults,
): [string, AgentModel][] {
  const sites = new Map(inventory.sites.map((site) => [site.id, site]));
  const devices = groupBy(inventory.devices, (device) => device.agent);
  const rain = createRain(seed);
  const hubWays = createHubWays(inventory, faults);
  const hubs = inventory.sites.filter(({ kind }) => kind === 'hub').map(({ id }) => id);
  return inventory.agents.flatMap((agent): [string, AgentModel][] => {
    const site = sites.get(agent.site);
    if (agent.kind !== 'gateway' || site === undefined) return [];
    const portCount = interfacesPerNode ?? (site.kind === 'hub' ? HUB_PORTS : SITE_PORTS);
    const { isDark, isCutOff, measure } = createGateway(
      {
        agent: agent.id,
        site,
        hub: site.kind === 'site' ? (site.parents?.[0] ?? site.id) : site.id,
        devices: devices.get(agent.id) ?? [],
        ports: site.kind === 'city' ? hubs : portNames(portCount),
      },
      { seed, intervalMs, faults, hubWays, rain },
    );
    const conditionAt = (timeMs: number): Condition =>
      isDark(timeMs) ? 'dark' : isCutOff(timeMs) ? 'cut_off' : 'connected';
    return [[agent.id, { conditionAt, measure }]];
  });
}

function portNames(count: number): string[] {
  return Array.from({ length: count }, (_, port) => (port === 0 ? 'uplink' : `ge-0/0/${port}`));
}

function servers(inventory: InventoryFile, seed: number, faults: Faults): [string, AgentModel][] {
  const all = inventory.agents.filter((agent) => agent.kind === 'server');
  const bySite = groupBy(all, (agent) => agent.site);
  return all.map((agent) => {
    const measure = serverMeter(seed, agent, {
      runaway: faults.track('cpu_runaway', agent.id),
      filling: faults.track('disk_filling', agent.id),
    });
    const neighbours = bySite.get(agent.site) ?? [];
    // The first server of a datacentre reports its pools.
    const own = neighbours[0] === agent ? inventory.pools.filter((pool) => pool.site === agent.site) : [];
    const pools = own.map((pool) =>
      poolMeter(
        seed,
        { ...pool, unit: agent.unit, hosts: neighbours.length },
        faults.track('pool_nearly_full', pool.id),
      ),
    );
    const measureAll = (timeMs: number, into: Sample[]): void => {
      measure(timeMs, into);
      for (const measurePool of pools) measurePool(timeMs, into);
    };
    return [agent.id, { conditionAt: () => 'connected', measure: measureAll }];
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

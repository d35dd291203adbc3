import type { InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from '../../simulators/city/build-city.ts';

/** The samples of one agent at one instant. */
export interface AgentSamples {
  readonly agent: string;
  readonly samples: readonly Sample[];
}

const NODES = 20;
const INTERFACES = 48;
/** Points of a full batch. */
export const POINTS_PER_AGENT = NODES * INTERFACES;
const CITY = { seed: 1, unitCount: 168, interfacesPerNode: INTERFACES };

/** Full batches of the city's most common kind, one per agent: 20 nodes of 48 interfaces, 10 values each. */
export function fullShape(agents: readonly string[], timeMs: number): AgentSamples[] {
  return agents.map((agent) => ({ agent, samples: interfaceSamples(agent, timeMs) }));
}

/** How much larger than the reference city. */
export interface CityScale {
  /** Agents, each with the devices of one. */
  readonly agents: number;
  /** Devices that each agent measures, of those it measures in the reference city. */
  readonly devicesPerAgent: number;
}

export const REFERENCE_SCALE: CityScale = { agents: 1, devicesPerAgent: 1 };

/** The reference city: most batches are small, with the 40 values of a server or the nodes of a ward gateway. */
export function cityShape(timeMs: number, scale = REFERENCE_SCALE): AgentSamples[] {
  const model = buildCity(CITY);
  const devices = copyPrefixes('d', scale.devicesPerAgent);
  const once = model.inventory.agents.flatMap(({ id }) => {
    const samples = model.samplesAt(id, timeMs);
    if (samples === undefined || samples.length === 0) return [];
    return [{ agent: id, samples: devices.flatMap((prefix) => samplesOf(prefix, samples)) }];
  });
  return copyPrefixes('c', scale.agents).flatMap((prefix) =>
    once.map(({ agent, samples }) => ({ agent: prefix + agent, samples: samplesOf(prefix, samples) })),
  );
}

/** What of the reference city exists. */
export function cityInventory(): InventoryFile {
  return buildCity(CITY).inventory;
}

export function cityAgents(scale = REFERENCE_SCALE): string[] {
  const agents = buildCity(CITY).inventory.agents.map(({ id }) => id);
  return copyPrefixes('c', scale.agents).flatMap((prefix) => agents.map((agent) => prefix + agent));
}

/** The first copy keeps its names. */
function copyPrefixes(letter: string, copies: number): string[] {
  return Array.from({ length: copies }, (_, copy) => (copy === 0 ? '' : `${letter}${copy}-`));
}

/** Tags that name a thing, so that a copy is a thing of its own, with alerts of its own. */
const NAMING_TAGS = new Set(['host', 'device', 'line', 'pool']);

function samplesOf(prefix: string, samples: readonly Sample[]): readonly Sample[] {
  if (prefix === '') return samples;
  return samples.map((sample) => ({
    ...sample,
    tags: Object.fromEntries(
      Object.entries(sample.tags).map(([name, value]) => [
        name,
        NAMING_TAGS.has(name) ? prefix + value : value,
      ]),
    ),
  }));
}

export function valuesIn(samples: readonly Sample[]): number {
  return samples.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
}

function interfaceSamples(agent: string, timeMs: number): Sample[] {
  return Array.from({ length: POINTS_PER_AGENT }, (_, index) => ({
    measurement: 'interface',
    tags: {
      device: `${agent}-n${Math.floor(index / INTERFACES)}`,
      interface: `ge-0/0/${index % INTERFACES}`,
    },
    fields: {
      in_bps: 1_000_000 + index * 1_713,
      out_bps: 500_000 + index * 911,
      in_utilization_pct: (index % 97) / 2,
      out_utilization_pct: (index % 89) / 2,
      in_errors: 0,
      out_errors: 0,
      in_discards: index % 3,
      out_discards: 0,
      oper_status: 1,
      admin_status: 1,
    },
    timeMs,
  }));
}

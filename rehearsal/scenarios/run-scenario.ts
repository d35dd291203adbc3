import type { InventoryFile } from '../../contract/inventory.ts';
import { buildInventory } from '../../simulators/city/build-inventory.ts';
import { chance } from '../../simulators/city/noise.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { isStaged } from '../../simulators/staging/effects.ts';
import { stageCity } from '../../simulators/staging/stage-city.ts';
import { rehearsedCity, rehearsedInventory } from '../city/rehearsed-city.ts';
import type { Recorded } from '../record.ts';
import { runCity, type CityRun } from '../run-city.ts';
import { createCityMap, type CityMap } from '../truth/city-map.ts';
import { disturbancesOf } from './disturbances.ts';
import { faultOf, stagedHappenings, type StagedHappening } from './scenario-troubles.ts';

/** What became of a scenario: the truth beside the record. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly city: CityModel;
  readonly map: CityMap;
  readonly happenings: readonly StagedHappening[];
  readonly recorded: Recorded;
}

const GATEWAY_MS = 10_000;
/** What is left out is more of the same. */
const SERVER_MS = 60_000;
/** An uplink, and a port to what hangs behind. */
const PORTS = 2;

/** The city of a scenario: names do not depend on the seed. Pure. */
export function scenarioInventory({ units, unitsPerHub, ringEvery }: Scenario['city']): InventoryFile {
  return rehearsedInventory(
    buildInventory({
      ...{ seed: 1, unitCount: units },
      ...(unitsPerHub !== undefined && { unitsPerHub }),
      ...(ringEvery !== undefined && { ringEvery }),
    }),
  );
}

/** The city of a scenario, and what is staged in it. Pure. */
export function scenarioCity(
  scenario: Scenario,
  seed: number,
): { readonly city: CityModel; readonly faults: readonly Fault[] } {
  const { units, unitsPerHub, ringEvery } = scenario.city;
  const { interval } = scenario;
  const gatewayMs = interval ?? GATEWAY_MS;
  const faults = scenario.happens.map((happening) => faultOf(scenario, happening));
  const base = buildCity({
    ...{ seed, unitCount: units, interfacesPerNode: PORTS, intervalMs: gatewayMs },
    ...(unitsPerHub !== undefined && { unitsPerHub }),
    ...(ringEvery !== undefined && { ringEvery }),
    faults: () => faults.filter(({ kind }) => !isStaged(kind)),
  });
  const hot = faults
    .filter(({ kind }) => kind === 'server_hot')
    .map(({ target: host, ...span }) => ({ host, fromMs: span.fromMs, toMs: span.toMs }));
  return { city: stageCity(rehearsedCity(base, hot), faults, gatewayMs), faults };
}

/** A scenario through the real parts on virtual time. The same scenario and seed, the same result. */
export async function runScenario(
  scenario: Scenario,
  seed: number,
  ways: Pick<CityRun, 'rules' | 'directory'> = {},
): Promise<ScenarioRun> {
  const { fromMs, length, interval } = scenario;
  const { city, faults } = scenarioCity(scenario, seed);
  const map = createCityMap(city.inventory);
  const recorded = await runCity({
    ...{ city, fromMs, toMs: fromMs + length, random: seededRandom(seed) },
    intervalMs: { gateway: interval ?? GATEWAY_MS, server: interval ?? SERVER_MS },
    disturbances: disturbancesOf(scenario, faults),
    ...ways,
  });
  return { scenario, seed, city, map, happenings: stagedHappenings(scenario, city, map), recorded };
}

function seededRandom(seed: number): () => number {
  let drawn = 0;
  return () => chance(seed, drawn++);
}

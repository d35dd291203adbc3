import { buildCity } from '../simulators/city/build-city.ts';
import type { Fault } from '../simulators/city/faults.ts';
import { runCity } from './run-city.ts';
import type { BarLine } from './score/bars.ts';
import { stormBars } from './score/storm-bars.ts';
import { createCityMap } from './truth/city-map.ts';

export interface StormPlan {
  readonly seed: number;
  readonly unitCount: number;
  readonly fromMs: number;
  /** Hubs whose lines to the city are cut, one each second. */
  readonly hubs: number;
}

const MINUTE_MS = 60_000;
const CALM_MS = 2 * MINUTE_MS;
const CUT_MS = 4 * MINUTE_MS;
const RETURN_MS = 6 * MINUTE_MS;
const INTERVAL_MS = { gateway: 10_000, server: 60_000 };

/** Many lines of the backbone are cut within seconds: hundreds of sites fall silent at once, and come back with what they have kept. */
export async function rehearseStorm({
  seed,
  unitCount,
  fromMs,
  hubs,
}: StormPlan): Promise<readonly BarLine[]> {
  const cutAtMs = fromMs + CALM_MS;
  const city = buildCity({
    ...{ seed, unitCount, interfacesPerNode: 1 },
    faults: ({ sites }) =>
      sites
        .filter(({ kind }) => kind === 'hub')
        .slice(0, hubs)
        .map(({ id }, at): Fault => ({
          kind: 'hub_uplink_cut',
          target: id,
          fromMs: cutAtMs + at * 1_000,
          toMs: cutAtMs + CUT_MS,
        })),
  });
  const toMs = cutAtMs + CUT_MS + RETURN_MS;
  const recorded = await runCity({
    ...{ city, fromMs, toMs, intervalMs: INTERVAL_MS, random: () => 0.5 },
  });
  const lostSites = city.inventory.agents.flatMap(({ id, kind, site }) =>
    kind === 'gateway' && city.conditionAt(id, cutAtMs + CUT_MS - 1) === 'cut_off' ? [site] : [],
  );
  return stormBars({ recorded, map: createCityMap(city.inventory), lostSites, cutAtMs });
}

import type { Random } from '../runtime/clock.ts';
import { buildCity } from '../simulators/city/build-city.ts';
import { chance } from '../simulators/city/noise.ts';
import { recurringFaults } from '../simulators/city/recurring-faults.ts';
import { runCity } from './run-city.ts';
import type { Recorded } from './record.ts';
import { alarmRate } from './score/alarm-rate.ts';
import { barsOf, type BarLine } from './score/bars.ts';
import { score, type Score } from './score/score.ts';
import { createCityMap } from './truth/city-map.ts';
import { readTruth } from './truth/read-truth.ts';

export interface DayPlan {
  readonly seed: number;
  /** 168 for the whole city. */
  readonly unitCount: number;
  /** Unix ms. */
  readonly fromMs: number;
  readonly hours: number;
}

export interface DayResult {
  readonly lines: readonly BarLine[];
  readonly score: Score;
  readonly recorded: Recorded;
  readonly faults: number;
}

const HOUR_MS = 3_600_000;
/** Agents begin, rules over the inventory begin ten minutes after a start, and the last faults are still to be told of. */
const CALM_MS = 600_000;
/** Servers send each minute instead of each ten seconds, and nodes have one port: what is left out is the same again. */
const INTERVAL_MS = { gateway: 10_000, server: 60_000 };
const PORTS = 1;

/** A day of the simulated city with its recurring faults, through the real parts, and its score. The same plan, the same result. */
export async function rehearseDay(
  { seed, unitCount, fromMs, hours }: DayPlan,
  onHour?: (hours: number) => void,
): Promise<DayResult> {
  const toMs = fromMs + hours * HOUR_MS;
  const city = buildCity({
    ...{ seed, unitCount, interfacesPerNode: PORTS },
    intervalMs: INTERVAL_MS.gateway,
    faults: (inventory) =>
      recurringFaults(inventory, seed)
        .between(fromMs, toMs)
        .filter((fault) => fault.fromMs >= fromMs + CALM_MS && fault.toMs <= toMs - CALM_MS),
  });
  const recorded = await runCity({
    ...{ city, fromMs, toMs, intervalMs: INTERVAL_MS, random: seededRandom(seed) },
    ...(onHour !== undefined && { onHour }),
  });
  const troubles = readTruth(city, { fromMs, toMs });
  const scored = score({
    ...{ recorded, troubles, map: createCityMap(city.inventory) },
    conditionAt: (agent, timeMs) => city.conditionAt(agent, timeMs),
  });
  const rate = alarmRate(scored.pages, troubles, { fromMs, toMs });
  return { lines: barsOf(scored, rate), score: scored, recorded, faults: troubles.length };
}

function seededRandom(seed: number): Random {
  let step = 0;
  return () => chance(seed, step++);
}

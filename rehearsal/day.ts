import { CATALOGUE } from '../contract/measurements/index.ts';
import type { Random } from '../runtime/clock.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../central/alerts/rules/load-rules.ts';
import { buildCity } from '../simulators/city/build-city.ts';
import { chance } from '../simulators/city/noise.ts';
import { recurringFaults } from '../simulators/city/recurring-faults.ts';
import { hotServers } from './city/hot-server.ts';
import { poolPast, type GrowingPool } from './city/pool-past.ts';
import { rehearsedCity } from './city/rehearsed-city.ts';
import { runCity } from './run-city.ts';
import type { Recorded } from './record.ts';
import { alarmRate } from './score/alarm-rate.ts';
import { barsOf, type BarLine } from './score/bars.ts';
import { score, type Score } from './score/score.ts';
import { ruleCoverage, type RuleCoverage } from './score/rule-coverage.ts';
import { growingPoolTrouble, hotServerTrouble } from './truth/added-troubles.ts';
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
  readonly coverage: RuleCoverage;
}

const HOUR_MS = 3_600_000;
/** Agents begin, rules over the inventory begin ten minutes after a start, and the last faults are still to be told of. */
const CALM_MS = 600_000;
/** Servers send each minute instead of each ten seconds, and nodes have one port: what is left out is the same again. */
const INTERVAL_MS = { gateway: 10_000, server: 60_000 };
const PORTS = 1;
const GROWING: GrowingPool = { pool: 'pool-dc1', resource: 'storage' };

/** A day of the simulated city with its recurring faults, through the real parts, and its score. The same plan, the same result. */
export async function rehearseDay(
  { seed, unitCount, fromMs, hours }: DayPlan,
  onHour?: (hours: number) => void,
): Promise<DayResult> {
  const span = { fromMs, toMs: fromMs + hours * HOUR_MS };
  const base = buildCity({
    ...{ seed, unitCount, interfacesPerNode: PORTS },
    intervalMs: INTERVAL_MS.gateway,
    faults: (inventory) =>
      recurringFaults(inventory, seed)
        .between(span.fromMs, span.toMs)
        .filter((fault) => fault.fromMs >= fromMs + CALM_MS && fault.toMs <= span.toMs - CALM_MS),
  });
  const servers = base.inventory.agents.filter(({ kind }) => kind === 'server').map(({ id }) => id);
  const hot = hotServers(servers, seed, span);
  const city = rehearsedCity(base, hot);
  const recorded = await runCity({
    ...{ city, ...span, intervalMs: INTERVAL_MS, random: seededRandom(seed) },
    past: poolPast(city, GROWING, fromMs),
    ...(onHour !== undefined && { onHour }),
  });
  const map = createCityMap(city.inventory);
  const troubles = [
    ...readTruth(city, span),
    ...hot.map((fault) => hotServerTrouble(fault, map)),
    growingPoolTrouble(GROWING, span, map),
  ];
  const scored = score({
    ...{ recorded, troubles, map },
    conditionAt: (agent, timeMs) => city.conditionAt(agent, timeMs),
  });
  const rate = alarmRate(scored.pages, troubles, span);
  const coverage = ruleCoverage(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE), recorded);
  return {
    ...{ recorded, coverage, score: scored, faults: troubles.length },
    lines: barsOf(scored, rate, coverage),
  };
}

function seededRandom(seed: number): Random {
  let step = 0;
  return () => chance(seed, step++);
}

import { median } from '../in-turns.ts';
import { latencyBetween, readBuckets, type AlertLatency } from '../pipeline/alert-latency.ts';
import { withBeat } from '../pipeline/alert-beat.ts';
import { WARM_UP_S } from '../pipeline/city-case.ts';
import { observe, type Observation } from '../pipeline/measure.ts';
import { Rig, type RigOptions } from '../pipeline/rig.ts';
import { cityInventory } from '../shapes.ts';
import { sleep } from '../sleep.ts';
import { noRules } from './no-rules.ts';

const ROUNDS = 3;

export interface AlertingCost {
  readonly rounds: readonly { readonly withRules: number; readonly without: number }[];
  /** CPU of central, of one core: medians of the rounds. */
  readonly withRulesCpuRatio: number;
  readonly withoutCpuRatio: number;
  /** Median of the differences. */
  readonly costCpuRatio: number;
  readonly alerts: AlertLatency;
}

/**
 * Two whole pipelines with the city's inventory and load in the same windows, so that whatever else the machine does affects both alike. A
 * city that pauses between turns would be one of absent agents, with their alerts.
 */
export async function measureCost(dist: string, seconds: number): Promise<AlertingCost> {
  const inventory = withBeat(cityInventory());
  const options: RigOptions = {
    ...{ dist, broker: 'embedded', store: 'influx', shape: 'city', inventory },
  };
  const withRules = await Rig.start(options);
  try {
    const without = await Rig.start({ ...options, rules: noRules() });
    try {
      await sleep(WARM_UP_S);
      const before = readBuckets(await withRules.metrics());
      const rounds: { readonly withRules: number; readonly without: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const [full, bare] = await Promise.all([observe(withRules, seconds), observe(without, seconds)]);
        rounds.push({ withRules: centralCpuOf(full), without: centralCpuOf(bare) });
      }
      return {
        rounds,
        withRulesCpuRatio: median(rounds.map((round) => round.withRules)),
        withoutCpuRatio: median(rounds.map((round) => round.without)),
        costCpuRatio: median(rounds.map((round) => round.withRules - round.without)),
        alerts: latencyBetween(before, readBuckets(await withRules.metrics())),
      };
    } finally {
      await without.stop();
    }
  } finally {
    await withRules.stop();
  }
}

function centralCpuOf({ processes }: Observation): number {
  return processes.find(({ process }) => process === 'central')?.cpuRatio ?? NaN;
}

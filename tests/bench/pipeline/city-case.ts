import { quantity } from '../report/markdown.ts';
import type { BenchContext } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { latencyBetween, readBuckets, type AlertLatency } from './alert-latency.ts';
import { measure, type Measurement } from './measure.ts';
import { Rig, type RigOptions } from './rig.ts';

/** Long enough for every agent to send twice. V8 goes on compiling for another minute: see docs/benchmarks.md, "The first minutes". */
export const WARM_UP_S = 25;

export interface CityCase extends Measurement {
  readonly alerts: AlertLatency;
}

/** The whole pipeline under the city's load, from its start to its end. */
export async function runCityCase(
  { dist, seconds }: BenchContext,
  options: Omit<RigOptions, 'dist' | 'shape'>,
): Promise<CityCase> {
  const rig = await Rig.start({ dist, shape: 'city', ...options });
  try {
    await sleep(WARM_UP_S);
    const before = readBuckets(await rig.metrics());
    const measurement = await measure(rig, seconds);
    const alerts = latencyBetween(before, readBuckets(await rig.metrics()));
    return { ...measurement, alerts };
  } finally {
    await rig.stop();
  }
}

/** A histogram gives only an upper bound. */
export function alertBound(latencyMs: number | undefined): string {
  return latencyMs === undefined ? '–' : `≤ ${quantity(latencyMs)}`;
}

import { atLeast, atMost, type Bar } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { BenchContext, Section, SectionResult } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { latencyBetween, readBuckets, type AlertLatency } from './alert-latency.ts';
import { measure, processTable, type Measurement } from './measure.ts';
import { Rig, type RigOptions } from './rig.ts';

/** Long enough for every agent to send once and for code to be compiled. */
const WARM_UP_S = 13;

const CASES = [
  { broker: 'embedded', store: 'influx' },
  { broker: 'mosquitto', store: 'influx' },
  { broker: 'embedded', store: 'duckdb' },
] as const;

interface CityResult extends Measurement {
  readonly name: string;
  readonly alerts: AlertLatency;
}

export const citySection: Section = {
  name: 'city',
  about: 'the whole pipeline at city load, on each broker and store, with alert latency',
  run: async (context) => {
    const results: CityResult[] = [];
    for (const { broker, store } of CASES) {
      results.push(await runCase(context, { dist: context.dist, broker, store, shape: 'city' }));
    }
    return toSection(results);
  },
};

async function runCase({ seconds }: BenchContext, options: RigOptions): Promise<CityResult> {
  const rig = await Rig.start(options);
  try {
    await sleep(WARM_UP_S);
    const before = readBuckets(await rig.metrics());
    const measurement = await measure(rig, seconds);
    const alerts = latencyBetween(before, readBuckets(await rig.metrics()));
    return { name: `${options.broker} + ${options.store}`, ...measurement, alerts };
  } finally {
    await rig.stop();
  }
}

function toSection(results: readonly CityResult[]): SectionResult {
  const rows = results.map(({ name, valuesPerS, ackedRatio, ackP50Ms, ackP99Ms, alerts }) => [
    name,
    quantity(valuesPerS),
    percent(ackedRatio),
    quantity(ackP50Ms),
    quantity(ackP99Ms),
    quantity(alerts.transitions),
    bound(alerts.p50Ms),
    bound(alerts.p99Ms),
  ]);
  return {
    tables: [
      {
        title: 'The whole pipeline at city load (published → durable → acknowledged)',
        head: [
          'broker + store',
          'values/s',
          'acked of sent',
          'ack p50 ms',
          'ack p99 ms',
          'alert transitions',
          'alert p50 ms',
          'alert p99 ms',
        ],
        rows,
      },
      processTable('What it costs: each process at city load', results),
    ],
    figures: results,
    bars: barsOf(results),
  };
}

/** The bars apply to the embedded broker with InfluxDB, the first case. */
function barsOf([result]: readonly CityResult[]): Bar[] {
  const central = result?.processes.find(({ process }) => process === 'central');
  const cpuPct = central && central.cpuRatio * 100;
  return [
    atLeast('city load is stored', 45_000, 'values/s', result?.valuesPerS),
    atMost('central at city load: CPU', 25, '% of one core', cpuPct),
    atMost('central at city load: memory', 300, 'MiB', central?.peakMiB),
    atMost('alert latency at city load, p99', 250, 'ms', result?.alerts.p99Ms),
  ];
}

/** A histogram gives only an upper bound. */
function bound(latencyMs: number | undefined): string {
  return latencyMs === undefined ? '–' : `≤ ${quantity(latencyMs)}`;
}

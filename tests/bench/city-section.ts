import { runPipeline, type PipelineResult, type ProcessCost } from './pipeline.ts';
import { percentOf, rounded, type Bar, type Section } from './section.ts';

const MAX_CENTRAL_CPU = 0.25;
const MAX_CENTRAL_MIB = 300;
const MAX_ALERT_P99_MS = 250;

const CASES = [
  ['embedded', 'influx'],
  ['mosquitto', 'influx'],
  ['embedded', 'duckdb'],
] as const;

/** The reference city, every agent each 10 s, with one agent whose lines break and heal four times a second. */
export const citySection: Section = {
  name: 'city',
  title: 'The whole pipeline at city load (published → durable → acknowledged)',
  run: async ({ dist, seconds }) => {
    const results: PipelineResult[] = [];
    for (const [broker, store] of CASES) {
      results.push(await runPipeline({ dist, broker, store, shape: 'city', seconds }));
    }
    const [reference] = results;
    return {
      head: [
        'broker',
        'store',
        'values/s',
        'central: of one core',
        'central: CPU s',
        'central: peak MiB',
        'ack p50 / p99 ms',
        'alert p50 / p99 ≤ ms',
        'others (of one core, peak MiB)',
      ],
      rows: results.map((result) => [
        result.broker,
        result.store,
        rounded(result.valuesPerS),
        percentOf(result.central.cpuRatio),
        result.central.cpuS.toFixed(1),
        rounded(result.central.peakMiB),
        `${rounded(result.ackP50Ms)} / ${rounded(result.ackP99Ms)}`,
        `${result.alertP50Ms ?? 'none'} / ${result.alertP99Ms ?? 'none'}`,
        result.others.map(costText).join('; '),
      ]),
      bars: reference === undefined ? [] : barsOf(reference),
      raw: results,
    };
  },
};

function costText({ name, cpuRatio, peakMiB }: ProcessCost): string {
  return `${name} ${percentOf(cpuRatio)}, ${rounded(peakMiB)}`;
}

function barsOf({ central, alertP99Ms }: PipelineResult): Bar[] {
  return [
    {
      name: 'city load, embedded broker, InfluxDB: CPU of central',
      bar: '≤ 25 % of one core',
      measured: percentOf(central.cpuRatio),
      met: central.cpuRatio <= MAX_CENTRAL_CPU,
    },
    {
      name: 'the same: peak memory of central',
      bar: '≤ 300 MiB',
      measured: `${rounded(central.peakMiB)} MiB`,
      met: central.peakMiB <= MAX_CENTRAL_MIB,
    },
    {
      name: 'the same: arrival of a batch to alert transition, p99',
      bar: '≤ 250 ms',
      measured: alertP99Ms === undefined ? 'no transition' : `≤ ${alertP99Ms} ms`,
      met: alertP99Ms !== undefined && alertP99Ms <= MAX_ALERT_P99_MS,
    },
  ];
}

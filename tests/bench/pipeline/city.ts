import { atLeast, atMost, type Bar } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section, SectionResult } from '../report/section.ts';
import { STORM_BEAT_MS } from './alert-beat.ts';
import { alertBound, runCityCase, type CityCase } from './city-case.ts';
import { processTable, type ProcessFigures } from './measure.ts';

const CASES = [
  { name: 'embedded + influx', broker: 'embedded', store: 'influx' },
  { name: 'embedded + influx, storm of alerts', broker: 'embedded', store: 'influx', beatMs: STORM_BEAT_MS },
  { name: 'mosquitto + influx', broker: 'mosquitto', store: 'influx' },
  { name: 'embedded + duckdb', broker: 'embedded', store: 'duckdb' },
] as const;

interface CityResult extends CityCase {
  readonly name: string;
}

export const citySection: Section = {
  name: 'city',
  about: 'the whole pipeline at city load, on each broker and store, with alert latency',
  run: async (context) => {
    const results: CityResult[] = [];
    for (const { name, ...options } of CASES)
      results.push({ name, ...(await runCityCase(context, options)) });
    return toSection(results);
  },
};

function toSection(results: readonly CityResult[]): SectionResult {
  const rows = results.map(({ name, valuesPerS, ackedRatio, ackP50Ms, ackP99Ms, alerts }) => [
    name,
    quantity(valuesPerS),
    percent(ackedRatio),
    quantity(ackP50Ms),
    quantity(ackP99Ms),
    quantity(alerts.transitions),
    alertBound(alerts.p50Ms),
    alertBound(alerts.p99Ms),
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

/** Of the embedded broker with InfluxDB, the first case, for alerts in a storm, the second, and with the embedded store, the last. */
function barsOf(results: readonly CityResult[]): Bar[] {
  const [result, storm] = results;
  const central = centralOf(result);
  const embedded = centralOf(results.at(-1));
  return [
    atLeast('city load is stored', 45_000, 'values/s', result?.valuesPerS),
    atMost('central at city load: CPU', 11, '% of one core', percentOf(central)),
    atMost('central at city load: memory', 200, 'MiB', central?.peakMiB),
    atMost('with the embedded store: CPU', 20, '% of one core', percentOf(embedded)),
    atMost('with the embedded store: memory', 300, 'MiB', embedded?.peakMiB),
    atMost('alert latency at city load, p99', 250, 'ms', result?.alerts.p99Ms),
    atMost('alert latency in a storm of alerts, p99', 250, 'ms', storm?.alerts.p99Ms),
  ];
}

function centralOf(result: CityResult | undefined): ProcessFigures | undefined {
  return result?.processes.find(({ process }) => process === 'central');
}

function percentOf(figures: ProcessFigures | undefined): number | undefined {
  return figures && figures.cpuRatio * 100;
}

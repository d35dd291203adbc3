import { atLeast, atMost, type Bar } from '../report/bar.ts';
import { percent, quantity, times } from '../report/markdown.ts';
import type { Section, SectionResult } from '../report/section.ts';
import { REFERENCE_SCALE, type CityScale } from '../shapes.ts';
import { runCityCase } from './city-case.ts';
import { COMPLETE_RATIO, cpuSPerMillion, toOnce, worstOf, type Grown } from './growth-cost.ts';
import { processTable, type Measurement, type ProcessFigures } from './measure.ts';
import { CITY_INTERVAL_MS, type RigOptions } from './rig.ts';

/**
 * More devices. The embedded broker takes 8,000 connections and bursts of 5,000, which two cities have room in; beyond,
 * each agent measures more devices.
 */
const SCALES: Readonly<Record<number, CityScale>> = {
  2: { agents: 2, devicesPerAgent: 1 },
  5: { agents: 1, devicesPerAgent: 5 },
  10: { agents: 2, devicesPerAgent: 5 },
};
const FACTORS: Readonly<Record<RigOptions['store'], readonly number[]>> = { duckdb: [2, 5, 10], influx: [2] };
const LINEAR_TO = 5;
const COMPLETE_AT = 10;

interface GrowthCase extends Grown {
  readonly name: string;
  readonly central: ProcessFigures;
  readonly measurement: Measurement;
}

export const growthSection: Section = {
  name: 'growth',
  about: "1 × to 10 × the city's load: shorter intervals, then more devices; linear or not",
  run: async (context) => {
    const cases: GrowthCase[] = [];
    for (const store of ['duckdb', 'influx'] as const) {
      for (const { way, factor, intervalMs, scale } of casesOf(FACTORS[store])) {
        const measurement = await runCityCase(context, { broker: 'embedded', store, intervalMs, scale });
        const central = measurement.processes.find(({ process }) => process === 'central');
        if (central === undefined) throw new Error('central was not measured');
        const values = measurement.valuesPerS * measurement.elapsedS;
        const name = `${store}, ${way}`;
        cases.push({
          name,
          store,
          factor,
          values,
          ackedRatio: measurement.ackedRatio,
          cpuS: central.cpuS,
          central,
          measurement,
        });
      }
    }
    return toSection(cases);
  },
};

function casesOf(factors: readonly number[]) {
  const once = {
    way: '1 ×',
    factor: 1,
    intervalMs: CITY_INTERVAL_MS,
    scale: REFERENCE_SCALE,
  };
  const byInterval = factors.map((factor) => {
    const intervalMs = CITY_INTERVAL_MS / factor;
    return { way: `every ${intervalMs / 1_000} s`, factor, intervalMs, scale: REFERENCE_SCALE };
  });
  const byDevices = factors.flatMap((factor) => {
    const scale = SCALES[factor];
    if (scale === undefined) return [];
    const { agents, devicesPerAgent } = scale;
    const way = `${agents} × agents, ${devicesPerAgent} × devices each`;
    return [{ way, factor, intervalMs: CITY_INTERVAL_MS, scale }];
  });
  return [once, ...byInterval, ...byDevices];
}

function toSection(cases: readonly GrowthCase[]): SectionResult {
  const rows = cases.map((each) => {
    const { name, factor, central, measurement } = each;
    const ratio = toOnce(each, cases);
    return [
      name,
      `${factor} ×`,
      quantity(measurement.valuesPerS),
      percent(measurement.ackedRatio),
      quantity(measurement.ackP50Ms),
      quantity(measurement.ackP99Ms),
      percent(central.cpuRatio),
      quantity(cpuSPerMillion(each)),
      quantity(central.peakMiB),
      ratio === undefined ? '–' : times(ratio),
    ];
  });
  return {
    tables: [
      {
        title: "Growth: times the city's load, embedded broker",
        head: [
          'store, way',
          'load',
          'values/s',
          'acked of sent',
          'ack p50 ms',
          'ack p99 ms',
          'central: % of one core',
          'CPU s a million values',
          'peak MiB',
          'CPU a value, of 1 ×',
        ],
        rows,
      },
      processTable(
        'What growth costs: each process',
        cases.map(({ name, measurement }) => ({ name, processes: measurement.processes })),
      ),
    ],
    figures: cases.map((each) => ({ ...each, toOnce: toOnce(each, cases) })),
    bars: barsOf(cases),
  };
}

function barsOf(cases: readonly GrowthCase[]): Bar[] {
  const grown = cases.filter(({ store, factor }) => store === 'duckdb' && factor > 1);
  const worst = worstOf(grown.filter(({ factor }) => factor <= LINEAR_TO).map((each) => toOnce(each, cases)));
  const complete = grown.filter(({ factor }) => factor === COMPLETE_AT).map(({ ackedRatio }) => ackedRatio);
  return [
    atMost(`growth to ${LINEAR_TO} × on DuckDB: CPU a value, of 1 ×`, 115, '%', worst && worst * 100),
    atLeast(
      `growth at ${COMPLETE_AT} × on DuckDB: acknowledged`,
      COMPLETE_RATIO * 100,
      '%',
      Math.min(...complete) * 100,
    ),
  ];
}

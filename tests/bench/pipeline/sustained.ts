import { inTurns, type Rounds } from '../in-turns.ts';
import { atLeast } from '../report/bar.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section, SectionResult } from '../report/section.ts';
import { POINTS_PER_AGENT } from '../shapes.ts';
import { sleep, until } from '../sleep.ts';
import { BareWriter } from './bare-influx.ts';
import { observe, processTable, type Observation, type ProcessFigures } from './measure.ts';
import { Rig } from './rig.ts';

const TURNS_PER_CASE = 5;
const GETTING_UP_TO_SPEED_S = 0.5;
const DRAIN_LIMIT_S = 30;

export const sustainedSection: Section = {
  name: 'sustained',
  about:
    'the most the pipeline sustains beside bare line protocol into the same InfluxDB, and on the embedded store',
  run: async ({ dist, seconds }) => {
    const besideInflux = await besideBareLines(dist, seconds);
    const embedded = await intoEmbeddedStore(dist, seconds);
    return {
      tables: [...besideInflux.tables, ...embedded.tables],
      figures: { influx: besideInflux.figures, duckdb: embedded.figures },
      bars: [...besideInflux.bars, ...embedded.bars],
    };
  },
};

/** Both write into one InfluxDB, each while the other pauses. */
async function besideBareLines(dist: string, seconds: number): Promise<SectionResult> {
  const rig = await Rig.start({ dist, broker: 'embedded', store: 'influx', shape: 'flood' });
  try {
    const bare = await BareWriter.open(rig.influxUrl);
    const turnS = Math.max(1, seconds / TURNS_PER_CASE);
    const measurements: Observation[] = [];
    await flood(rig, () => untilEachSeriesExists(rig));
    const rounds = await inTurns(
      {
        bare: () => bare.write(turnS),
        pipeline: async () => {
          const measurement = await flood(rig, async () => {
            await sleep(GETTING_UP_TO_SPEED_S);
            return observe(rig, turnS);
          });
          measurements.push(measurement);
          return { valuesPerS: measurement.valuesPerS };
        },
      },
      2 * seconds,
    );
    return resultOf(rounds, sumOf(measurements));
  } finally {
    await rig.stop();
  }
}

async function intoEmbeddedStore(dist: string, seconds: number): Promise<SectionResult> {
  const rig = await Rig.start({ dist, broker: 'embedded', store: 'duckdb', shape: 'flood' });
  try {
    const measured = await flood(rig, async () => {
      await untilEachSeriesExists(rig);
      return observe(rig, seconds);
    });
    const { valuesPerS, processes } = measured;
    return {
      tables: [
        {
          title: 'Most it sustains on the embedded store',
          head: ['what', 'values/s'],
          rows: [['whole pipeline, embedded broker', quantity(valuesPerS)]],
        },
        processTable('What it costs on the embedded store', [{ name: 'embedded + duckdb', processes }]),
      ],
      figures: { valuesPerS, processes },
      bars: [atLeast('most sustained on the embedded store', 1_200_000, 'values/s', valuesPerS)],
    };
  } finally {
    await rig.stop();
  }
}

function resultOf(rounds: Rounds, processes: readonly ProcessFigures[]): SectionResult {
  const ratio = rounds.ratio(['pipeline', 'valuesPerS'], ['bare', 'valuesPerS']);
  const bareValuesPerS = rounds.median('bare', 'valuesPerS');
  const pipelineValuesPerS = rounds.median('pipeline', 'valuesPerS');
  return {
    tables: [
      {
        title: 'Most it sustains, beside the ceiling',
        head: ['what', 'values/s', 'of the ceiling'],
        rows: [
          ['bare line protocol, one process, the same InfluxDB', quantity(bareValuesPerS), '1'],
          ['whole pipeline, embedded broker', quantity(pipelineValuesPerS), times(ratio)],
        ],
      },
      processTable('What it costs: each process while the pipeline runs at its most', [
        { name: 'embedded + influx', processes },
      ]),
    ],
    figures: { bareValuesPerS, pipelineValuesPerS, ratio, processes, rounds: rounds.all },
    bars: [atLeast('most sustained, of the bare InfluxDB', 50, '%', ratio * 100)],
  };
}

/** Floods while `during` runs; afterwards InfluxDB has no pending writes. */
async function flood<T>(rig: Rig, during: () => Promise<T>): Promise<T> {
  await rig.ask('resume');
  const result = await during();
  await rig.ask('pause');
  await until('everything sent is acknowledged', DRAIN_LIMIT_S, async () => {
    return (await rig.ask('report')).unackedBatches === 0;
  });
  return result;
}

/** A new series costs InfluxDB far more than a new point. */
async function untilEachSeriesExists(rig: Rig): Promise<void> {
  await until('every flooding agent has a batch stored', DRAIN_LIMIT_S, async () => {
    const { ackedPoints, agents } = await rig.ask('report');
    return ackedPoints >= agents * POINTS_PER_AGENT;
  });
}

function sumOf(measurements: readonly Observation[]): ProcessFigures[] {
  const elapsedS = measurements.reduce((sum, each) => sum + each.elapsedS, 0);
  const names = measurements[0]?.processes.map(({ process }) => process) ?? [];
  return names.map((process, at) => {
    const cpuS = measurements.reduce((sum, { processes }) => sum + (processes[at]?.cpuS ?? 0), 0);
    const peakMiB = Math.max(...measurements.map(({ processes }) => processes[at]?.peakMiB ?? 0));
    return { process, cpuS, cpuRatio: cpuS / elapsedS, peakMiB };
  });
}

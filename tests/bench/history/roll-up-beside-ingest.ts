import { fillStore, type FilledStore } from '../api/fill-store.ts';
import type { FillPast } from '../pipeline/central-process.ts';
import { WARM_UP_S } from '../pipeline/city-case.ts';
import { measure, type Measurement } from '../pipeline/measure.ts';
import { Rig, type RigOptions } from '../pipeline/rig.ts';
import { atLeast } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { BenchContext, Section } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { CityBatches } from './city-batches.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONGEST_FILL_MS = 20 * 60_000;
/** A round each so many minutes of the hour before; InfluxDB takes long for a round, and rolls up hours as a whole, no minute by itself. */
const STORES = [
  { store: 'duckdb', roundEveryMinutes: 2, rollsMinutes: true },
  { store: 'influx', roundEveryMinutes: 6, rollsMinutes: false },
] as const;
/** Central rolls up each minute, first a minute after its start; a window begins a little before. */
const EVERY_S = 60;
const BEFORE_S = 2;
const WINDOW_S = 15;
/** The run in which a minute is due that the load has sent whole. */
const MINUTE_RUN = 4;

interface RolledCase {
  readonly store: RigOptions['store'];
  readonly filled: FilledStore;
  readonly windows: readonly { readonly what: string; readonly measured: Measurement }[];
}

export const rollUpSection: Section = {
  name: 'rollup',
  about: 'what rolling up a minute and an hour of the whole city costs beside its load',
  run: async (context) => {
    const cases: RolledCase[] = [];
    for (const each of STORES) cases.push(await runCase(context, each));
    return {
      tables: [
        {
          title: `Rolling up beside ingest: windows of ${WINDOW_S} s of central at city load`,
          head: [
            'store',
            'rolled up in the window',
            'acked of sent',
            'ack p50 ms',
            'ack p99 ms',
            'central: % of one core',
            'store: % of one core',
          ],
          rows: cases.flatMap(({ store, windows }) =>
            windows.map(({ what, measured }) => [store, what, ...cellsOf(measured)]),
          ),
        },
      ],
      figures: cases,
      bars: cases.flatMap(({ store, windows }) =>
        windows.map(({ what, measured }) =>
          atLeast(`${store}, rolled up: ${what}: acknowledged`, 99.9, '%', measured.ackedRatio * 100),
        ),
      ),
    };
  },
};

async function runCase(
  { dist, progress }: BenchContext,
  { store, roundEveryMinutes, rollsMinutes }: (typeof STORES)[number],
): Promise<RolledCase> {
  const city = new CityBatches(1);
  let filled: FilledStore | undefined;
  const fillPast: FillPast = async (place) => {
    filled = await fillStore(
      place,
      { ...anHour(city, Date.now(), roundEveryMinutes), progress },
      AbortSignal.timeout(LONGEST_FILL_MS),
    );
  };
  const { inventory } = city;
  progress(`${store}: filling`);
  const rig = await Rig.start({ dist, broker: 'embedded', store, shape: 'city', inventory, fillPast });
  try {
    const startMs = performance.now();
    const untilRun = (run: number): Promise<void> =>
      sleep(run * EVERY_S - BEFORE_S - (performance.now() - startMs) / 1_000);
    progress(`${store}: the city sends`);
    await sleep(WARM_UP_S);
    const nothing = await measure(rig, WINDOW_S);
    await untilRun(1);
    const hour = await measure(rig, WINDOW_S);
    if (filled === undefined) throw new Error('nothing was filled');
    const rolled = rollsMinutes ? 'the last minute of an hour, and the hour' : 'an hour with its minutes';
    const windows = [
      { what: 'nothing', measured: nothing },
      { what: `${rolled}${partOf(roundEveryMinutes)}`, measured: hour },
    ];
    if (rollsMinutes) {
      progress(`${store}: an hour was rolled up; waiting for a minute to roll up`);
      await untilRun(MINUTE_RUN);
      windows.push({ what: 'a minute', measured: await measure(rig, WINDOW_S) });
    }
    return { store, filled, windows };
  } finally {
    await rig.stop();
  }
}

function partOf(roundEveryMinutes: number): string {
  return roundEveryMinutes === 1 ? '' : ` of 1 minute in ${roundEveryMinutes}`;
}

/** The last whole hour; with a round a minute it has as many rows of minutes as an hour has. Its last minute is left. */
function anHour(city: CityBatches, nowMs: number, roundEveryMinutes: number) {
  const endMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const rounds = Array.from({ length: 60 / roundEveryMinutes }, (_, at) => ({
    timeMs: endMs - (at * roundEveryMinutes + 1) * MINUTE_MS,
    everyNthAgent: 1,
  })).reverse();
  return { city, rounds, rolledToMs: endMs - MINUTE_MS };
}

function cellsOf({ ackedRatio, ackP50Ms, ackP99Ms, processes }: Measurement): string[] {
  const cpuOf = (name: string): string => {
    const found = processes.find(({ process }) => process === name);
    return found === undefined ? '–' : percent(found.cpuRatio);
  };
  return [percent(ackedRatio), quantity(ackP50Ms), quantity(ackP99Ms), cpuOf('central'), cpuOf('store')];
}

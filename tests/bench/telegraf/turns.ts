import type { Figures } from '../in-turns.ts';
import { WARM_UP_S } from '../pipeline/city-case.ts';
import type { LoadConfig } from '../pipeline/load-messages.ts';
import {
  observe,
  processFigures,
  snapshot,
  type Observation,
  type ProcessFigures,
} from '../pipeline/measure.ts';
import { Rig, type RigOptions } from '../pipeline/rig.ts';
import { POINTS_PER_AGENT } from '../shapes.ts';
import { sleep, until } from '../sleep.ts';
import { DRAIN_LIMIT_S, TelegrafRig, type TelegrafRigOptions } from './telegraf-rig.ts';

const FIRST_POINTS_LIMIT_S = 60;
const GETTING_UP_TO_SPEED_S = 3;
const POLL_S = 0.1;
/** Since the load began: V8 compiles for more than a minute. */
const SETTLED_S = 75;

export type Shape = LoadConfig['shape'];
/** Of a flood, `early` is all there is. */
export type Window = 'early' | 'settled';
/** What was measured in each window of a turn, completeness of the whole turn. */
export type Turn = Readonly<Partial<Record<Window, Figures>>>;

/** One turn of central, from its start to its end: what it stored, how much of what was sent, and what each process took. */
export async function centralTurn(options: Omit<RigOptions, 'store'>, seconds: number): Promise<Turn> {
  const rig = await Rig.start({ ...options, store: 'influx' });
  try {
    const storedPoints = async (): Promise<number> => (await rig.ask('report')).ackedPoints;
    const windows = await inWindows(rig, options.shape, storedPoints, () => observe(rig, seconds));
    return toTurn(windows, await completeness(rig));
  } finally {
    await rig.stop();
  }
}

/** One turn of Telegraf with Mosquitto. Values a second are InfluxDB's points by the mean of what was sent. */
export async function telegrafTurn(options: TelegrafRigOptions, seconds: number): Promise<Turn> {
  const rig = await TelegrafRig.start(options);
  try {
    const storedPoints = (): Promise<number> => rig.writtenPoints();
    const windows = await inWindows(rig, options.shape, storedPoints, () => observeTelegraf(rig, seconds));
    return toTurn(windows, await rig.completeness());
  } finally {
    await rig.stop();
  }
}

type Seen = Pick<Observation, 'valuesPerS' | 'processes'>;

async function observeTelegraf(rig: TelegrafRig, seconds: number): Promise<Seen> {
  const [before, from] = [await snapshot(rig, 'reset'), await rig.writtenPoints()];
  await sleep(seconds);
  const [after, to] = [await snapshot(rig, 'close'), await rig.writtenPoints()];
  const elapsedS = (after.report.atMs - before.report.atMs) / 1_000;
  const valuesPerPoint = after.report.sentValues / after.report.sentPoints;
  return {
    valuesPerS: ((to - from) * valuesPerPoint) / elapsedS,
    processes: processFigures(rig.processes, before.usages, after.usages, elapsedS),
  };
}

/** A city is observed early and once all has settled, a flood once it is up to speed. */
async function inWindows(
  rig: Pick<Rig, 'ask'>,
  shape: Shape,
  storedPoints: () => Promise<number>,
  observeOnce: () => Promise<Seen>,
): Promise<Partial<Record<Window, Seen>>> {
  const beganMs = performance.now();
  await warmUp(rig, shape, storedPoints);
  const early = await observeOnce();
  if (shape === 'flood') return { early };
  await sleep(Math.max(0, SETTLED_S - (performance.now() - beganMs) / 1_000));
  return { early, settled: await observeOnce() };
}

/** Ends the load, waits for what is under way, and resolves to acknowledged ÷ sent values since the start. */
async function completeness(rig: Pick<Rig, 'ask'>): Promise<number> {
  await rig.ask('pause');
  const deadlineMs = performance.now() + DRAIN_LIMIT_S * 1_000;
  for (;;) {
    const { unackedBatches, ackedValues, sentValues } = await rig.ask('report');
    if (unackedBatches === 0 || performance.now() > deadlineMs) return ackedValues / sentValues;
    await sleep(POLL_S);
  }
}

/** The city sends once; a flood gives each series its first point, which costs InfluxDB far more than those after it. */
async function warmUp(
  rig: Pick<Rig, 'ask'>,
  shape: Shape,
  storedPoints: () => Promise<number>,
): Promise<void> {
  if (shape === 'city') {
    await sleep(WARM_UP_S);
    return;
  }
  const { agents } = await rig.ask('resume');
  await until('every series of the flood is stored', FIRST_POINTS_LIMIT_S, async () => {
    return (await storedPoints()) >= agents * POINTS_PER_AGENT;
  });
  await sleep(GETTING_UP_TO_SPEED_S);
}

function toTurn(windows: Partial<Record<Window, Seen>>, completeRatio: number): Turn {
  return Object.fromEntries(
    Object.entries(windows).map(([window, { valuesPerS, processes }]) => [
      window,
      toFigures(valuesPerS, completeRatio, processes),
    ]),
  );
}

function toFigures(valuesPerS: number, completeRatio: number, processes: readonly ProcessFigures[]): Figures {
  const own = processes.filter(({ process }) => process !== 'load' && process !== 'store');
  const cpuRatio = own.reduce((sum, each) => sum + each.cpuRatio, 0);
  return {
    valuesPerS,
    completeRatio,
    cpuRatio,
    cpuSPerMillion: cpuRatio / (valuesPerS / 1e6),
    peakMiB: own.reduce((sum, each) => sum + each.peakMiB, 0),
    ...Object.fromEntries(
      processes.flatMap((each) => [
        [`${each.process} cpuRatio`, each.cpuRatio],
        [`${each.process} peakMiB`, each.peakMiB],
      ]),
    ),
  };
}

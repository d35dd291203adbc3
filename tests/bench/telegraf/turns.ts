import type { Figures } from '../in-turns.ts';
import { WARM_UP_S } from '../pipeline/city-case.ts';
import type { LoadConfig } from '../pipeline/load-messages.ts';
import { observe, processFigures, snapshot, type ProcessFigures } from '../pipeline/measure.ts';
import { Rig, type RigOptions } from '../pipeline/rig.ts';
import { POINTS_PER_AGENT } from '../shapes.ts';
import { sleep, until } from '../sleep.ts';
import { DRAIN_LIMIT_S, TelegrafRig, type TelegrafRigOptions } from './telegraf-rig.ts';

const FIRST_POINTS_LIMIT_S = 60;
const GETTING_UP_TO_SPEED_S = 3;
const POLL_S = 0.1;

export type Shape = LoadConfig['shape'];

/** One turn of central, from its start to its end: what it stored, how much of what was sent, and what each process took. */
export async function centralTurn(options: Omit<RigOptions, 'store'>, seconds: number): Promise<Figures> {
  const rig = await Rig.start({ ...options, store: 'influx' });
  try {
    await warmUp(rig, options.shape, async () => (await rig.ask('report')).ackedPoints);
    const { valuesPerS, processes } = await observe(rig, seconds);
    return toFigures(valuesPerS, await completeness(rig), processes);
  } finally {
    await rig.stop();
  }
}

/** One turn of Telegraf with Mosquitto. Values a second are InfluxDB's points by the mean of what was sent. */
export async function telegrafTurn(options: TelegrafRigOptions, seconds: number): Promise<Figures> {
  const rig = await TelegrafRig.start(options);
  try {
    await warmUp(rig, options.shape, () => rig.writtenPoints());
    const [before, from] = [await snapshot(rig, 'reset'), await rig.writtenPoints()];
    await sleep(seconds);
    const [after, to] = [await snapshot(rig, 'close'), await rig.writtenPoints()];
    const elapsedS = (after.report.atMs - before.report.atMs) / 1_000;
    const valuesPerPoint = after.report.sentValues / after.report.sentPoints;
    const processes = processFigures(rig.processes, before.usages, after.usages, elapsedS);
    return toFigures(((to - from) * valuesPerPoint) / elapsedS, await rig.completeness(), processes);
  } finally {
    await rig.stop();
  }
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

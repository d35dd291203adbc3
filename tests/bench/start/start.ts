import { temporaryDirectory } from '../../support/server-process.ts';
import { atLeast, atMost } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { startBareNode, watch, type WatchedUsage } from '../watch.ts';
import { cityProcesses, sharedMemoryMiB } from './city-processes.ts';
import { untilAllLive, wholeCity } from './whole-city.ts';

/** Compilers and caches have settled by then. */
const SETTLING_S = 60;
const SHORTEST_WINDOW_S = 30;

interface StartUsage extends WatchedUsage {
  readonly sharedMiB: number;
}

/** All are measured in the same window, with DuckDB and the embedded broker. */
export const startSection: Section = {
  name: 'start',
  about: 'every process of `wardwatch start` with the whole city, beside a Node that does nothing',
  run: async ({ dist, seconds }) => {
    const scratch = temporaryDirectory('bench-start');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const city = wholeCity({ dist, directory: scratch.path }, (log) => progressOf(log) !== undefined);
      await city.start();
      disposals.push(() => city.dispose());
      const bare = await startBareNode();
      disposals.push(() => bare.dispose());
      await untilAllLive(() => progressOf(city.log)?.agentsLive ?? 0);
      await sleep(SETTLING_S);
      const pids: Record<string, number> = { ...cityProcesses(city.pid), 'bare Node': bare.pid };
      const windowS = Math.max(SHORTEST_WINDOW_S, seconds);
      const before = progressOf(city.log)?.storedValues ?? NaN;
      const watched = await watch(pids, windowS);
      const valuesPerS = ((progressOf(city.log)?.storedValues ?? NaN) - before) / windowS;
      const usage = watched.map((each) => ({ ...each, sharedMiB: sharedMemoryMiB(pids[each.what] ?? 0) }));
      return resultOf(usage, valuesPerS, windowS);
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

interface Progress {
  readonly agentsLive: number;
  readonly storedValues: number;
}

/** The last whole line of progress that `start --json` printed. */
function progressOf(log: string): Progress | undefined {
  const line = log.split('\n').findLast((each) => /^\{"event":"progress".*\}$/.test(each));
  return line === undefined ? undefined : (JSON.parse(line) as Progress);
}

function resultOf(usage: readonly StartUsage[], valuesPerS: number, windowS: number) {
  const own = usage.filter(({ what }) => what !== 'bare Node');
  const sumOf = (value: (each: StartUsage) => number): number =>
    own.reduce((sum, each) => sum + value(each), 0);
  const total = {
    what: 'all of start',
    cpuRatio: sumOf(({ cpuRatio }) => cpuRatio),
    rssMiB: sumOf(({ rssMiB }) => rssMiB),
    sharedMiB: sumOf(({ sharedMiB }) => sharedMiB),
    peakMiB: sumOf(({ peakMiB }) => peakMiB),
  };
  const rows = [...usage, total].map(({ what, cpuRatio, rssMiB, sharedMiB, peakMiB }) => [
    what,
    percent(cpuRatio),
    quantity(rssMiB),
    quantity(sharedMiB),
    quantity(peakMiB),
  ]);
  return {
    tables: [
      {
        title: `\`wardwatch start\` with the whole city at ${quantity(valuesPerS)} values/s, ${windowS} s after ${SETTLING_S} s of settling`,
        head: [
          'process',
          '% of one core',
          'MiB resident',
          'MiB, shared pages counted once',
          'peak MiB resident',
        ],
        rows,
      },
    ],
    figures: { windowS, valuesPerS, usage, total },
    bars: [
      atLeast('start: the city is stored', 15_000, 'values/s', valuesPerS),
      atMost('start, all processes: CPU', 15, '% of one core', total.cpuRatio * 100),
      // Node itself is in the memory of all three: a sum of resident sets would count it three times.
      atMost('start, all processes: memory', 500, 'MiB', total.sharedMiB),
    ],
  };
}

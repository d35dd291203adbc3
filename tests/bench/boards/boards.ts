import { temporaryDirectory } from '../../support/server-process.ts';
import { atMost } from '../report/bar.ts';
import { percent, quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { untilAllLive, wholeCity } from '../start/whole-city.ts';
import { watch } from '../watch.ts';
import { agentsLive, readyOf } from './city-log.ts';
import { OpenBoard } from './open-board.ts';

const BOARDS = 50;
const SETTLING_S = 20;
const SHORTEST_WINDOW_S = 20;

/** Both halves are measured in one run, of the same central. */
export const boardsSection: Section = {
  name: 'boards',
  about: 'what 50 boards that are open cost central with the whole city, beside none',
  run: async ({ dist, seconds, progress }) => {
    const scratch = temporaryDirectory('bench-boards');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const city = wholeCity({ dist, directory: scratch.path }, (log) => readyOf(log) !== undefined);
      await city.start();
      disposals.push(() => city.dispose());
      progress('the city starts');
      await untilAllLive(() => agentsLive(city.log));
      await sleep(SETTLING_S);
      const windowS = Math.max(SHORTEST_WINDOW_S, seconds);
      progress('without boards');
      const [without] = await watch({ central: city.pid }, windowS);
      const ready = readyOf(city.log);
      if (ready === undefined) throw new Error('start has not said where it is');
      const boards = Array.from({ length: BOARDS }, () => new OpenBoard(ready.apiUrl, ready.adminToken));
      disposals.push(() => boards.forEach((board) => board.close()));
      await Promise.all(boards.map((board) => board.open()));
      await sleep(SETTLING_S);
      progress(`with ${BOARDS} boards`);
      const before = boards.map((board) => ({ ...board.counts }));
      const [with50] = await watch({ central: city.pid }, windowS);
      const perBoard = (count: 'streamBytes' | 'events' | 'answers'): number =>
        boards.reduce((sum, board, at) => sum + board.counts[count] - (before[at]?.[count] ?? 0), 0) /
        (BOARDS * windowS);
      const costPct = 100 * ((with50?.cpuRatio ?? NaN) - (without?.cpuRatio ?? NaN));
      const streamBytesPerS = perBoard('streamBytes');
      return {
        tables: [
          {
            title: `${BOARDS} boards over the whole city, ${windowS} s each`,
            head: ['central', '% of one core', 'of one board: stream B/s', 'events/s', 'answers/s'],
            rows: [
              ['without boards', percent(without?.cpuRatio ?? NaN), '', '', ''],
              [
                `with ${BOARDS}`,
                percent(with50?.cpuRatio ?? NaN),
                quantity(streamBytesPerS),
                quantity(perBoard('events')),
                quantity(perBoard('answers')),
              ],
            ],
          },
        ],
        figures: { windowS, without, with50, costPct, streamBytesPerS, eventsPerS: perBoard('events') },
        bars: [
          atMost('boards: 50 open', 10, '% of one core', costPct),
          atMost('boards: the stream of one', 2_000, 'B/s', streamBytesPerS),
        ],
      };
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

import type { Sample } from '../../../contract/sample.ts';
import { RawAgent } from '../../support/raw-agent.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { atMost } from '../report/bar.ts';
import { quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { sleep } from '../sleep.ts';
import { untilAllLive, wholeCity } from '../start/whole-city.ts';
import { BoardInBrowser, type Spread, type Storm } from './board-in-browser.ts';
import { agentsLive, readyOf, type Ready } from './city-log.ts';

const SETTLING_S = 20;
const STORM_ALERTS = 2_000;
const ROWS_OF_A_BATCH = 500;

/** On the machine that central and the simulated city run on: a workstation of its own is faster. */
export const boardPageSection: Section = {
  name: 'board-page',
  about:
    'the board in Chromium over the whole city: first paint, event to pixel, interaction, memory in a storm',
  run: async ({ dist, progress }) => {
    const scratch = temporaryDirectory('bench-board-page');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const city = wholeCity({ dist, directory: scratch.path }, (log) => readyOf(log) !== undefined);
      await city.start();
      disposals.push(() => city.dispose());
      progress('the city starts');
      await untilAllLive(() => agentsLive(city.log));
      await sleep(SETTLING_S);
      const ready = readyOf(city.log);
      if (ready === undefined) throw new Error('start has not said where it is');
      const agent = await stormAgent(ready);
      disposals.push(() => agent.end());
      const storm: Storm = {
        change: (to, alert) => void agent.send([disk(alert, to === 'calm')]),
      };
      const board = await BoardInBrowser.open(ready.apiUrl, ready.adminToken);
      disposals.push(() => board.close());
      progress('first paint');
      const paint = await board.paint();
      progress('event to pixel');
      const eventToPixel = await board.eventToPixel(storm);
      progress('interaction');
      const interaction = await board.interaction();
      progress(`${STORM_ALERTS} alerts at once`);
      const disks = Array.from({ length: STORM_ALERTS }, (_, at) => disk(`storm-${at}`, false));
      for (let at = 0; at < disks.length; at += ROWS_OF_A_BATCH)
        await agent.untilStored(agent.send(disks.slice(at, at + ROWS_OF_A_BATCH)));
      const stormPaint = await board.paint();
      const stormInteraction = await board.interaction();
      progress('an hour of storm, faster');
      const heap = await board.heapGrowth(storm);
      const row = (what: string, { median, worst }: Spread): string[] => [
        ...[what, quantity(median), quantity(worst)],
      ];
      return {
        tables: [
          {
            title: 'The board in Chromium, over the whole city',
            head: ['ms', 'median', 'worst'],
            rows: [
              row('first paint of the map', paint),
              row('a sample is sent → its alert on the screen', eventToPixel),
              row('a click on the map with all sites → drawn', interaction),
              row(`first paint with ${STORM_ALERTS} alerts open`, stormPaint),
              row(`a click with ${STORM_ALERTS} alerts open`, stormInteraction),
            ],
          },
        ],
        figures: { paint, eventToPixel, interaction, stormPaint, stormInteraction, heap },
        bars: [
          atMost('board page: first useful paint', 500, 'ms', paint.median),
          atMost('board page: event to pixel', 500, 'ms', eventToPixel.median),
          atMost('board page: interaction', 100, 'ms', interaction.median),
          atMost('board page: interaction with 2,000 alerts', 100, 'ms', stormInteraction.median),
          atMost('board page: heap growth in an hour of storm', 20, 'MB', heap.megabytes),
        ],
      };
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

async function stormAgent({ apiUrl, adminToken, brokerUrl }: Ready): Promise<RawAgent> {
  const answer = await fetch(`${apiUrl}/api/v1/agents/gw-storm/credential`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const { password } = (await answer.json()) as { readonly password: string };
  return RawAgent.connect(brokerUrl, 'gw-storm', password);
}

/** Of a rule that fires at once. */
function disk(name: string, isWell: boolean): Sample {
  return {
    measurement: 'smart_device',
    tags: { host: 'gw-storm', device: name },
    fields: { health_ok: isWell },
    timeMs: Date.now(),
  };
}

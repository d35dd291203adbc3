import { temporaryDirectory } from '../../support/server-process.ts';
import { startEdgeProcess } from '../edge-process.ts';
import { gatewayCollectors } from '../gateway/collectors.ts';
import { startNeighbourhood } from '../gateway/neighbourhood.ts';
import { startCentralWithBroker } from '../pipeline/central-process.ts';
import { atMost } from '../report/bar.ts';
import { quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { sleep, until } from '../sleep.ts';
import { startBareNode, usageRow, USAGE_HEAD, watch } from '../watch.ts';

const AGENT = 'gateway';
const INTERVAL_S = 10;
/** For the start, the first run of each collector, and the speed test of the day. */
const SETTLING_S = 30;
const SHORTEST_WINDOW_S = 60;
const STORED_LIMIT_S = 30;

/** A ward gateway with all collectors at 10 s beside a Node that does nothing, in the same window. */
export const gatewaySection: Section = {
  name: 'gateway',
  about: `a ward gateway with all its collectors every ${INTERVAL_S} s beside a Node that does nothing`,
  run: async ({ dist, seconds }) => {
    const scratch = temporaryDirectory('bench-gateway');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const { central, brokerPort } = await startCentralWithBroker({
        dist,
        directory: scratch.path,
        agents: [AGENT],
      });
      disposals.push(() => central.stop());
      const near = await startNeighbourhood(dist);
      disposals.push(() => near.stop());
      const collectors = gatewayCollectors(near);
      const edge = await startEdgeProcess({
        dist,
        directory: scratch.path,
        agent: AGENT,
        brokerPort,
        collectors,
        logLevel: 'warn',
        programsDirectory: near.ownMachine.programsDirectory,
        isReady: async () => (await central.storedPoints(AGENT)) > 0,
      });
      disposals.push(() => edge.dispose());
      const bare = await startBareNode();
      disposals.push(() => bare.dispose());
      await sleep(SETTLING_S);
      const pointsBefore = await central.storedPoints(AGENT);
      const windowS = Math.max(SHORTEST_WINDOW_S, Math.ceil(seconds / INTERVAL_S) * INTERVAL_S);
      const usages = await watch({ gateway: edge.pid, 'bare Node': bare.pid }, windowS);
      await until('central stores what the gateway measures', STORED_LIMIT_S, async () => {
        return (await central.storedPoints(AGENT)) > pointsBefore;
      });
      // A collector that fails costs little: the figure would be wrong.
      if (edge.log.includes('collector has errors'))
        throw new Error(`a collector does not work: ${edge.log}`);
      const pointsPerMinute = (((await central.storedPoints(AGENT)) - pointsBefore) / windowS) * 60;
      const gateway = usages.find(({ what }) => what === 'gateway');
      return {
        tables: [
          {
            title: `Ward gateway with ${collectors.length} collectors every ${INTERVAL_S} s (cellular every second, the speed test before), ${windowS} s after ${SETTLING_S} s of settling; ${quantity(pointsPerMinute)} points stored a minute`,
            head: USAGE_HEAD,
            rows: usages.map(usageRow),
          },
        ],
        figures: { windowS, pointsPerMinute, usages },
        bars: [
          atMost('ward gateway, all collectors: memory', 100, 'MiB', gateway?.peakMiB),
          atMost('ward gateway, all collectors: CPU', 2, '% of one core', gateway && gateway.cpuRatio * 100),
        ],
      };
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

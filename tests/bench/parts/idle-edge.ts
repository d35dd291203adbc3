import { temporaryDirectory } from '../../support/server-process.ts';
import { startEdgeProcess } from '../edge-process.ts';
import { startCentralWithBroker } from '../pipeline/central-process.ts';
import { atMost } from '../report/bar.ts';
import type { Section } from '../report/section.ts';
import { sleep, until } from '../sleep.ts';
import { startBareNode, usageRow, USAGE_HEAD, watch, type WatchedUsage } from '../watch.ts';

const AGENT = 'idle-edge';
const INTERVAL_S = 10;
const SETTLING_S = 10;
/** The agent sends its own health every 30 s: a shorter window might miss it. */
const SHORTEST_WINDOW_S = 30;
const START_LIMIT_S = 20;

/** Both are measured in the same window. */
export const idleEdgeSection: Section = {
  name: 'idle-edge',
  about: 'an edge agent with the server and ping collectors every 10 s beside a Node that does nothing',
  run: async ({ dist, seconds }) => {
    const scratch = temporaryDirectory('bench-idle');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const { central, brokerPort } = await startCentralWithBroker({
        dist,
        directory: scratch.path,
        agents: [AGENT],
      });
      disposals.push(() => central.stop());
      const edge = await startEdgeProcess({
        dist,
        directory: scratch.path,
        agent: AGENT,
        brokerPort,
        collectors: [
          { kind: 'server', intervalMs: INTERVAL_S * 1_000 },
          { kind: 'ping', intervalMs: INTERVAL_S * 1_000, targets: ['127.0.0.1'] },
        ],
        isReady: async () => (await central.storedPoints(AGENT)) > 0,
      });
      disposals.push(() => edge.dispose());
      const bare = await startBareNode();
      disposals.push(() => bare.dispose());
      await sleep(SETTLING_S);
      const storedBefore = await central.storedPoints(AGENT);
      const windowS = Math.max(SHORTEST_WINDOW_S, Math.ceil(seconds / INTERVAL_S) * INTERVAL_S);
      const idle = await watch({ 'edge agent': edge.pid, 'bare Node': bare.pid }, windowS);
      await until('central stores what the agent measures', START_LIMIT_S, async () => {
        return (await central.storedPoints(AGENT)) > storedBefore;
      });
      return resultOf(idle, windowS);
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

function resultOf(idle: readonly WatchedUsage[], windowS: number) {
  const edge = idle.find(({ what }) => what === 'edge agent');
  return {
    tables: [
      {
        title: `Idle edge agent, ${windowS} s after ${SETTLING_S} s of settling`,
        head: USAGE_HEAD,
        rows: idle.map(usageRow),
      },
    ],
    figures: { windowS, idle },
    bars: [
      atMost('idle edge agent: memory', 60, 'MiB', edge?.peakMiB),
      atMost('idle edge agent: CPU', 0.2, '% of one core', edge && edge.cpuRatio * 100),
    ],
  };
}

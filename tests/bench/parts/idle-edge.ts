import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess, temporaryDirectory } from '../../support/server-process.ts';
import { EDGE_NODE_OPTIONS } from '../edge-process.ts';
import { startCentralWithBroker, type CentralProcess } from '../pipeline/central-process.ts';
import { BENCH_PASSWORD } from '../pipeline/sender.ts';
import { atMost } from '../report/bar.ts';
import type { Section } from '../report/section.ts';
import { sleep, until } from '../sleep.ts';
import { BARE_NODE, usageRow, USAGE_HEAD, watch, type WatchedUsage } from '../watch.ts';

const AGENT = 'idle-edge';
const INTERVAL_S = 10;
const SETTLING_S = 10;
/** The agent's own health is sent every 30 s: a shorter window might miss it. */
const SHORTEST_WINDOW_S = 30;
const START_LIMIT_S = 20;

/** The two are measured in the same window. */
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
      const edge = new ServerProcess({
        program: process.execPath,
        args: [
          ...EDGE_NODE_OPTIONS,
          join(dist, 'wardwatch.js'),
          'edge',
          '--config',
          writeConfig(scratch.path, brokerPort),
        ],
        isReady: async () => (await storedBatches(central)) > 0,
      });
      disposals.push(() => edge.dispose());
      await edge.start();
      const bare = new ServerProcess({
        program: process.execPath,
        args: ['-e', BARE_NODE],
        isReady: () => Promise.resolve(true),
      });
      disposals.push(() => bare.dispose());
      await bare.start();
      await sleep(SETTLING_S);
      const storedBefore = await storedBatches(central);
      const windowS = Math.max(SHORTEST_WINDOW_S, Math.ceil(seconds / INTERVAL_S) * INTERVAL_S);
      const idle = await watch({ 'edge agent': edge.pid, 'bare Node': bare.pid }, windowS);
      await until('central stores what the agent measures', START_LIMIT_S, async () => {
        return (await storedBatches(central)) > storedBefore;
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
      atMost('idle edge agent: memory', 80, 'MiB', edge?.peakMiB),
      atMost('idle edge agent: CPU', 1, '% of one core', edge && edge.cpuRatio * 100),
    ],
  };
}

function writeConfig(directory: string, brokerPort: number): string {
  const file = join(directory, 'edge.yaml');
  const intervalMs = INTERVAL_S * 1_000;
  const config = {
    agent: AGENT,
    dataDirectory: join(directory, 'edge'),
    broker: { url: `mqtt://127.0.0.1:${brokerPort}`, username: AGENT, password: BENCH_PASSWORD },
    collectors: [
      { kind: 'server', intervalMs },
      { kind: 'ping', intervalMs, targets: ['127.0.0.1'] },
    ],
    log: { level: 'error' },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function storedBatches(central: CentralProcess): Promise<number> {
  const metrics = await central.metrics();
  return Number(/^wardwatch_stored_batches_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

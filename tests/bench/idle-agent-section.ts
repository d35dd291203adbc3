import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { ServerProcess, temporaryDirectory } from '../support/server-process.ts';
import { BENCH_PASSWORD, startCentral } from './central-process.ts';
import { usageOf, type Usage } from './process-usage.ts';
import { percentOf, rounded, sleep, type Section } from './section.ts';

const AGENT = 'gw-bench';
const SETTLE_MS = 15_000;
const MIN_WINDOW_S = 30;
const MAX_MIB = 80;
const MAX_CPU = 0.01;
/** As packaging/systemd/wardwatch-edge.service runs it. */
const NODE_OPTIONS = ['--max-semi-space-size=1'];

/** `wardwatch edge` with server and ping every 10 s, acknowledged by a central, beside a bare Node that does nothing. */
export const idleAgentSection: Section = {
  name: 'idle-agent',
  title: 'An idle edge agent (server and ping every 10 s), beside a bare Node process',
  run: async ({ dist, seconds }) => {
    const scratch = temporaryDirectory('bench-idle');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const port = await freePort();
      const central = await startCentral({
        dist,
        scratch: scratch.path,
        broker: { kind: 'embedded', port },
        store: { kind: 'duckdb' },
        agents: [AGENT],
      });
      disposals.push(() => central.process.dispose());
      const config = join(scratch.path, 'edge.yaml');
      writeFileSync(config, JSON.stringify(edgeConfig(scratch.path, port)));
      const program = join(dist, 'wardwatch.js');
      const agent = await started([...NODE_OPTIONS, program, 'edge', '--config', config]);
      disposals.push(() => agent.dispose());
      const bare = await started(['-e', 'setInterval(() => undefined, 1_000)']);
      disposals.push(() => bare.dispose());
      await sleep(SETTLE_MS);
      const windowS = Math.max(MIN_WINDOW_S, seconds);
      const before = [agent, bare].map(({ pid }) => usageOf(pid));
      await sleep(windowS * 1_000);
      const after = [agent, bare].map(({ pid }) => usageOf(pid));
      const metrics = await central.metrics();
      const stored = Number(/^wardwatch_stored_points_total (\d+)/m.exec(metrics)?.[1] ?? 0);
      return resultOf({ before, after, windowS, stored });
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

function edgeConfig(directory: string, brokerPort: number): object {
  return {
    agent: AGENT,
    dataDirectory: join(directory, 'edge'),
    broker: { url: `mqtt://127.0.0.1:${brokerPort}`, username: AGENT, password: BENCH_PASSWORD },
    collectors: [
      { kind: 'server', intervalMs: 10_000 },
      { kind: 'ping', intervalMs: 10_000, targets: ['127.0.0.1'] },
    ],
    log: { level: 'error' },
  };
}

async function started(args: readonly string[]): Promise<ServerProcess> {
  const server = new ServerProcess({ program: process.execPath, args, isReady: async () => true });
  await server.start();
  return server;
}

function resultOf(run: {
  readonly before: readonly Usage[];
  readonly after: readonly Usage[];
  readonly windowS: number;
  readonly stored: number;
}): Awaited<ReturnType<Section['run']>> {
  const costs = run.after.map((usage, index) => ({
    cpuRatio: (usage.cpuS - (run.before[index]?.cpuS ?? 0)) / run.windowS,
    rssMiB: usage.rssMiB,
    peakMiB: usage.peakRssMiB,
  }));
  const [agent, bare] = costs;
  if (agent === undefined || bare === undefined) throw new Error('nothing was measured');
  if (run.stored === 0) throw new Error('central stored nothing of the agent');
  return {
    head: ['process', 'of one core', 'resident MiB', 'peak MiB'],
    rows: [
      { name: 'edge agent', ...agent },
      { name: 'bare Node', ...bare },
    ].map(({ name, cpuRatio, rssMiB, peakMiB }) => [
      name,
      `${(cpuRatio * 100).toFixed(2)} %`,
      rounded(rssMiB),
      rounded(peakMiB),
    ]),
    bars: [
      {
        name: 'idle edge agent: peak memory',
        bar: '≤ 80 MiB',
        measured: `${rounded(agent.peakMiB)} MiB`,
        met: agent.peakMiB <= MAX_MIB,
      },
      {
        name: 'idle edge agent: CPU',
        bar: '≤ 1 % of one core',
        measured: percentOf(agent.cpuRatio),
        met: agent.cpuRatio <= MAX_CPU,
      },
    ],
    raw: { agent, bare, windowS: run.windowS, storedPoints: run.stored },
  };
}

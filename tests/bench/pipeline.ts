import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../central/access/tokens.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { freePort } from '../support/free-port.ts';
import { startInflux } from '../support/influx.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { ServerProcess, temporaryDirectory } from '../support/server-process.ts';
import type { LoadConfig, LoadReport } from './load-process.ts';
import { usageOf } from './process-usage.ts';

export interface PipelineCase {
  readonly dist: string;
  readonly broker: 'embedded' | 'mosquitto';
  readonly store: 'influx' | 'duckdb';
  readonly shape: LoadConfig['shape'];
  readonly seconds: number;
}

export interface PipelineResult {
  readonly broker: string;
  readonly store: string;
  readonly valuesPerS: number;
  readonly pointsPerS: number;
  readonly centralCpuRatio: number;
  readonly centralPeakMiB: number;
  readonly loadCpuRatio: number;
  readonly storeCpuRatio: number | undefined;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** Smallest histogram bound that holds 99 % of the transitions. */
  readonly alertP99Ms: number | undefined;
}

const BEAT_RULE = `kind: threshold
name: { en: Bench beat, vi: Nhịp đo }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [device]
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`;
const FLOOD_AGENTS = 40;
const FLOOD_WINDOW = 4;
const INTERVAL_MS = 10_000;
const WARM_UP_MS = 15_000;

/** Real processes: load generator → broker → central → store → acknowledgement, measured from outside through /proc. */
export async function runPipeline(options: PipelineCase): Promise<PipelineResult> {
  const scratch = temporaryDirectory('bench');
  const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
  try {
    const influx = options.store === 'influx' ? await startInflux() : undefined;
    if (influx !== undefined) disposals.push(() => influx.stop());
    const mosquitto = options.broker === 'mosquitto' ? await startMosquitto() : undefined;
    if (mosquitto !== undefined) disposals.push(() => mosquitto.stop());
    const brokerPort = mosquitto?.port ?? (await freePort());
    const central = await startCentral(options, scratch.path, brokerPort, influx?.url);
    disposals.push(() => central.process.dispose());
    const load = fork(join(options.dist, 'bench-load.js'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    disposals.push(() => void load.kill('SIGKILL'));
    let report: LoadReport | undefined;
    load.on('message', (message) => {
      report = message as LoadReport;
    });
    const config: LoadConfig = {
      brokerUrl: `mqtt://127.0.0.1:${brokerPort}`,
      epoch: 'bench000',
      shape: options.shape,
      intervalMs: INTERVAL_MS,
      floodAgents: FLOOD_AGENTS,
      floodWindow: FLOOD_WINDOW,
    };
    load.send(config);
    await once(load, 'message');
    await sleep(WARM_UP_MS);
    load.send('reset');
    const loadPid = load.pid ?? 0;
    const before = {
      report,
      atMs: performance.now(),
      central: usageOf(central.process.pid),
      load: usageOf(loadPid),
      influx: influx && usageOf(influx.pid),
    };
    await sleep(options.seconds * 1_000);
    const after = {
      report,
      atMs: performance.now(),
      central: usageOf(central.process.pid),
      load: usageOf(loadPid),
      influx: influx && usageOf(influx.pid),
    };
    const elapsedS = (after.atMs - before.atMs) / 1_000;
    const points = (after.report?.ackedPoints ?? 0) - (before.report?.ackedPoints ?? 0);
    const values = (after.report?.ackedValues ?? 0) - (before.report?.ackedValues ?? 0);
    return {
      broker: options.broker,
      store: options.store,
      valuesPerS: values / elapsedS,
      pointsPerS: points / elapsedS,
      centralCpuRatio: (after.central.cpuS - before.central.cpuS) / elapsedS,
      centralPeakMiB: after.central.peakRssMiB,
      loadCpuRatio: (after.load.cpuS - before.load.cpuS) / elapsedS,
      storeCpuRatio:
        before.influx === undefined || after.influx === undefined
          ? undefined
          : (after.influx.cpuS - before.influx.cpuS) / elapsedS,
      ackP50Ms: after.report?.ackP50Ms ?? 0,
      ackP99Ms: after.report?.ackP99Ms ?? 0,
      alertP99Ms: alertP99(await central.metrics()),
    };
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

async function startCentral(
  options: PipelineCase,
  scratch: string,
  brokerPort: number,
  influxUrl: string | undefined,
) {
  const directory = join(scratch, 'central');
  mkdirSync(directory);
  const state = openStateDatabase(join(directory, 'state.db'));
  const { token } = openTokenStore(state).create('bench', 'viewer', Date.now());
  const model = buildCity({ seed: 1, unitCount: 168 });
  const agents = [
    ...model.inventory.agents.map((agent) => agent.id),
    ...Array.from({ length: FLOOD_AGENTS }, (_, index) => `flood-${index}`),
  ];
  openAgentCredentials(state).register(
    agents.map((agent) => [agent, 'bench'] as const),
    Date.now(),
  );
  state.close();
  const rules = join(scratch, 'rules');
  mkdirSync(rules);
  writeFileSync(join(rules, 'bench_beat.yaml'), BEAT_RULE);
  const apiPort = await freePort();
  const file = join(scratch, 'central.yaml');
  const config = {
    dataDirectory: directory,
    api: { port: apiPort },
    broker:
      options.broker === 'embedded'
        ? { kind: 'embedded', port: brokerPort }
        : { kind: 'external', url: `mqtt://127.0.0.1:${brokerPort}` },
    store: influxUrl === undefined ? { kind: 'duckdb' } : { kind: 'influx', url: influxUrl },
    rulesDirectory: rules,
    log: { level: 'error' },
  };
  writeFileSync(file, JSON.stringify(config));
  const url = `http://127.0.0.1:${apiPort}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(options.dist, 'wardwatch.js'), 'central', '--config', file],
    isReady: async () => {
      try {
        return (await fetch(`${url}/healthz`)).ok;
      } catch {
        return false;
      }
    },
  });
  await server.start();
  return {
    process: server,
    metrics: async (): Promise<string> => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      return answer.text();
    },
  };
}

function alertP99(metrics: string): number | undefined {
  const buckets = [
    ...metrics.matchAll(/^wardwatch_alert_latency_seconds_bucket\{le="([^"]+)"\} (\d+)/gm),
  ].map(([, le, count]) => ({ leMs: le === '+Inf' ? Infinity : Number(le) * 1_000, count: Number(count) }));
  const total = buckets.at(-1)?.count ?? 0;
  return total === 0 ? undefined : buckets.find(({ count }) => count >= 0.99 * total)?.leMs;
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

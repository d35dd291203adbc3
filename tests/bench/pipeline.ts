import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildCity } from '../../simulators/city/build-city.ts';
import { freePort } from '../support/free-port.ts';
import { startInflux } from '../support/influx.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { FLOOD_AGENTS } from './bulk-shape.ts';
import { startCentral } from './central-process.ts';
import type { LoadConfig, LoadReport } from './load-process.ts';
import { usageOf, type Usage } from './process-usage.ts';
import { sleep } from './section.ts';

export interface PipelineCase {
  readonly dist: string;
  readonly broker: 'embedded' | 'mosquitto';
  readonly store: 'influx' | 'duckdb';
  readonly shape: LoadConfig['shape'];
  readonly seconds: number;
}

export interface ProcessCost {
  readonly name: string;
  /** CPU seconds (all threads) within the window ÷ its length. */
  readonly cpuRatio: number;
  readonly cpuS: number;
  readonly peakMiB: number;
}

export interface PipelineResult {
  readonly broker: string;
  readonly store: string;
  readonly valuesPerS: number;
  readonly pointsPerS: number;
  readonly central: ProcessCost;
  /** Load generator, and the broker and the store where they are processes of their own. */
  readonly others: readonly ProcessCost[];
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** Smallest histogram bounds that hold 50 % and 99 % of the transitions; undefined: there was none. */
  readonly alertP50Ms: number | undefined;
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
    const central = await startCentral({
      dist: options.dist,
      scratch: scratch.path,
      broker:
        mosquitto === undefined
          ? { kind: 'embedded', port: brokerPort }
          : { kind: 'external', url: mosquitto.url },
      store: influx === undefined ? { kind: 'duckdb' } : { kind: 'influx', url: influx.url },
      agents: cityAndFloodAgents(),
      rules: { 'bench_beat.yaml': BEAT_RULE },
    });
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
    const pids = { central: central.process.pid, load: load.pid, broker: mosquitto?.pid, store: influx?.pid };
    const before = { report, atMs: performance.now(), usage: usagesOf(pids) };
    await sleep(options.seconds * 1_000);
    const after = { report, atMs: performance.now(), usage: usagesOf(pids) };
    const elapsedS = (after.atMs - before.atMs) / 1_000;
    const costs = costsBetween(before.usage, after.usage, elapsedS);
    const centralCost = costs.find(({ name }) => name === 'central');
    if (centralCost === undefined) throw new Error('central was not measured');
    const points = (after.report?.ackedPoints ?? 0) - (before.report?.ackedPoints ?? 0);
    const values = (after.report?.ackedValues ?? 0) - (before.report?.ackedValues ?? 0);
    const metrics = await central.metrics();
    return {
      broker: options.broker,
      store: options.store,
      valuesPerS: values / elapsedS,
      pointsPerS: points / elapsedS,
      central: centralCost,
      others: costs.filter(({ name }) => name !== 'central'),
      ackP50Ms: after.report?.ackP50Ms ?? 0,
      ackP99Ms: after.report?.ackP99Ms ?? 0,
      alertP50Ms: alertQuantileMs(metrics, 0.5),
      alertP99Ms: alertQuantileMs(metrics, 0.99),
    };
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

function cityAndFloodAgents(): string[] {
  const model = buildCity({ seed: 1, unitCount: 168 });
  return [
    ...model.inventory.agents.map((agent) => agent.id),
    ...Array.from({ length: FLOOD_AGENTS }, (_, index) => `flood-${index}`),
  ];
}

function usagesOf(pids: Readonly<Record<string, number | undefined>>): ReadonlyMap<string, Usage> {
  return new Map(
    Object.entries(pids).flatMap(([name, pid]): [string, Usage][] =>
      pid === undefined ? [] : [[name, usageOf(pid)]],
    ),
  );
}

function costsBetween(
  before: ReadonlyMap<string, Usage>,
  after: ReadonlyMap<string, Usage>,
  elapsedS: number,
): ProcessCost[] {
  return [...after].map(([name, { cpuS: total, peakRssMiB }]) => {
    const cpuS = total - (before.get(name)?.cpuS ?? 0);
    return { name, cpuS, cpuRatio: cpuS / elapsedS, peakMiB: peakRssMiB };
  });
}

function alertQuantileMs(metrics: string, ratio: number): number | undefined {
  const buckets = [
    ...metrics.matchAll(/^wardwatch_alert_latency_seconds_bucket\{le="([^"]+)"\} (\d+)/gm),
  ].map(([, le, count]) => ({ leMs: le === '+Inf' ? Infinity : Number(le) * 1_000, count: Number(count) }));
  const total = buckets.at(-1)?.count ?? 0;
  return total === 0 ? undefined : buckets.find(({ count }) => count >= ratio * total)?.leMs;
}

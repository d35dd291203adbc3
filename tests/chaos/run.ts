import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../central/access/tokens.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { acceptsConnections } from '../support/accepts-connections.ts';
import { freePort } from '../support/free-port.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { ServerProcess, temporaryDirectory } from '../support/server-process.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import type { Combination, Pace } from './combination.ts';
import { damageLog } from './damaged-log.ts';
import { EdgeFleet } from './edge-fleet.ts';
import { agentClockFault, centralClockFault, killFault, pauseFault, type Killable } from './faults.ts';
import { mountSmallDisk } from '../support/full-disk.ts';
import { readJournal } from './journal.ts';
import { CHAOS_RULE, chaosAgent } from './load.ts';
import { readStoredPoints } from './stored-points.ts';
import { verify, type FiredAlert, type LedgerView, type Verdict } from './verify.ts';

const DISK_BYTES = 24 * 1024 * 1024;

export interface ChaosResult extends Verdict {
  readonly combination: string;
  readonly kills: number;
  /** Stops and clock steps. */
  readonly otherFaults: number;
  readonly diskWasFull: boolean;
}

export interface ChaosRun {
  readonly combination: Combination;
  readonly pace: Pace;
  readonly random: () => number;
  readonly print: (text: string) => void;
  /** Where the built programs are. */
  readonly dist: string;
}

/** Runs one combination, from empty directories to the verdict. */
export async function runChaos({ combination, pace, random, print, dist }: ChaosRun): Promise<ChaosResult> {
  const scratch = temporaryDirectory('chaos');
  const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
  try {
    const journal = join(scratch.path, 'journal.jsonl');
    const influx = combination.store === 'influx' ? await startInflux() : undefined;
    if (influx !== undefined) disposals.push(() => influx.stop());
    const broker = await startBroker(combination, dist);
    disposals.push(() => broker.dispose());
    const central = await prepareCentral(combination, dist, scratch.path, broker.port, influx, pace.agents);
    disposals.push(() => central.process.dispose());
    const disk = mountSmallDisk(DISK_BYTES);
    if (disk !== undefined) disposals.push(() => disk.remove());
    const fleet = new EdgeFleet(join(dist, 'chaos-edge.js'), {
      brokerUrl: `mqtt://127.0.0.1:${broker.port}`,
      directory: disk?.directory ?? join(scratch.path, 'edge'),
      journal,
      agents: pace.agents,
      stepMs: pace.stepMs,
      queueMaxBytes: 16 * 1024 * 1024,
    });
    disposals.push(() => fleet.kill('SIGKILL'));
    await central.process.start();
    await fleet.start();
    await sleep(pace.betweenKillsMs);

    const parts: Killable[] = [
      { name: 'central', kill: () => central.process.kill('SIGKILL'), start: () => central.process.start() },
      { name: 'edge', kill: () => fleet.kill('SIGKILL'), start: () => fleet.start() },
    ];
    if (broker.process !== undefined) parts.push({ name: 'broker', ...broker.process });
    if (influx !== undefined) {
      parts.push({ name: 'store', kill: () => influx.kill('SIGKILL'), start: () => influx.restart() });
    }
    const deps = { pace, random, sleep };
    const kills = [...parts, ...parts].map((part) => killFault(part, deps));
    const others = [
      pauseFault(central.process, deps),
      centralClockFault(central.clock, deps),
      agentClockFault(fleet, deps),
    ];
    for (const fault of shuffle([...kills, ...others], random)) {
      print(fault.name);
      await fault.run();
      await sleep(pace.betweenKillsMs);
    }

    if (disk !== undefined) {
      print('central killed, disk of the edge full');
      await central.process.kill('SIGKILL');
      disk.fill();
      await sleep(pace.diskFullMs);
      disk.free();
      await central.process.start();
      await sleep(pace.betweenKillsMs);
    }

    if (combination.store === 'duckdb') {
      print('central killed, log of the store damaged');
      await central.process.kill('SIGKILL');
      damageLog(join(scratch.path, 'central', 'wardwatch.duckdb.wal'), random);
      await central.process.start();
      await sleep(pace.betweenKillsMs);
    }

    print('draining');
    fleet.stopProducing();
    await until(
      () => fleet.report?.producing === false && fleet.report.pending === 0,
      pace.drainTimeoutMs,
      () => `the queues are not empty: ${JSON.stringify(fleet.report)}\n${central.process.log.slice(-3_000)}`,
    );
    const ledger = await central.get<{ items: LedgerView[] }>('/api/v1/ledger?limit=1000');
    const alerts = await central.get<{ items: FiredItem[] }>('/api/v1/alerts?limit=1000');
    await central.process.kill('SIGTERM');
    const stored = await readStoredPoints(combination, join(scratch.path, 'central'), influx?.url);
    const verdict = verify(readJournal(journal), stored, ledger.items, firedBy(alerts.items));
    return {
      ...verdict,
      combination: combination.name,
      kills: kills.length,
      otherFaults: others.length,
      diskWasFull: disk !== undefined,
    };
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

interface FiredItem {
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly firedAtMs?: number;
}

function firedBy(items: readonly FiredItem[]): FiredAlert[] {
  return items
    .filter((alert) => alert.rule === CHAOS_RULE && alert.firedAtMs !== undefined)
    .map((alert) => ({ entity: Object.values(alert.entity).join(' '), startedAtMs: alert.startedAtMs }));
}

interface ChaosBroker {
  readonly port: number;
  /** Missing: the broker is part of central. */
  readonly process?: { kill(): Promise<void>; start(): Promise<void> };
  dispose(): Promise<void>;
}

async function startBroker(combination: Combination, dist: string): Promise<ChaosBroker> {
  if (combination.broker === 'mosquitto') {
    const server = await startMosquitto();
    return {
      port: server.port,
      process: { kill: () => server.kill('SIGKILL'), start: () => server.restart() },
      dispose: () => server.stop(),
    };
  }
  const port = await freePort();
  if (combination.broker === 'embedded') return { port, dispose: async () => undefined };
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(dist, 'chaos-broker.js'), String(port)],
    isReady: () => acceptsConnections(port),
  });
  await server.start();
  return {
    port,
    process: { kill: () => server.kill('SIGKILL'), start: () => server.start() },
    dispose: () => server.dispose(),
  };
}

async function prepareCentral(
  combination: Combination,
  dist: string,
  scratch: string,
  brokerPort: number,
  influx: InfluxServer | undefined,
  agents: number,
) {
  const directory = join(scratch, 'central');
  const rules = join(scratch, 'rules');
  mkdirSync(directory);
  mkdirSync(rules);
  writeFileSync(join(rules, `${CHAOS_RULE}.yaml`), RULE);
  const state = openStateDatabase(join(directory, 'state.db'));
  const { token } = openTokenStore(state).create('chaos run', 'viewer', Date.now());
  openAgentCredentials(state).register(
    Array.from({ length: agents }, (_, index) => [chaosAgent(index), 'chaos'] as const),
    Date.now(),
  );
  state.close();
  const apiPort = await freePort();
  const configFile = join(scratch, 'central.yaml');
  const config = {
    dataDirectory: directory,
    api: { port: apiPort },
    broker:
      combination.broker === 'embedded'
        ? { kind: 'embedded', port: brokerPort }
        : {
            kind: 'external',
            url: `mqtt://127.0.0.1:${brokerPort}`,
            username: 'central',
            password: { value: 'central' },
          },
    store: influx === undefined ? { kind: 'duckdb' } : { kind: 'influx', url: influx.url, timeoutMs: 2_000 },
    rulesDirectory: rules,
    log: { level: process.env['WARDWATCH_LOG'] ?? 'error' },
  };
  writeFileSync(configFile, JSON.stringify(config));
  const url = `http://127.0.0.1:${apiPort}`;
  const clock = new ShiftedClock(join(scratch, 'clock'));
  const server = new ServerProcess({
    program: process.execPath,
    args: [...clock.nodeOptions, join(dist, 'wardwatch.js'), 'central', '--config', configFile],
    env: { ...process.env, ...clock.env },
    isReady: async () => {
      try {
        return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) })).ok;
      } catch {
        return false;
      }
    },
  });
  return {
    process: server,
    clock,
    get: async <T>(path: string): Promise<T> => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
  };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function until(done: () => boolean, timeoutMs: number, problem: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(problem());
    await sleep(50);
  }
}

const RULE = `kind: threshold
name: { en: Chaos run loss, vi: Mất gói trong bài thử }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [device]
across: newest
interval: 60s
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`;

import { setTimeout as sleepMs } from 'node:timers/promises';
import { fullShape } from '../shapes.ts';
import { BEAT_AGENT, beatLoad, startBeat } from './alert-beat.ts';
import { FLOOD_AGENTS } from './flood-agents.ts';
import type { LoadConfig, LoadReport, LoadRequest } from './load-messages.ts';
import { cityLoads, toLoad, type LoadAgent } from './load-shape.ts';
import { Percentiles } from './percentiles.ts';
import { Sender, type Totals } from './sender.ts';

/** Connections opened at a time; a broker's listen backlog holds as many. */
const CONNECT_BURST = 50;
const CONNECT_PAUSE_MS = 20;

const senders: Sender[] = [];
const totals: Totals = { sentValues: 0, ackedPoints: 0, ackedValues: 0 };
const floodStartMs = Date.now() - 6 * 3_600_000;
let latencies = new Percentiles();
let isFlooding = false;
let agents = 0;

process.on('message', (message) => {
  if (typeof message === 'object') {
    void start(message as LoadConfig);
    return;
  }
  const request = message as LoadRequest;
  if (request === 'reset') latencies = new Percentiles();
  if (request === 'pause') isFlooding = false;
  if (request === 'resume') {
    isFlooding = true;
    for (const sender of senders) floodOn(sender);
  }
  process.send?.(report());
});
process.on('disconnect', () => process.exit(0));

async function start(config: LoadConfig): Promise<void> {
  const loads = loadsOf(config);
  agents = loads.length;
  for (const load of loads) {
    senders.push(
      new Sender({
        ...config,
        load,
        totals,
        latencies: () => latencies,
        stampOf: (seq, nowMs) => (config.shape === 'city' ? nowMs : floodStartMs + seq),
        onReady: (sender) => {
          if (load.agent === BEAT_AGENT) startBeat(() => sender.send());
          else if (config.shape === 'city') repeat(sender, config.intervalMs);
        },
        onAck: (sender) => {
          if (config.shape === 'flood') floodOn(sender);
        },
      }),
    );
    if (senders.length % CONNECT_BURST === 0) await sleepMs(CONNECT_PAUSE_MS);
  }
}

function loadsOf(config: LoadConfig): LoadAgent[] {
  if (config.shape === 'city') return [...cityLoads(), beatLoad()];
  return fullShape(FLOOD_AGENTS, floodStartMs).map(({ agent, samples }) => toLoad(agent, samples));
}

/** Spread over the interval, like real agents by their start times. */
function repeat(sender: Sender, intervalMs: number): void {
  setTimeout(() => {
    sender.send();
    setInterval(() => sender.send(), intervalMs);
  }, Math.random() * intervalMs);
}

/** One unacknowledged batch each: a write then has as many series as points, as at city load. */
function floodOn(sender: Sender): void {
  if (isFlooding && sender.unackedBatches === 0) sender.send();
}

function report(): LoadReport {
  return {
    ...totals,
    atMs: performance.now(),
    unackedBatches: senders.reduce((sum, sender) => sum + sender.unackedBatches, 0),
    agents,
    connected: senders.filter((sender) => sender.isConnected).length,
    ackP50Ms: latencies.quantile(0.5),
    ackP99Ms: latencies.quantile(0.99),
  };
}

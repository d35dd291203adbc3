import { setTimeout as sleepMs } from 'node:timers/promises';
import { fullShape } from '../shapes.ts';
import { BEAT_AGENT, beatLoad, startBeat } from './alert-beat.ts';
import { FLOOD_AGENTS } from './flood-agents.ts';
import { floodLines } from './line-flood.ts';
import { LineSender } from './line-sender.ts';
import type { LoadConfig, LoadReport, LoadRequest } from './load-messages.ts';
import { cityLoads, toLoad, type LoadAgent } from './load-shape.ts';
import { Percentiles } from './percentiles.ts';
import { Sender, type LoadSender } from './sender.ts';
import { Totals } from './totals.ts';

/** Connections opened at a time; a broker's listen backlog holds as many. */
const CONNECT_BURST = 50;
const CONNECT_PAUSE_MS = 20;

const senders: LoadSender[] = [];
const totals = new Totals();
const floodStartMs = Date.now() - 6 * 3_600_000;
let latencies = new Percentiles();
let isSending = false;
let agents = 0;
let onResume = (): void => undefined;
const beginnings: (() => void)[] = [];

process.on('message', (message) => {
  if (typeof message === 'object') {
    void start(message as LoadConfig);
    return;
  }
  const request = message as LoadRequest;
  if (request === 'reset') {
    latencies = new Percentiles();
    totals.openWindow();
  }
  if (request === 'close') totals.closeWindow();
  if (request === 'pause') isSending = false;
  if (request === 'resume') {
    isSending = true;
    onResume();
  }
  process.send?.(report());
});
process.on('disconnect', () => process.exit(0));

async function start(config: LoadConfig): Promise<void> {
  const { shape, telegrafInfluxUrl } = config;
  const loads = loadsOf(config);
  agents = loads.length;
  isSending = shape === 'city';
  if (shape === 'flood' && telegrafInfluxUrl === undefined) {
    onResume = () => {
      for (const sender of senders) floodOn(sender);
    };
  }
  const open = telegrafInfluxUrl === undefined ? openBatches : openLines;
  for (const load of loads) {
    senders.push(open(config, load));
    if (senders.length % CONNECT_BURST === 0) await sleepMs(CONNECT_PAUSE_MS);
  }
  if (shape === 'flood' && telegrafInfluxUrl !== undefined) {
    await floodLines({ influxUrl: telegrafInfluxUrl, senders, totals, isSending: () => isSending });
  }
}

function openBatches(config: LoadConfig, load: LoadAgent): LoadSender {
  return new Sender({
    ...config,
    load,
    totals,
    latencies: () => latencies,
    stampOf: stampsOf(config),
    onReady: (sender) => beginCity(config, load, sender),
    onAck: (sender) => {
      if (config.shape === 'flood') floodOn(sender);
    },
  });
}

function openLines(config: LoadConfig, load: LoadAgent): LoadSender {
  const onReady = (sender: LoadSender): void => beginCity(config, load, sender);
  return new LineSender({ ...config, load, totals, stampOf: stampsOf(config), onReady });
}

function stampsOf({ shape }: LoadConfig): (seq: number, nowMs: number) => number {
  return shape === 'city' ? (_seq, nowMs) => nowMs : (seq) => floodStartMs + seq;
}

/** Once all are connected: a load that is more than central takes would keep the last from connecting. */
function beginCity(
  { shape, intervalMs, beatMs }: LoadConfig,
  { agent }: LoadAgent,
  sender: LoadSender,
): void {
  const send = (): void => {
    if (isSending) sender.send();
  };
  if (shape !== 'city') return;
  beginnings.push(() => (agent === BEAT_AGENT ? startBeat(send, beatMs) : repeat(send, intervalMs)));
  if (beginnings.length < agents) return;
  for (const begin of beginnings) begin();
}

function loadsOf({ shape, scale, telegrafInfluxUrl }: LoadConfig): LoadAgent[] {
  const format = telegrafInfluxUrl === undefined ? 'batches' : 'lines';
  if (shape === 'city') return [...cityLoads(Date.now(), scale, format), beatLoad(format)];
  return fullShape(FLOOD_AGENTS, floodStartMs).map((each) => toLoad(each, format));
}

/** Spread over the interval, like real agents by their start times. */
function repeat(send: () => void, intervalMs: number): void {
  setTimeout(() => {
    send();
    setInterval(send, intervalMs);
  }, Math.random() * intervalMs);
}

/** One unacknowledged batch each: a write then has as many series as points, as at city load. */
function floodOn(sender: LoadSender): void {
  if (isSending && sender.unackedBatches === 0) sender.send();
}

function report(): LoadReport {
  return {
    ...totals.report,
    atMs: performance.now(),
    unackedBatches: senders.reduce((sum, sender) => sum + sender.unackedBatches, 0),
    agents,
    connected: senders.filter((sender) => sender.isConnected).length,
    ackP50Ms: latencies.quantile(0.5),
    ackP99Ms: latencies.quantile(0.99),
  };
}

import { connect, type MqttClient } from 'mqtt';
import { ackSchema } from '../../contract/ack.ts';
import { encodeBatch } from '../../contract/codec.ts';
import { agentTopic } from '../../contract/topics.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { loadOf, toLoad, type LoadAgent } from './load-shape.ts';
import { interfaceBatch } from './bulk-shape.ts';
import { Percentiles } from './percentiles.ts';

/** What the bench tells its load generator, a process of its own so that its cost is not central's. */
export interface LoadConfig {
  readonly brokerUrl: string;
  readonly epoch: string;
  /** `city`: the reference city, each agent once an interval. `flood`: as fast as acknowledgements allow. */
  readonly shape: 'city' | 'flood';
  readonly intervalMs: number;
  readonly floodAgents: number;
  readonly floodWindow: number;
}

export interface LoadReport {
  readonly ackedPoints: number;
  readonly ackedValues: number;
  readonly sentBatches: number;
  readonly connected: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
}

interface Sender {
  readonly load: LoadAgent;
  readonly client: MqttClient;
  readonly sentAtMs: Map<number, { atMs: number; points: number }>;
  seq: number;
}

let config: LoadConfig;
let ackedPoints = 0;
let ackedValues = 0;
let sentBatches = 0;
let latencies = new Percentiles();
const senders: Sender[] = [];

function send(sender: Sender): void {
  for (const body of sender.load.bodies) {
    const seq = sender.seq++;
    const nowMs = Date.now();
    const header = { epoch: config.epoch, seq, lowest: seq, sentAtMs: nowMs, backfill: false };
    sender.client.publish(
      agentTopic(sender.load.agent, 'up'),
      encodeBatch(header, body.at(stampOf(sender, nowMs))),
      { qos: 1 },
    );
    sender.sentAtMs.set(seq, { atMs: performance.now(), points: body.points });
    sentBatches++;
  }
}

/** Times of one series must differ: a flood sends more than one batch a millisecond, so its clock runs ahead of none but counts on. */
function stampOf(sender: Sender, nowMs: number): number {
  return config.shape === 'city' ? nowMs : floodStartMs + sender.seq;
}
const floodStartMs = Date.now() - 6 * 3_600_000;

function onAck(sender: Sender, payload: Buffer): void {
  const ack = ackSchema.parse(JSON.parse(payload.toString('utf8')));
  if (ack.epoch !== config.epoch) return;
  for (const [from, to] of ack.stored) {
    for (let seq = from; seq <= to; seq++) {
      const sent = sender.sentAtMs.get(seq);
      if (sent === undefined) continue;
      sender.sentAtMs.delete(seq);
      latencies.add(performance.now() - sent.atMs);
      ackedPoints += sent.points;
      ackedValues += (sent.points * sender.load.values) / sender.load.points;
    }
  }
  if (config.shape === 'flood') while (sender.sentAtMs.size < config.floodWindow) send(sender);
}

async function run(): Promise<void> {
  if (config.shape === 'city') startAlertBeat();
  const loads =
    config.shape === 'city'
      ? cityLoads()
      : Array.from({ length: config.floodAgents }, (_, index) =>
          toLoad(`flood-${index}`, interfaceBatch(`flood-${index}`)),
        );
  for (const load of loads) {
    const client = connect(config.brokerUrl, {
      clientId: load.agent,
      username: load.agent,
      password: 'bench',
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    const sender: Sender = { load, client, sentAtMs: new Map(), seq: 1 };
    senders.push(sender);
    client.on('error', (error) => process.stderr.write(`${load.agent}: ${error.message}\n`));
    client.on('message', (_topic, payload) => onAck(sender, payload));
    client.on('connect', () => {
      client.subscribe(agentTopic(load.agent, 'ack'), { qos: 0 }, () => {
        if (config.shape === 'flood') {
          while (sender.sentAtMs.size < config.floodWindow) send(sender);
          return;
        }
        // Spread over the interval, as real agents are by their start times.
        const phaseMs = Math.random() * config.intervalMs;
        setTimeout(() => {
          send(sender);
          setInterval(() => send(sender), config.intervalMs);
        }, phaseMs);
      });
    });
    if (senders.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  setInterval(() => {
    const report: LoadReport = {
      ackedPoints,
      ackedValues,
      sentBatches,
      connected: senders.filter((sender) => sender.client.connected).length,
      ackP50Ms: latencies.quantile(0.5),
      ackP99Ms: latencies.quantile(0.99),
    };
    process.send?.(report);
  }, 200);
}

/** Beside the city, an agent whose lines break and heal at each beat, so that there are transitions to time. */
function startAlertBeat(): void {
  const agent = 'flood-0';
  const beat = (lossPct: number): LoadAgent =>
    toLoad(
      agent,
      Array.from({ length: 20 }, (_, line) => ({
        measurement: 'ping',
        tags: { device: `beat-${line}` },
        fields: { percent_packet_loss: lossPct },
        timeMs: 1_800_000_000_000,
      })),
    );
  const loads = [beat(100), beat(0)] as const;
  const client = connect(config.brokerUrl, {
    clientId: agent,
    username: agent,
    password: 'bench',
    protocolVersion: 4,
  });
  let seq = 1;
  setInterval(() => {
    const load = loads[seq % 2 === 1 ? 0 : 1];
    for (const body of load.bodies) {
      const nowMs = Date.now();
      const header = { epoch: config.epoch, seq: seq++, lowest: 1, sentAtMs: nowMs, backfill: false };
      client.publish(agentTopic(agent, 'up'), encodeBatch(header, body.at(nowMs)), { qos: 1 });
    }
  }, 250);
}

function cityLoads(): LoadAgent[] {
  const model = buildCity({ seed: 1, unitCount: 168, interfacesPerNode: 48 });
  return loadOf(
    model,
    model.inventory.agents.map((agent) => agent.id),
    Date.now(),
  );
}

process.on('message', (message) => {
  if (message === 'reset') {
    latencies = new Percentiles();
    return;
  }
  config = message as LoadConfig;
  void run();
});
process.on('disconnect', () => process.exit(0));

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RAW_EPOCH, RawAgent, rawBatch } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const GOOD = 'gw-26734-01';
const BAD = ['gw-26737-01', 'gw-26740-01'] as const;
/** Each of the two: with five rules in breach of each port, twice 100,000 entities, which once was all that central kept. */
const PORTS = 20_000;
const ROWS_A_BATCH = 500;
/** Each port twice, so that the second time they are known. */
const ROUNDS = 2;
const GOOD_EVERY_MS = 50;
const ACK_P99_MS = 2_000;
const ALERT_MS = 1_000;

const SITE = { site: 'site-1', unit: '26734' };
const INVENTORY = {
  units: [
    {
      ...{ code: '26734', name: 'Phường Một', nameEn: 'Ward One', kind: 'ward' },
      ...{ longitude: 106.7, latitude: 10.78, areaKm2: 2 },
    },
  ],
  sites: [{ id: 'site-1', unit: '26734', name: 'Site', kind: 'site', longitude: 106.7, latitude: 10.78 }],
  agents: [GOOD, ...BAD].map((id) => ({ id, kind: 'gateway', ...SITE })),
  devices: [
    ...['room-0', 'room-1', 'room-2', 'room-3'].map((id) => ({ id, kind: 'probe', agent: GOOD, ...SITE })),
    ...BAD.map((agent) => ({ id: `sw-${agent}`, kind: 'node', agent, ...SITE })),
  ],
};

interface AlertItem {
  readonly rule: string;
  readonly agent: string;
  readonly entity: Readonly<Record<string, string>>;
}

let directory: TemporaryDirectory;
let central: CentralProgram;

async function startCentral(): Promise<void> {
  const inventoryFile = join(directory.path, 'inventory.yaml');
  writeFileSync(inventoryFile, JSON.stringify(INVENTORY));
  const settings = { inventoryFile };
  central = await CentralProgram.start({ directory: directory.path, agents: [GOOD, ...BAD], settings });
}

beforeAll(async () => {
  directory = temporaryDirectory('made-up-series');
  mkdirSync(directory.path, { recursive: true });
  await startCentral();
});
afterAll(async () => {
  await central.end('SIGKILL');
  directory.remove();
});

/** A port that is down although it is used, loses and discards in both directions and is full: one device of its own, or a made-up one. */
function port(device: string, name: string): Sample {
  const fields = {
    ...{ oper_status: 2, admin_status: 1, in_use: true },
    ...{ in_errors_pct: 50, out_errors_pct: 50, in_discards_pct: 50, out_discards_pct: 50 },
    ...{ in_utilization_pct: 99, out_utilization_pct: 99 },
  };
  return { measurement: 'interface', tags: { device, interface: name }, fields, timeMs: Date.now() };
}

function smoke(device: string): Sample {
  return { measurement: 'environment', tags: { device }, fields: { smoke: true }, timeMs: Date.now() };
}

/** Publishes one batch after the other, as fast as the broker takes them. */
async function attack(agent: RawAgent, device: (index: number) => string): Promise<void> {
  for (let first = 0; first < ROUNDS * PORTS; first += ROWS_A_BATCH) {
    const samples = Array.from({ length: ROWS_A_BATCH }, (_, at) => {
      const index = (first + at) % PORTS;
      return port(device(index), `p${index}`);
    });
    for (const { bytes } of encodeSamples(samples).bodies) {
      const header = {
        epoch: RAW_EPOCH,
        seq: nextSeq(agent),
        lowest: 1,
        sentAtMs: Date.now(),
        backfill: false,
      };
      await agent.client.publishAsync(agentTopic(agent.name, 'up'), encodeBatch(header, bytes), { qos: 1 });
    }
  }
}

/** Numbers go on over a restart of central, as those of an agent do. */
const seqs = new Map<string, number>();
function nextSeq({ name }: RawAgent): number {
  const seq = (seqs.get(name) ?? 0) + 1;
  seqs.set(name, seq);
  return seq;
}

function send(agent: RawAgent, sample: Sample): number {
  const seq = nextSeq(agent);
  agent.publish(agentTopic(agent.name, 'up'), rawBatch(seq, [sample]));
  return seq;
}

async function alerts(query: string): Promise<readonly AlertItem[]> {
  return (await central.get<{ items: readonly AlertItem[] }>(`/api/v1/alerts?state=active&${query}`)).items;
}

/** Sends smoke in a room, and returns how long it took until the city's alert was there, ms. */
async function untilSmokeAlert(agent: RawAgent, device: string): Promise<number> {
  const sentAtMs = Date.now();
  send(agent, smoke(device));
  await vi.waitFor(
    async () => {
      const found = (await alerts('severity=critical')).map(({ entity }) => entity['device']);
      expect(found).toContain(device);
    },
    { timeout: 30_000, interval: 20 },
  );
  return Date.now() - sentAtMs;
}

async function ackLatencyMs(agent: RawAgent): Promise<number> {
  const sentAtMs = Date.now();
  const sample = { measurement: 'system', tags: {}, fields: { load1: 0.5 }, timeMs: sentAtMs };
  await agent.untilStored(send(agent, sample));
  return Date.now() - sentAtMs;
}

/** Of a batch every 50 ms as long as `during` lasts. */
async function ackP99Ms(agent: RawAgent, during: Promise<unknown>): Promise<number> {
  const latencies: Promise<number>[] = [];
  const timer = setInterval(() => latencies.push(ackLatencyMs(agent)), GOOD_EVERY_MS);
  await during;
  clearInterval(timer);
  return p99(await Promise.all(latencies));
}

function p99(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Infinity;
}

describe('two agents with 40,000 made-up series in breach of nine rules', () => {
  it('neither delay the acknowledgements of a good agent nor mute its alerts, and are named', async () => {
    const good = await RawAgent.connect(central.brokerUrl, GOOD);
    const [first, second] = await Promise.all(BAD.map((name) => RawAgent.connect(central.brokerUrl, name)));
    if (first === undefined || second === undefined) throw new Error('not connected');
    // What this machine takes without an attack, with whatever else it does.
    const quietP99Ms = await ackP99Ms(good, new Promise((resolve) => setTimeout(resolve, 2_000)));
    const quietSmokeMs = await untilSmokeAlert(good, 'room-0');
    const attacks = Promise.all([
      attack(first, () => `sw-${first.name}`),
      // Of devices that nobody listed.
      attack(second, (index) => `made-up-${index % 1_000}`),
    ]);
    const [p99Ms, smokeMs] = await Promise.all([ackP99Ms(good, attacks), untilSmokeAlert(good, 'room-1')]);
    expect(p99Ms).toBeLessThan(Math.max(ACK_P99_MS, 3 * quietP99Ms));
    expect(smokeMs).toBeLessThan(Math.max(ALERT_MS, 3 * quietSmokeMs));
    expect(await untilSmokeAlert(good, 'room-2')).toBeLessThan(Math.max(ALERT_MS, 3 * quietSmokeMs));

    const named = await vi.waitFor(
      async () => {
        const found = (await alerts('limit=100')).filter(({ rule }) => rule === 'agent_alerts_full');
        expect(found).toHaveLength(1);
        return found;
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(named.map(({ entity }) => entity['agent'])).toEqual([first.name]);
    const { problems } = await central.get<{ problems: { problem: string }[] }>(
      `/api/v1/agents/${first.name}`,
    );
    expect(problems.map(({ problem }) => problem)).toContain('too_many_alerts');
    expect(await central.metric(`wardwatch_agents_with_problem{problem="too_many_alerts"}`)).toBe(1);
    expect(await central.metric('wardwatch_alert_entities')).toBeLessThanOrEqual(10_000 + 100);
    for (const agent of [good, first, second]) agent.end();
  });

  it('show what the inventory lacks as seen and not expected', async () => {
    const path = `/api/v1/devices/unexpected?limit=1000`;
    const { items } = await central.get<{ items: { agents: string[]; series: number }[] }>(path);
    expect(items).toHaveLength(1_000);
    expect(items[0]).toMatchObject({ agents: [BAD[1]], series: PORTS / 1_000 });
    expect(await central.metric('wardwatch_unexpected_devices')).toBe(1_000);
  });

  it('do not mute the city after a restart either', async () => {
    await central.end('SIGKILL');
    await startCentral();
    const good = await RawAgent.connect(central.brokerUrl, GOOD);
    await untilSmokeAlert(good, 'room-3');
    good.end();
  });

  it('lose what they made up when an administrator closes it', async () => {
    const tokenFile = join(directory.path, 'token');
    writeFileSync(tokenFile, central.token);
    const options = ['--url', central.apiUrl, '--token-file', tokenFile];
    const ended = await new Wardwatch(['agents', 'close-alerts', BAD[0], ...options]).end();
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ alerts of gw-26737-01 are closed/) as string,
    });
    expect(await central.metric('wardwatch_alert_entities')).toBeLessThan(100);
    const { items } = await central.get<{ items: { action: string; target: string }[] }>('/api/v1/audit');
    expect(items[0]?.action).toBe('agent.alerts.close');
    expect(items[0]?.target).toContain(BAD[0]);
    const rooms = (await alerts('severity=critical')).map(({ entity }) => entity['device']).sort();
    expect(rooms).toEqual(['room-0', 'room-1', 'room-2', 'room-3']);
  });
});

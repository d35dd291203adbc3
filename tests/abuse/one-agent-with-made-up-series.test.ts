import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { abuseScale } from '../support/abuse-scale.ts';
import { CentralProgram } from '../support/central-program.ts';
import { GOOD_AGENT_RULE, GOOD_AGENT_RULE_ID, GoodAgent } from '../support/good-agent.ts';
import { RAW_EPOCH, RawAgent, rawBatch } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const GOOD = 'gw-26734-01';
const WITNESS = 'gw-26743-01';
const BAD = ['gw-26737-01', 'gw-26740-01'] as const;
/** Each of the two: with five rules in breach of each port, twice 100,000 entities, which once was all that central kept. */
const PORTS = 20_000;
const ROWS_A_BATCH = 500;
/** How often each port is sent. */
const ROUNDS = abuseScale(1, 200);
const PAUSE_MS = 200;

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
    ...['room-1', 'room-2'].map((id) => ({ id, kind: 'probe', agent: GOOD, ...SITE })),
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
  const rulesDirectory = join(directory.path, 'rules');
  mkdirSync(rulesDirectory, { recursive: true });
  writeFileSync(join(rulesDirectory, `${GOOD_AGENT_RULE_ID}.yaml`), GOOD_AGENT_RULE);
  const agents = [GOOD, WITNESS, ...BAD];
  const settings = { inventoryFile, rulesDirectory };
  central = await CentralProgram.start({ directory: directory.path, agents, settings });
}

beforeAll(async () => {
  directory = temporaryDirectory('made-up-series');
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

/** Made before the attack, which must not keep the test itself from measuring. */
function prepare(device: (index: number) => string): readonly Buffer[] {
  const bodies: Buffer[] = [];
  for (let first = 0; first < PORTS; first += ROWS_A_BATCH) {
    const samples = Array.from({ length: ROWS_A_BATCH }, (_, at) =>
      port(device(first + at), `p${first + at}`),
    );
    bodies.push(...encodeSamples(samples).bodies.map(({ bytes }) => bytes));
  }
  return bodies;
}

/** Publishes one batch after the other. */
async function attack(agent: RawAgent, bodies: readonly Buffer[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const bytes of bodies) {
      const seq = nextSeq(agent);
      const header = { epoch: RAW_EPOCH, seq, lowest: 1, sentAtMs: Date.now(), backfill: false };
      await agent.client.publishAsync(agentTopic(agent.name, 'up'), encodeBatch(header, bytes), { qos: 1 });
      await sleep(PAUSE_MS);
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

async function alerts(query: string): Promise<readonly AlertItem[]> {
  return (await central.get<{ items: readonly AlertItem[] }>(`/api/v1/alerts?state=active&${query}`)).items;
}

async function smokingRooms(): Promise<(string | undefined)[]> {
  const found = (await alerts('severity=critical')).filter(({ rule }) => rule === 'room_smoke');
  return found.map(({ entity }) => entity['device']).sort();
}

/** Smoke in a room of the good agent, until the city's alert is there. */
async function untilSmokeAlert(agent: RawAgent, device: string): Promise<void> {
  agent.publish(agentTopic(agent.name, 'up'), rawBatch(nextSeq(agent), [smoke(device)]));
  await vi.waitFor(
    async () => {
      const found = await smokingRooms();
      expect(found).toContain(device);
    },
    { timeout: 10_000, interval: 50 },
  );
}

describe('two agents with 40,000 made-up series in breach of nine rules', () => {
  it('neither delay the acknowledgements of a good agent nor mute its alerts, and are named', async () => {
    const [first, second] = await Promise.all(BAD.map((name) => RawAgent.connect(central.brokerUrl, name)));
    if (first === undefined || second === undefined) throw new Error('not connected');
    const listed = prepare(() => `sw-${first.name}`);
    const unlisted = prepare((index) => `made-up-${index % 1_000}`);
    const good = await RawAgent.connect(central.brokerUrl, GOOD);
    const witness = await GoodAgent.connect(central, WITNESS, { localAddress: '127.0.1.1' });
    onTestFinished(() => witness.end());
    const attacks = Promise.all([attack(first, listed), attack(second, unlisted)]);
    await untilSmokeAlert(good, 'room-1');
    await attacks;
    await witness.expectUnharmed();

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
    await untilSmokeAlert(good, 'room-2');
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
    const rooms = await smokingRooms();
    expect(rooms).toEqual(['room-1', 'room-2']);
  });
});

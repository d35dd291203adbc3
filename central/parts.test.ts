import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeBatch, encodeSamples } from '../contract/codec.ts';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { agentTopic } from '../contract/topics.ts';
import { silentLogger } from '../runtime/logger.ts';
import { ManualClock } from '../runtime/manual-clock.ts';
import { ServiceStack } from '../runtime/service.ts';
import { loadRules, rulesStanding, SHIPPED_RULES_DIRECTORY } from './alerts/rules/load-rules.ts';
import { FakeBus } from './mqtt/testing/fake-bus.ts';
import { KnobStore } from './ingest/testing/knob-store.ts';
import { hubCity } from './health/states/testing/states-city.ts';
import { EMPTY_INVENTORY, readInventory } from './inventory/inventory.ts';
import { createParts, type CentralParts, type PartsDeps } from './parts.ts';
import { openStateDatabase } from './state/database.ts';

const { signal } = new AbortController();
const SHIPPED = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const clock = new ManualClock();
let directory: string;
const running: ServiceStack[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parts-'));
});

afterEach(async () => {
  for (const stack of running.splice(0)) {
    const stopped = stack.stop();
    await clock.advance(10_000);
    expect(await stopped).toEqual([]);
  }
  rmSync(directory, { recursive: true });
});

async function startCentral(
  name: string,
  more: Pick<PartsDeps, 'rules' | 'ownRules' | 'inventory'> & Partial<Pick<PartsDeps, 'log'>> = {
    rules: SHIPPED,
  },
): Promise<CentralParts & { readonly bus: FakeBus; readonly store: KnobStore }> {
  const stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
  running.push(stack);
  const database = openStateDatabase(join(directory, `${name}.db`));
  stack.add('state database', () => database.close());
  const bus = new FakeBus();
  const store = new KnobStore();
  const parts = await createParts({
    clock,
    random: () => 0.5,
    log: silentLogger,
    version: 'test',
    database,
    store,
    openBus: () => ({ bus, url: () => name, refused: () => ({}), disconnect: () => undefined }),
    quarantineDirectory: join(directory, `${name}-quarantine`),
    inventory: EMPTY_INVENTORY,
    ...more,
    rawRetentionMs: 7 * 86_400_000,
    historyRetention: { minuteMs: 90 * 86_400_000, hourMs: 1_095 * 86_400_000 },
    checkAgentConfig: () => Promise.resolve([]),
    heapLimitBytes: 2 ** 30,
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
    readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
    readEventLoopDelayP99Ms: () => 0,
  });
  for (const service of parts.services) await stack.start(service, signal);
  return { ...parts, bus, store };
}

/** One sample of an agent, sent to one central. */
function report(bus: FakeBus, agent: string, seq: number): void {
  const sample = { measurement: 'system', tags: {}, fields: { load1: 0.5 }, timeMs: clock.now() };
  const body = encodeSamples([sample]).bodies[0]?.bytes ?? Buffer.alloc(0);
  const header = { epoch: 'abcdefgh', seq, lowest: seq, sentAtMs: clock.now(), backfill: false };
  bus.receive(agentTopic(agent, 'up'), encodeBatch(header, body));
}

it('two centrals in one process live through ten minutes of virtual time, and know nothing of each other', async () => {
  const north = await startCentral('north');
  const south = await startCentral('south');
  for (let seq = 1; seq <= 60; seq++) {
    report(north.bus, 'gw-north', seq);
    if (seq <= 30) report(south.bus, 'gw-south', seq);
    await clock.advance(10_000);
  }
  expect(north.api.ledger.entries('gw-north')).toMatchObject([{ storedPoints: 60, completeness: 1 }]);
  expect(south.api.ledger.entries('gw-south')).toMatchObject([{ storedPoints: 30, completeness: 1 }]);
  expect(north.api.ledger.entries('gw-south')).toEqual([]);
  expect(south.api.alerts.active()).toMatchObject([{ rule: 'agent_silent', agent: 'gw-south' }]);
  expect(north.api.alerts.active()).toEqual([]);
});

it('central writes its own health every ten seconds, and what it rolls up each minute', async () => {
  const { api, bus, store } = await startCentral('north');
  for (let seq = 1; seq <= 6; seq++) {
    report(bus, 'gw-north', seq);
    await clock.advance(10_000);
  }
  // The last one waits a moment for others that go to the store with it.
  await clock.advance(1_000);
  const own = [...store.batches.values()].filter(({ agent }) => agent === 'central');
  const measurements = own.map(({ tables }) => tables[0]?.measurement ?? '');
  // The city when central has settled down, and in the next minute.
  expect(measurements.sort()).toEqual([
    ...['alarm_quality', 'city_state', 'city_state'],
    ...Array<string>(6).fill('pipeline'),
  ]);
  expect(api.registry.list(clock.now()).map(({ id }) => id)).toEqual(['gw-north']);
});

it('rules follow their directory while central runs; a set that is wrong is an alarm until it is mended', async () => {
  const rules = join(directory, 'rules');
  mkdirSync(rules);
  const ownRules = { directory: rules, standing: '', shipped: SHIPPED };
  const { api, bus } = await startCentral('north', { rules: SHIPPED, ownRules });
  const active = (): string[] => api.alerts.active().map(({ rule }) => rule);
  const busy = readFileSync(join(SHIPPED_RULES_DIRECTORY, 'load_high.yaml'), 'utf8')
    .replace('divideBy: n_cpus\n', '')
    .replace(/raise: [\d.]+, clear: [\d.]+/, 'raise: 0.4, clear: 0.3')
    .replace(/^for: .*$/m, 'for: 0s');
  writeFileSync(join(rules, 'any_load.yaml'), busy.replace('load1', 'load_1'));
  await clock.advance(20_000);
  expect(active()).toEqual(['central_rules_refused']);
  writeFileSync(join(rules, 'any_load.yaml'), busy);
  await clock.advance(20_000);
  report(bus, 'gw-north', 1);
  await clock.advance(1_000);
  expect(active()).toEqual(['any_load']);
  expect(api.alerts.active()).toMatchObject([{ ruleVersion: 1, title: { en: 'Load high for its CPUs' } }]);
});

it('rules that were refused at the start are an alarm from then on', async () => {
  const rules = join(directory, 'rules');
  mkdirSync(rules);
  const refused = { problems: ['broken.yaml: not valid YAML'], leftOut: [] };
  const ownRules = { directory: rules, standing: rulesStanding(rules), shipped: SHIPPED, refused };
  const { api } = await startCentral('north', { rules: SHIPPED, ownRules });
  await clock.advance(20_000);
  expect(api.alerts.active()).toMatchObject([{ rule: 'central_rules_refused' }]);
});

describe('the silence of agents', () => {
  const agents = Array.from({ length: 12 }, (_, at) => `gw-${at}`);
  /** All of them report every ten seconds. */
  async function live(bus: FakeBus, rounds: number, firstSeq: number, who = agents): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (const agent of who) report(bus, agent, firstSeq + round);
      await clock.advance(10_000);
    }
  }
  const silent = ({ api }: CentralParts): string[] =>
    api.alerts.active().flatMap(({ rule, agent }) => (rule === 'agent_silent' ? [agent] : []));

  it('that central slept through is not theirs: neither alerts nor phases, and a dead one is missed later', async () => {
    const central = await startCentral('north');
    await live(central.bus, 10, 1);
    expect(silent(central)).toEqual([]);
    clock.freeze(45_000);
    await clock.advance(1_000);
    expect(central.api.registry.counts(clock.now())).toMatchObject({ live: 12, silent: 0 });
    await live(central.bus, 5, 11, agents.slice(1));
    expect(silent(central)).toEqual([]);
    await live(central.bus, 3, 16, agents.slice(1));
    expect(silent(central)).toEqual(['gw-0']);
  });

  it("of all at once is central's own; when they are back, those that stay away are missed", async () => {
    const told: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => told.push(line) });
    const central = await startCentral('north', { rules: SHIPPED, log });
    await live(central.bus, 10, 1);
    await clock.advance(1_200_000);
    expect(silent(central)).toEqual([]);
    await live(central.bus, 8, 11, agents.slice(1));
    expect(silent(central)).toEqual(['gw-0']);
    expect(told.filter((line) => line.includes('silent at once'))).toEqual([
      expect.stringMatching(/"level":50,.*nearly all agents fell silent at once/),
      expect.stringMatching(/"level":30,.*half of the agents that fell silent at once are heard again/),
    ]);
  });
});

describe('agents that come back one after the other when central starts again after a crash', () => {
  const agents = Array.from({ length: 12 }, (_, at) => `gw-${at}`);

  it('are no silence of all at once', async () => {
    const before = await startCentral('back');
    for (const agent of agents) report(before.bus, agent, 1);
    await clock.advance(10_000);
    const stopped = running[0]?.stop();
    await clock.advance(60_000);
    expect(await stopped).toEqual([]);
    running.splice(0);

    const after = await startCentral('back');
    const deaf: boolean[] = [];
    for (const agent of agents) {
      await clock.advance(3_000);
      deaf.push(after.api.isDeaf());
      report(after.bus, agent, 2);
    }
    expect(deaf).not.toContain(true);
  });
});

describe('a hub that is cut off', () => {
  const inventory = readInventory('inventory', hubCity(3, 4));
  const agents = [...inventory.agents.keys()];
  const behind = agents.filter((agent) => /^gw-(hub-1|s-1-)/.test(agent));
  const alertsOf = ({ api }: CentralParts, rule: string) => api.alerts.list({ rule, limit: 100 }).items;

  it('is told with its root while its agents are told as silent; a restart of central ends and begins nothing', async () => {
    const first = await startCentral('cut', { rules: SHIPPED, inventory });
    const others = agents.filter((agent) => !behind.includes(agent));
    const round = async ({ bus }: { readonly bus: FakeBus }, seq: number, who: readonly string[]) => {
      for (const agent of who) report(bus, agent, seq);
      await clock.advance(10_000);
    };
    for (let seq = 1; seq <= 12; seq++) await round(first, seq, agents);
    for (let seq = 13; seq <= 18; seq++) await round(first, seq, others);
    const cut = { phase: 'firing', severity: 'critical', entity: { site: 'hub-1' }, valueText: '5 sites' };
    expect(alertsOf(first, 'site_cut')).toMatchObject([cut]);
    expect(alertsOf(first, 'agent_silent')).toHaveLength(behind.length);

    const stopped = running[0]?.stop();
    await clock.advance(10_000);
    expect(await stopped).toEqual([]);
    running.splice(0);
    const second = await startCentral('cut', { rules: SHIPPED, inventory });
    for (let seq = 19; seq <= 36; seq++) {
      await round(second, seq, others);
      expect(alertsOf(second, 'site_cut')).toMatchObject([cut]);
    }
    for (let seq = 37; seq <= 44; seq++) await round(second, seq, agents);
    const [ended] = alertsOf(second, 'site_cut');
    expect(ended).toMatchObject({ phase: 'resolved' });
    const timeline = second.api.alerts.get(ended?.id ?? '')?.timeline ?? [];
    expect(timeline.map(({ kind }) => kind)).toEqual(['started', 'fired', 'recovering', 'resolved']);
  });
});

describe("central's clock", () => {
  const HOUR_MS = 3_600_000;
  const truthMs = (): number => clock.monotonicMs();
  const agents = ['gw-0', 'gw-1', 'gw-2', 'gw-3'];

  /** As `report`, by an agent whose clock is right, whatever central's does. */
  function reportAt(bus: FakeBus, agent: string, seq: number, timeMs: number): void {
    const sample = { measurement: 'system', tags: {}, fields: { load1: 0.5 }, timeMs };
    const body = encodeSamples([sample]).bodies[0]?.bytes ?? Buffer.alloc(0);
    const header = { epoch: 'abcdefgh', seq, lowest: 1, sentAtMs: timeMs, backfill: false };
    bus.receive(agentTopic(agent, 'up'), encodeBatch(header, body));
  }

  it.each([-HOUR_MS, HOUR_MS, 8 * 24 * HOUR_MS])(
    'steps by %d ms for a minute: nothing is refused, and the one dead agent is missed in time',
    async (stepMs) => {
      const { api, bus } = await startCentral(`step${stepMs}`);
      const round = async (seq: number, who: readonly string[]): Promise<void> => {
        for (const agent of who) reportAt(bus, agent, seq, truthMs());
        await clock.advance(10_000);
      };
      for (let seq = 1; seq <= 10; seq++) await round(seq, agents);
      clock.stepWallClock(stepMs);
      for (let seq = 11; seq <= 16; seq++) await round(seq, agents.slice(1));
      expect(api.clockStanding()).toMatchObject({ machineOffsetMs: stepMs, isAgreed: false });
      expect(api.alerts.active().map(({ rule, agent }) => `${rule} ${agent}`)).toContain('agent_silent gw-0');
      clock.stepWallClock(-stepMs);
      await round(17, agents.slice(1));
      expect(api.ingest.stats()).toMatchObject({ refusedRows: {}, droppedBatches: 0 });
      expect(api.registry.counts(api.clock.now())).toMatchObject({ live: 3, silent: 1 });
      expect(api.clockStanding().isAgreed).toBe(true);
    },
  );

  it('is wrong from the start: batches wait for the agents to set it right, and none is lost', async () => {
    clock.stepWallClock(-9 * 24 * HOUR_MS);
    const { api, bus } = await startCentral('wrong');
    for (let seq = 1; seq <= 6; seq++) {
      for (const agent of agents)
        for (let each = 1; each <= seq; each++) reportAt(bus, agent, each, truthMs());
      await clock.advance(10_000);
    }
    clock.stepWallClock(9 * 24 * HOUR_MS);
    expect(api.ledger.entries('gw-0')).toMatchObject([{ storedPoints: 6, refusedPoints: 0 }]);
    expect(api.ingest.stats().refusedRows).toEqual({});
    expect(api.ingest.stats().judgedUnstoredBatches).toBe(4);
  });
});

describe('what is wrong with central is an alert of its own', () => {
  const active = ({ api }: CentralParts): string[] =>
    api.alerts
      .active()
      .map(({ rule, severity }) => `${rule} ${severity}`)
      .sort();

  it('the store is away: told within half a minute, while the alerts of the city go on', async () => {
    const central = await startCentral('away');
    central.store.mode = 'down';
    for (let seq = 1; seq <= 3; seq++) {
      report(central.bus, 'gw-1', seq);
      await clock.advance(10_000);
    }
    expect(active(central)).toEqual(['central_store_away critical']);
    await clock.advance(90_000);
    expect(active(central)).toEqual(['agent_silent major', 'central_store_away critical']);
    central.store.mode = 'good';
    report(central.bus, 'gw-1', 4);
    await clock.advance(90_000);
    report(central.bus, 'gw-1', 5);
    await clock.advance(20_000);
    expect(active(central).filter((alert) => alert.startsWith('central'))).toEqual([]);
  });

  it('batches are lost without a declaration: told for an hour', async () => {
    const central = await startCentral('missing');
    report(central.bus, 'gw-1', 1);
    await clock.advance(10_000);
    report(central.bus, 'gw-1', 5);
    await clock.advance(90_000);
    expect(active(central)).toContain('central_missing_batches major');
    await clock.advance(3_700_000);
    expect(active(central).filter((alert) => alert.startsWith('central'))).toEqual([]);
  });

  it('it stood still, and its clock was set', async () => {
    const central = await startCentral('stall');
    await clock.advance(20_000);
    clock.freeze(45_000);
    clock.stepWallClock(-3_600_000);
    await clock.advance(40_000);
    clock.stepWallClock(3_600_000);
    expect(active(central)).toEqual(['central_clock_disagrees major', 'central_stalled major']);
  });
});

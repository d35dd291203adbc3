import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { AGENT_ID_PATTERN, CANARY_AGENT } from '../../../contract/topics.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { ServiceStack } from '../../../runtime/service.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../alerts/rules/load-rules.ts';
import { createValidator } from '../../ingest/validate/validator.ts';
import { KnobStore } from '../../ingest/testing/knob-store.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { cityCompleteness } from '../../ledger/city-completeness.ts';
import { LoopBus } from '../../mqtt/testing/loop-bus.ts';
import { createParts, type CentralParts } from '../../parts.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { FakeReceiver } from '../testing/fake-channel.ts';
import type { Channel, Outcome } from '../channels/channel.ts';

const RULES = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const { signal } = new AbortController();
const MINUTE_MS = 60_000;

let clock: ManualClock;
let stack: ServiceStack;
let directory: string;
let database: StateDatabase;
let bus: LoopBus;
let store: KnobStore;
let noc: FakeReceiver;
/** Undefined: none comes. */
let answer: Outcome | undefined;
let dryRuns: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'canary-'));
  clock = new ManualClock(Date.UTC(2026, 10, 30, 1));
  stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
  bus = new LoopBus();
  store = new KnobStore();
  noc = new FakeReceiver();
  answer = { kind: 'delivered', answer: 'ok' };
  dryRuns = 0;
});
afterEach(async () => {
  const stopped = stack.stop();
  await clock.advance(10_000);
  expect(await stopped).toEqual([]);
  rmSync(directory, { recursive: true });
});

/** A central whose channel `noc` has a dry form and gets everything that a route may take. */
async function start({
  hasNotify = true,
  hasCanary = true,
  hasDryRun = true,
  log = silentLogger,
} = {}): Promise<CentralParts> {
  database = openStateDatabase(join(directory, 'state.db'));
  stack.add('state database', () => database.close());
  const channel: Channel = {
    ...noc.channel('noc'),
    ...(hasDryRun && {
      dryRun: () => {
        dryRuns++;
        return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer);
      },
    }),
  };
  const routes = [{ name: 'all', channels: ['noc'] }] as never;
  const parts = await createParts({
    ...{ clock, random: Math.random, log, version: 'test', database, store, rules: RULES },
    openBus: () => ({ bus, url: () => 'test', refused: () => ({}), disconnect: () => undefined }),
    quarantineDirectory: join(directory, 'quarantine'),
    inventory: EMPTY_INVENTORY,
    hasCanary,
    notify: hasNotify ? { channels: [channel], routes, groupWindow: 0, parentWindow: 0 } : undefined,
    rawRetentionMs: 7 * 86_400_000,
    historyRetention: { minuteMs: 90 * 86_400_000, hourMs: 1_095 * 86_400_000 },
    checkAgentConfig: () => Promise.resolve([]),
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
    readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
    heapLimitBytes: 1_000_000_000,
    readEventLoopDelayP99Ms: () => 0,
  });
  for (const service of parts.services) await stack.start(service, signal);
  return parts;
}

/** So that it can be started again. */
async function stop(): Promise<void> {
  const stopped = stack.stop();
  await clock.advance(10_000);
  expect(await stopped).toEqual([]);
  stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
  bus = new LoopBus();
}

/** Second by second, so that each part has its turn. */
async function run(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) await clock.advance(1_000);
}

function hops({ api }: CentralParts): Record<string, string> {
  const views = api.canary?.stats().hops ?? [];
  return Object.fromEntries(
    views.map(({ hop, brokenSinceMs }) => [hop, brokenSinceMs === undefined ? 'works' : 'broken']),
  );
}

const ALL_WORK = {
  ...{ mqtt: 'works', ingest: 'works', store: 'works', rules: 'works', incident: 'works', outbox: 'works' },
  ...{ receipt: 'works', end: 'works', 'channel noc': 'works' },
};

describe('the canary', () => {
  it('goes through every hop to a receipt, and to its end, and is in no list, statistic, state or event meanwhile', async () => {
    const central = await start();
    const { api } = central;
    for (let second = 0; second < 150; second++) {
      await run(1);
      const { pending, firing, recovering } = api.alerts.stats();
      expect([pending, firing, recovering, api.incidents.stats().open]).toEqual([0, 0, 0, 0]);
      expect(api.alerts.active()).toEqual([]);
    }
    expect(hops(central)).toEqual(ALL_WORK);
    expect(api.canary?.stats().latencyMs).toBeLessThan(10_000);
    expect(dryRuns).toBe(1);
    const all = { fromMs: 0, toMs: clock.now() + 1 };
    expect(api.alerts.list({ limit: 10 }).items).toEqual([]);
    expect(api.alerts.transitions({ ...all, afterNumber: 0, limit: 10 })).toEqual([]);
    expect(api.alerts.statistics(all)).toMatchObject({
      fired: 0,
      resolved: 0,
      rules: [],
      per10Min: { peak: 0 },
    });
    expect(api.alerts.stats().transitions).toEqual({});
    expect(api.incidents.page({ limit: 10, order: 'newest' })).toEqual([]);
    expect(api.registry.list(clock.now())).toEqual([]);
    expect(api.ingest.stats().knownAgents).toBe(0);
    expect(cityCompleteness([[CANARY_AGENT, { stored: 1, lost: 1 }]]).ratio).toBeUndefined();
    expect(api.latest.rows('canary', {}, 10)).toEqual([]);
    expect(api.notifications.list({ limit: 10 })).toEqual([]);
    expect(api.notifications.stats()).toMatchObject({ channels: 1, sent: { noc: 0 }, waiting: 0 });
    expect(api.events.newest).toBe(0);
    expect(noc.heard).toEqual([]);
    // What it found is stored.
    const tables = [...store.batches.values()].flatMap((batch) => batch.tables);
    expect(tables.filter(({ measurement }) => measurement === 'canary_hop')).toHaveLength(1);
  });

  it('names a channel whose dry form fails, and no other hop', async () => {
    const central = await start();
    answer = { kind: 'failed', answer: 'status 500' };
    await run(200);
    expect(hops(central)).toEqual({ ...ALL_WORK, 'channel noc': 'broken' });
    expect(central.api.canary?.stats().hops).toContainEqual(
      expect.objectContaining({ hop: 'channel noc', reason: 'status 500' }),
    );
    expect(noc.heard.flatMap(({ alerts }) => alerts.map(({ facts }) => facts.entity))).toEqual([
      { hop: 'channel noc' },
    ]);
  });

  it('ends at the incident where nobody is told of anything', async () => {
    const central = await start({ hasNotify: false });
    await run(150);
    expect(hops(central)).toEqual({
      ...{ mqtt: 'works', ingest: 'works', store: 'works', rules: 'works', incident: 'works', end: 'works' },
    });
  });

  it('is told through a silence of everything', async () => {
    const central = await start();
    const whole = { startsAtMs: clock.now(), endsAtMs: clock.now() + 60 * MINUTE_MS };
    const match = { severity: ['minor' as const] };
    central.api.silences.create({ match, ...whole, reason: 'all' }, { actor: 'test', from: '10.0.0.1' });
    await run(150);
    expect(hops(central)).toEqual(ALL_WORK);
  });

  it('finds no hop broken where central stood still meanwhile', async () => {
    const central = await start();
    for (let second = 0; second < 150 && bus.published.every(({ topic }) => !topic.endsWith('/up')); second++)
      await run(1);
    clock.freeze(90_000);
    await run(5);
    expect(hops(central)).toEqual({});
    await run(180);
    expect(hops(central)).toEqual(ALL_WORK);
  });

  it('leaves no fault behind where central stopped while it was there', async () => {
    await start();
    for (let second = 0; second < 150 && bus.published.every(({ topic }) => !topic.endsWith('/up')); second++)
      await run(1);
    await stop();
    const central = await start();
    await run(150);
    expect(hops(central)).toEqual(ALL_WORK);
    expect(noc.heard).toEqual([]);
  });
});

describe('after a restart, the canary', () => {
  it('has not got through where central always ends before its run does', async () => {
    answer = undefined;
    for (let restart = 1; restart <= 3; restart++) {
      const { api } = await start();
      await run(150);
      // The fault was there and is over.
      expect(database.prepare("SELECT 1 FROM alert WHERE phase = 'resolved'").all()).toHaveLength(restart);
      expect(api.canary?.stats()).toMatchObject({ ranAtMs: undefined, passedAtMs: undefined });
      await stop();
    }
  });

  it('knows when it got through last', async () => {
    const { api } = await start();
    await run(150);
    const passedAtMs = api.canary?.stats().passedAtMs;
    expect(passedAtMs).toBeGreaterThan(clock.now() - 60_000);
    await stop();
    const { api: after } = await start();
    expect(after.canary?.stats()).toMatchObject({ ranAtMs: undefined, passedAtMs });
  });

  it('takes the alarm of a channel that is gone with it at once, and no other', async () => {
    await start();
    answer = { kind: 'failed', answer: 'status 500' };
    await run(200);
    await stop();
    const { api } = await start();
    expect(api.alerts.active().map(({ entity }) => entity)).toEqual([{ hop: 'channel noc' }]);
    await stop();
    const { api: without } = await start({ hasDryRun: false });
    expect(without.alerts.active()).toEqual([]);
  });
});

describe('the canary that is turned off', () => {
  it('leaves no fault behind where central stopped while it was there, and is no lost notification', async () => {
    const central = await start();
    const isOwed = (): boolean => database.prepare('SELECT 1 FROM notify_telling').get() !== undefined;
    for (let second = 0; second < 150 && !isOwed(); second++) {
      await run(1);
      // The fault is there by then; its end does not come.
      bus.delivers = bus.published.every(({ topic }) => !topic.endsWith('/up'));
    }
    expect([isOwed(), central.api.notifications.stats().givenUp]).toEqual([true, 0]);
    await stop();
    const errors: unknown[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
    const { api } = await start({ hasCanary: false, log });
    await run(5);
    expect([errors, api.notifications.stats().givenUp, noc.heard]).toEqual([[], 0, []]);
    expect(database.prepare('SELECT rule, phase FROM alert').all()).toEqual([
      { rule: 'central_canary', phase: 'withdrawn' },
    ]);
    expect(isOwed()).toBe(false);
  });

  it('takes the alarm of what did not pass it on with it, and whoever was told hears so', async () => {
    await start();
    answer = { kind: 'failed', answer: 'status 500' };
    await run(200);
    await stop();
    const { api } = await start({ hasCanary: false });
    await run(5);
    expect(api.alerts.active()).toEqual([]);
    const told = noc.heard.flatMap(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.rule}`));
    expect(told).toEqual(['begin central_canary_broken', 'end central_canary_broken']);
  });
});

it('has an id that no agent can have, writes its own measurement alone, and nobody else writes that', () => {
  expect(CANARY_AGENT).not.toMatch(AGENT_ID_PATTERN);
  const nowMs = Date.UTC(2026, 10, 30);
  const validator = createValidator(CATALOGUE);
  const reasonsOf = (agent: string, measurement: string, tag: string, field: string): readonly string[] => {
    const rows = [[['00'], 0, [field === 'lag_ms' ? 1 : true]]];
    const tables = [{ measurement, tags: [tag], fields: [field], rows }];
    const header = { v: 1, epoch: 'abcdefgh', seq: 1, lowest: 1, sentAtMs: nowMs, backfill: false } as const;
    return validator
      .validate(agent, { ...header, baseMs: nowMs, tables }, nowMs)
      .refusals.map(({ reason }) => reason);
  };
  expect(reasonsOf(CANARY_AGENT, 'canary', 'slot', 'is_fault')).toEqual([]);
  expect(reasonsOf('gw-1', 'canary', 'slot', 'is_fault')).toEqual([
    "canary is written by central's canary only",
  ]);
  expect(reasonsOf('central', 'canary', 'slot', 'is_fault')).toEqual([
    "canary is written by central's canary only",
  ]);
  expect(reasonsOf(CANARY_AGENT, 'pipeline', 'replica', 'lag_ms')).toEqual([
    'pipeline is written by central only',
  ]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBatch, encodeSamples } from '../../../contract/codec.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { agentTopic } from '../../../contract/topics.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { ServiceStack } from '../../../runtime/service.ts';
import { KnobStore } from '../../ingest/testing/knob-store.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { FakeBus } from '../../mqtt/testing/fake-bus.ts';
import { FakeReceiver } from '../../notify/testing/fake-channel.ts';
import { createParts, type CentralParts } from '../../parts.ts';
import { openStateDatabase } from '../../state/database.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../rules/load-rules.ts';

const RULES = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const { signal } = new AbortController();
const STEP_MS = 10_000;

const clock = new ManualClock();
let directory: string;
let stack: ServiceStack;
let bus: FakeBus;
let central: CentralParts;
const noc = new FakeReceiver();

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'backlog-'));
  stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
  const database = openStateDatabase(join(directory, 'state.db'));
  stack.add('state database', () => database.close());
  bus = new FakeBus();
  central = await createParts({
    clock,
    random: () => 0.5,
    log: silentLogger,
    version: 'test',
    database,
    store: new KnobStore(),
    openBus: () => ({ bus, url: () => 'fake', refused: () => ({}), disconnect: () => undefined }),
    quarantineDirectory: join(directory, 'quarantine'),
    inventory: EMPTY_INVENTORY,
    rules: RULES,
    notify: {
      channels: [noc.channel('noc')],
      routes: [{ name: 'all', channels: ['noc'] }] as never,
      groupWindow: 0,
      parentWindow: 0,
    },
    rawRetentionMs: 7 * 86_400_000,
    historyRetention: { minuteMs: 90 * 86_400_000, hourMs: 1_095 * 86_400_000 },
    checkAgentConfig: () => Promise.resolve([]),
    heapLimitBytes: 1_000_000_000,
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
    readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
    readEventLoopDelayP99Ms: () => 0,
  });
  for (const service of central.services) await stack.start(service, signal);
});

afterEach(async () => {
  const stopped = stack.stop();
  await clock.advance(10_000);
  expect(await stopped).toEqual([]);
  rmSync(directory, { recursive: true });
});

/** What the agent measured then is sent now; `lowest`: the first batch that it still holds. */
function send(seq: number, timeMs: number, usedPercent: number, lowest: number, backfill = false): void {
  const sample = {
    measurement: 'container',
    tags: { host: 'gw-1', container: 'db' },
    fields: { oom_kills_5min: usedPercent },
    timeMs,
  };
  const body = encodeSamples([sample]).bodies[0]?.bytes ?? Buffer.alloc(0);
  const header = { epoch: 'abcdefgh', seq, lowest, sentAtMs: clock.now(), backfill };
  bus.receive(agentTopic('gw-1', 'up'), encodeBatch(header, body));
}

it('what an agent measured while it was cut off becomes history: no message, no incident, nothing present', async () => {
  const { alerts, incidents, backlog, notifications } = central.api;
  const beginMs = clock.now();
  for (let seq = 1; seq <= 5; seq++) {
    send(seq, clock.now(), 0, seq);
    await clock.advance(STEP_MS);
  }
  const told = noc.heard.length;
  // Cut off for 40 minutes; the kernel killed something in ten of them.
  const cutMs = clock.now();
  const held = Array.from(
    { length: 240 },
    (_, at) => [6 + at, cutMs + at * STEP_MS, at >= 54 && at < 114 ? 3 : 0] as const,
  );
  clock.freeze(240 * STEP_MS);
  send(246, clock.now(), 0, 6);
  await clock.advance(STEP_MS);
  expect(backlog.stats()).toMatchObject({ agents: 1, judgedRows: 0 });
  for (const [seq, timeMs, kills] of held) send(seq, timeMs, kills, seq, true);
  for (let seq = 247; seq <= 251; seq++) {
    send(seq, clock.now(), 0, seq);
    await clock.advance(STEP_MS);
  }
  expect(backlog.stats()).toMatchObject({ agents: 0, judgedRows: 240, learnedLate: 1, leftOutRows: 0 });
  const { items } = alerts.list({ learnedLate: true, limit: 10 });
  expect(items).toMatchObject([
    {
      rule: 'container_out_of_memory',
      phase: 'resolved',
      startedAtMs: cutMs + 54 * STEP_MS,
      resolvedAtMs: cutMs + 114 * STEP_MS + 300_000,
    },
  ]);
  const [alert] = items;
  expect(alerts.list({ learnedLate: false, rule: 'container_out_of_memory', limit: 10 }).items).toEqual([]);
  expect(alerts.active().map(({ rule }) => rule)).not.toContain('container_out_of_memory');
  expect(incidents.idOf(alert?.id ?? '')).toBeUndefined();
  expect(noc.heard.slice(told).flatMap(({ alerts: of }) => of.map(({ facts }) => facts.rule))).not.toContain(
    'container_out_of_memory',
  );
  expect(notifications.explain(alert?.id ?? '').notToldBecause).toMatchObject({ kind: 'learned_late' });
  expect(alerts.statistics({ fromMs: beginMs, toMs: clock.now() })).toMatchObject({ learnedLate: 1 });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBatch, encodeSamples } from '../contract/codec.ts';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { agentTopic } from '../contract/topics.ts';
import { silentLogger } from '../runtime/logger.ts';
import { ManualClock } from '../runtime/manual-clock.ts';
import { ServiceStack } from '../runtime/service.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './alerts/rules/load-rules.ts';
import { FakeBus } from './mqtt/testing/fake-bus.ts';
import { KnobStore } from './ingest/testing/knob-store.ts';
import { EMPTY_INVENTORY } from './inventory/inventory.ts';
import { createParts, type CentralParts } from './parts.ts';
import { openStateDatabase } from './state/database.ts';

const { signal } = new AbortController();
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
    rules: loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE),
    inventory: EMPTY_INVENTORY,
    rawRetentionMs: 7 * 86_400_000,
    checkAgentConfig: () => Promise.resolve([]),
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
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

it('central writes its own health every ten seconds', async () => {
  const { api, bus, store } = await startCentral('north');
  for (let seq = 1; seq <= 6; seq++) {
    report(bus, 'gw-north', seq);
    await clock.advance(10_000);
  }
  // The last one waits a moment for others that go to the store with it.
  await clock.advance(1_000);
  const own = [...store.batches.values()].filter(({ agent }) => agent === 'central');
  expect(own).toHaveLength(6);
  expect(own.map(({ tables }) => tables[0]?.measurement)).toEqual(Array(6).fill('pipeline'));
  expect(api.registry.list(clock.now()).map(({ id }) => id)).toEqual(['gw-north']);
});

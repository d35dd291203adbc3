import { SeriesRegistry } from '../samples/series-registry.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { AgentProblems } from '../health/agent-problems.ts';
import { createAlertEngine, type AlertEngine } from '../alerts/engine/engine.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../alerts/rules/load-rules.ts';
import type { BatchObserver } from '../samples/batch-observer.ts';
import { Workbench } from '../ingest/testing/workbench.ts';
import { createValidator } from '../ingest/validate/validator.ts';
import { openAgentRegistry, type AgentRegistry } from '../liveness/agent-registry.ts';
import type { AgentPhase } from '../liveness/agent-view.ts';
import { createCityStates, type StateEngine } from '../health/states/create-city-states.ts';
import { createLatestCache } from '../live/latest-cache.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { readInventory } from '../inventory/inventory.ts';
import { attachSparkplug } from './attach.ts';
import { sparkplugConfigSchema } from './config.ts';
import { birthPayload, encode, metric } from './testing/encode.ts';

const AGENT = 'spb-power--n1';
const LOCATION = { unit: '26734', site: 's-1' };
const INVENTORY = readInventory('inventory', {
  units: [{ code: '26734', name: 'a', nameEn: 'a', kind: 'ward', longitude: 106, latitude: 10, areaKm2: 1 }],
  sites: [{ id: 's-1', unit: '26734', name: 'a', kind: 'site', longitude: 106, latitude: 10 }],
  agents: [{ id: AGENT, kind: 'gateway', ...LOCATION }],
  devices: [{ id: 'ups-1', kind: 'ups', agent: AGENT, ...LOCATION }],
});
const CONFIG = sparkplugConfigSchema.parse({
  hostId: 'wardwatch',
  devices: [{ device: 'UPS', tags: { device: 'ups-1' } }],
});

/** Everything real but the bus, the store and the clock. */
class City {
  readonly #series = new SeriesRegistry();
  states!: StateEngine;
  readonly bench: Workbench;
  registry!: AgentRegistry;
  alerts!: AlertEngine;

  constructor() {
    const later: BatchObserver = {
      observe: (batch, context) => {
        for (const observer of [this.registry, this.states, this.alerts]) observer.observe(batch, context);
      },
    };
    this.bench = new Workbench({ validator: createValidator(CATALOGUE), observers: [later] });
    this.startCentral();
  }

  /** The second time as after a `kill -9`: what was not written is gone. */
  startCentral(): void {
    const { bus, ingest, database, clock } = this.bench;
    const known = { inventory: INVENTORY, database, clock, log: silentLogger };
    const registry = openAgentRegistry(known);
    const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
    const sources = {
      liveness: registry,
      problems: new AgentProblems(silentLogger),
      latest: createLatestCache(this.#series),
      devices: () => new Map(INVENTORY.devices),
    };
    this.registry = registry;
    const inventory = new LiveInventory(INVENTORY);
    this.states = createCityStates({ inventory, registry, series: this.#series, clock, timeZone: 'UTC' });
    this.alerts = createAlertEngine({ rules, sources, database, clock, log: silentLogger });
    attachSparkplug(CONFIG, { bus, ingest, registry, catalogue: CATALOGUE, ...known });
  }

  async send(topic: string, payload: Buffer): Promise<void> {
    this.bench.bus.receive(`spBv1.0/power/${topic}`, payload);
    await this.wait(1);
  }

  async wait(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.bench.clock.advance(1_000);
      this.alerts.tick(this.bench.clock.now());
    }
  }

  phase(): AgentPhase | undefined {
    return this.registry.get(AGENT, this.bench.clock.now())?.phase;
  }

  ups(): string | undefined {
    this.states.tick();
    return this.states.get('device:ups-1')?.state;
  }

  firing(): string[] {
    return this.alerts.active().map(({ rule }) => rule);
  }
}

let city: City;
beforeEach(async () => {
  city = new City();
  await city.bench.ingest.start(new AbortController().signal);
  // Nobody is absent while central itself has just begun to listen.
  await city.wait(100);
});
afterEach(() => city.bench.dispose());

const now = (): number => city.bench.clock.now();
const birth = (): Promise<void> => city.send('NBIRTH/n1', birthPayload([], { timestamp: now() }));
const death = (): Promise<void> =>
  city.send('NDEATH/n1', encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 0)] }));
const device = (type: string, seq: number): Promise<void> =>
  city.send(`${type}/n1/UPS`, encode({ timestamp: now(), seq, metrics: [] }));

it('a node that sends nothing for ten minutes is live; one that died is silent at once, with an alert half a minute later', async () => {
  expect(city.phase()).toBe('never_seen');
  await birth();
  await city.wait(600);
  expect([city.phase(), city.firing()]).toEqual(['live', []]);
  await death();
  expect([city.phase(), city.firing()]).toEqual(['silent', []]);
  await city.wait(40);
  expect(city.alerts.active()).toMatchObject([
    { rule: 'agent_silent', agent: AGENT, unit: '26734', site: 's-1' },
  ]);
  await birth();
  await city.wait(40);
  expect([city.phase(), city.firing()]).toEqual(['live', []]);
});

it('quiet nodes that answer when asked are not missed, however many there are to ask', async () => {
  const { bench } = city;
  // The inventory's own node: missed since the start, it has to be born and its alert to resolve.
  await birth();
  await city.wait(40);
  const answerAll = (): void => {
    for (const { topic } of bench.bus.published.splice(0)) {
      const node = /^spBv1\.0\/power\/NCMD\/(.+)$/.exec(topic)?.[1];
      if (node === undefined) continue;
      bench.bus.receive(`spBv1.0/power/NBIRTH/${node}`, birthPayload([], { timestamp: now() }));
    }
  };
  for (let at = 0; at < 800; at++)
    bench.bus.receive(`spBv1.0/power/NBIRTH/m${at}`, birthPayload([], { timestamp: now() }));
  while (bench.ingest.stats().messageQueueBytes > 0) await city.wait(1);
  bench.bus.reconnect();
  for (let second = 0; second < 60; second++) {
    answerAll();
    await city.wait(1);
    expect(city.firing()).toEqual([]);
  }
});

it("a device's death is its own: down; its node's death makes it unknown, never down", async () => {
  await birth();
  await device('DBIRTH', 1);
  expect(city.ups()).toBe('up');
  await device('DDEATH', 2);
  expect(city.ups()).toBe('down');
  await city.wait(70);
  expect(city.firing()).toEqual(['device_down']);
  await device('DBIRTH', 3);
  await city.wait(70);
  expect([city.ups(), city.firing()]).toEqual(['up', []]);
  await death();
  expect(city.ups()).toBe('unknown');
  await city.wait(100);
  expect(city.firing()).toEqual(['agent_silent']);
});

it('a node that does not come back after a crash of central is missed', async () => {
  await birth();
  await city.wait(5);
  city.startCentral();
  await city.wait(110);
  expect([city.phase(), city.firing()]).toEqual(['silent', ['agent_silent']]);
});

it('a node with a bdSeq of 2^64 − 1 is live, and central starts again after it', async () => {
  const bdSeq = 2n ** 64n - 1n;
  const payload = encode({ timestamp: now(), seq: 0, metrics: [metric('bdSeq', 'UInt64', bdSeq)] });
  await city.send('NBIRTH/n1', payload);
  expect(city.phase()).toBe('live');
  expect(city.bench.ingest.stats().refusedRows).toEqual({ 'sparkplug-bad-bdseq': 1 });
  city.registry.save();
  city.startCentral();
  expect(city.registry.get(AGENT, now())).toMatchObject({ software: 'Sparkplug B' });
});

it('central is announced as primary host', () => {
  const { presence } = city.bench.bus;
  expect(presence?.topic).toBe('spBv1.0/STATE/wardwatch');
  expect(presence?.payload(true, 5)).toBe('{"online":true,"timestamp":5}');
  const denies = (text: string): boolean | undefined => presence?.isOffline(Buffer.from(text));
  expect(denies('{"online":false,"timestamp":4}')).toBe(true);
  expect(denies('{"online":true,"timestamp":4}')).toBe(false);
  expect(denies('OFFLINE')).toBe(false);
});

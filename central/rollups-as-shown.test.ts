import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBatch, encodeSamples } from '../contract/codec.ts';
import { CATALOGUE } from '../contract/measurements/index.ts';
import type { FieldValue } from '../contract/sample.ts';
import { agentTopic } from '../contract/topics.ts';
import { silentLogger } from '../runtime/logger.ts';
import { ManualClock } from '../runtime/manual-clock.ts';
import { ServiceStack } from '../runtime/service.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './alerts/rules/load-rules.ts';
import { buildApi } from './api/app.ts';
import type { App } from './api/fastify-app.ts';
import { KnobStore } from './ingest/testing/knob-store.ts';
import { readInventory } from './inventory/inventory.ts';
import { FakeBus } from './mqtt/testing/fake-bus.ts';
import { createParts, type SharedParts } from './parts.ts';
import {
  samplesOf,
  shownInventory,
  SITE_IDS,
  troubleAt,
  uplinkBps,
  WARDS,
} from './rollups/testing/shown-city.ts';
import { openStateDatabase } from './state/database.ts';

const { signal } = new AbortController();
const MINUTE_MS = 60_000;
const BEAT_MS = 10_000;
/** As long as its troubles take. */
const MINUTES = 29;
/** Those that the troubles break: the others cost time in each second. */
const RULES = ['agent_silent', 'device_down', 'link_down', 'ping_loss', 'port_down', 'site_cut'];

interface Row {
  readonly tags: Readonly<Record<string, string>>;
  readonly timeMs: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
type Item = Readonly<Record<string, unknown>> & { readonly id: string };

let clock: ManualClock;
let directory: string;
let stack: ServiceStack;
let parts: SharedParts;
let app: App;
let bus: FakeBus;
let store: KnobStore;
let token: string;
let seq: number;

beforeEach(async () => {
  clock = new ManualClock();
  directory = mkdtempSync(join(tmpdir(), 'rollups-'));
  stack = new ServiceStack({ log: silentLogger, stopTimeoutMs: 10_000 });
  const database = openStateDatabase(':memory:');
  stack.add('state database', () => database.close());
  bus = new FakeBus();
  store = new KnobStore();
  seq = 0;
  const { api, services } = await createParts({
    ...{ clock, random: () => 0.5, log: silentLogger, version: 'test', database, store },
    openBus: () => ({ bus, url: () => 'none', refused: () => ({}), disconnect: () => undefined }),
    quarantineDirectory: join(directory, 'quarantine'),
    rules: loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => RULES.includes(id)),
    inventory: readInventory('the city', shownInventory()),
    rawRetentionMs: 7 * 86_400_000,
    historyRetention: { minuteMs: 90 * 86_400_000, hourMs: 1_095 * 86_400_000 },
    checkAgentConfig: () => Promise.resolve([]),
    heapLimitBytes: 2 ** 30,
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
    readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
    readEventLoopDelayP99Ms: () => 0,
  });
  parts = api;
  for (const service of services) await stack.start(service, signal);
  app = await buildApi(api, { log: silentLogger, pages: () => undefined });
  stack.add('api', () => app.close());
  token = parts.tokens.create('viewer', 'viewer', clock.now()).token;
});

afterEach(async () => {
  const stopped = stack.stop();
  await clock.advance(BEAT_MS);
  expect(await stopped).toEqual([]);
  rmSync(directory, { recursive: true });
});

/** As the API answers now. */
async function shown(path: string): Promise<Item[]> {
  const answer = await app.inject({ url: `/api/v1/${path}`, headers: { authorization: `Bearer ${token}` } });
  expect(answer.statusCode, answer.body).toBe(200);
  return (JSON.parse(answer.body) as { items: Item[] }).items;
}

/** The newest row of each series that is of this minute. */
function rows(measurement: string, minuteMs: number): Row[] {
  const found = parts.latest.rows(measurement, {}, 10_000);
  return found.filter(({ timeMs }) => timeMs === minuteMs);
}

/** One beat of all gateways, and whatever central does until the next. Returns the minute that it wrote then. */
async function beat(startMs: number): Promise<number | undefined> {
  const minute = Math.floor((clock.now() - startMs) / MINUTE_MS);
  const before = newestMinuteMs();
  for (const site of SITE_IDS) {
    const samples = samplesOf(site, minute, clock.now());
    if (samples === undefined) continue;
    const body = encodeSamples(samples).bodies[0]?.bytes ?? Buffer.alloc(0);
    const header = { epoch: 'abcdefgh', seq: ++seq, lowest: 1, sentAtMs: clock.now(), backfill: false };
    bus.receive(agentTopic(`gw-${site}`, 'up'), encodeBatch(header, body));
  }
  await clock.advance(BEAT_MS);
  const minuteMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  if (minuteMs === before || clock.now() - startMs < MINUTE_MS) return undefined;
  // It is written in several turns, of one instant.
  while (newestMinuteMs() !== minuteMs) await setImmediate();
  return minuteMs;
}

/** Links are written last. */
function newestMinuteMs(): number | undefined {
  return parts.latest.rows('link_state', {}, 1)[0]?.timeMs;
}

async function compareUnits(minuteMs: number): Promise<string[]> {
  const units = await shown('units');
  const ledger = await shown('ledger');
  const found = rows('unit_state', minuteMs);
  expect(found.map(({ tags }) => tags['unit'])).toEqual(units.map(({ code }) => code));
  for (const [at, { fields }] of found.entries()) {
    const unit = units[at];
    const { devices, agents } = unit as unknown as Record<string, Record<string, number>>;
    const { devices_up: up, devices_down: down, devices_unreachable: unreachable } = fields;
    expect({ up, down, unreachable, unknown: fields['devices_unknown'] }).toEqual(devices);
    expect(fields).toMatchObject({ state: unit?.['state'], agents_live: agents?.['live'] });
    expect(fields).toMatchObject({ agents_silent: agents?.['silent'], latitude: 10.79, longitude: 106.69 });
    const alerts = ['critical', 'major', 'minor', 'warning'].map((each) => Number(fields[`alerts_${each}`]));
    expect(alerts.reduce((sum, count) => sum + count)).toBe(unit?.['activeAlerts']);
  }
  expect(ledger.length).toBeGreaterThan(0);
  const [city] = rows('city_state', minuteMs);
  const sum = (name: string): number => found.reduce((total, { fields }) => total + Number(fields[name]), 0);
  for (const name of ['devices_up', 'devices_down', 'devices_unreachable', 'devices_unknown', 'agents_live'])
    expect(city?.fields[name], name).toBe(sum(name));
  expect(city?.fields['devices_maintenance']).toBe(sum('devices_maintenance'));
  expect(city?.fields['completeness_pct']).toBe(100 * (parts.ledger.completeness().ratio ?? 0));
  const open = await shown('incidents?state=open');
  expect(city?.fields['incidents_open']).toBe(open.filter(({ root }) => root !== undefined).length);
  const services = await shown('services');
  expect(city?.fields['services_down']).toBe(services.filter(({ state }) => state === 'down').length);
  return found.map(({ fields }) => String(fields['state']));
}

async function compareElements(kind: 'site' | 'link', minuteMs: number): Promise<void> {
  const views = new Map((await shown(`${kind}s`)).map((view) => [view.id, view]));
  const found = rows(`${kind}_state`, minuteMs);
  expect(found).toHaveLength(views.size);
  for (const { tags, fields } of found) {
    const view = views.get(tags[kind === 'site' ? 'site' : 'id'] ?? '');
    expect(fields['state']).toBe(view?.['state']);
    const sinceMs = Number(view?.['sinceMs']);
    expect(fields['state_s']).toBe((clock.now() - sinceMs) / 1_000);
  }
}

async function compareAlerts(minuteMs: number): Promise<number> {
  const alerts = await shown('alerts?state=active&limit=500');
  const found = rows('alert_active', minuteMs);
  for (const { tags, fields } of found) {
    const same = alerts.filter(
      ({ rule, severity, unit }) =>
        rule === tags['rule'] && severity === tags['severity'] && unit === tags['unit'],
    );
    expect(fields['alerts_count'], tags['rule']).toBe(same.length);
    expect(same.map(({ id }) => id)).toContain(fields['alert_id']);
  }
  const counted = found.reduce((total, { fields }) => total + Number(fields['alerts_count']), 0);
  expect(counted).toBe(alerts.length);
  return counted;
}

/** Whose uplink a ward has. */
const SITE_OF = new Map<string, 's-1' | 's-2'>([
  [WARDS[0], 's-1'],
  [WARDS[1], 's-2'],
]);

/** What was measured in the minute before, of what is heard: the others have no field. */
function compareTraffic(minuteMs: number, startMs: number): void {
  const minute = Math.floor((clock.now() - BEAT_MS - startMs) / MINUTE_MS);
  const isKnown = (site: 's-1' | 's-2'): boolean =>
    [minute, minute - 1].every((at) => {
      const { silent, isNodeDown, isCut } = troubleAt(at);
      return !isCut && !silent.has(site) && !(isNodeDown && site === 's-1');
    });
  const measured = rows('unit_traffic', minuteMs);
  for (const { tags, fields } of measured) {
    const site = SITE_OF.get(tags['unit'] ?? '');
    if (site === undefined || !isKnown(site)) continue;
    expect(fields['in_bps']).toBe(uplinkBps(site, minute));
    expect(fields).toMatchObject({ out_bps: uplinkBps(site, minute) / 4, links_measured_count: 1 });
    expect(fields['utilization_pct']).toBeCloseTo(uplinkBps(site, minute) / 10_000_000);
  }
  const [city] = rows('city_state', minuteMs);
  const inBps = measured.flatMap(({ fields }) => fields['in_bps'] ?? []);
  expect(city?.fields['in_bps']).toBe(
    inBps.length === 0 ? undefined : inBps.reduce((sum: number, bps) => sum + Number(bps), 0),
  );
  const [pool] = rows('pool_state', minuteMs);
  expect(pool?.fields).toMatchObject({ used: 300 + minute, usable: 900 });
}

it('what is written each minute is what the API shows then, over half an hour with a silence, a cut, maintenance and alarms', async () => {
  const startMs = clock.now();
  const states = new Set<string>();
  const written: number[] = [];
  let mostAlerts = 0;
  let mostInMaintenance = 0;
  while (clock.now() < startMs + MINUTES * MINUTE_MS) {
    if (clock.now() === startMs + 12 * MINUTE_MS) planMaintenance();
    const minuteMs = await beat(startMs);
    if (minuteMs === undefined) continue;
    written.push(minuteMs);
    for (const state of await compareUnits(minuteMs)) states.add(state);
    await compareElements('site', minuteMs);
    await compareElements('link', minuteMs);
    mostAlerts = Math.max(mostAlerts, await compareAlerts(minuteMs));
    compareTraffic(minuteMs, startMs);
    const [city] = rows('city_state', minuteMs);
    mostInMaintenance = Math.max(mostInMaintenance, Number(city?.fields['devices_maintenance']));
  }
  expect(written).toEqual(Array.from({ length: MINUTES }, (_, at) => startMs + (at + 1) * MINUTE_MS));
  expect([...states].sort()).toEqual(['alert', 'down', 'unknown', 'unreachable', 'up']);
  expect(mostAlerts).toBeGreaterThan(0);
  expect(mostInMaintenance).toBe(1);
  await compareHistory();
  expect(parts.ingest.stats().refusedRows).toEqual({});
});

function planMaintenance(): void {
  const hours = { startsAtMs: clock.now(), endsAtMs: clock.now() + 4 * MINUTE_MS };
  const window = {
    ...{ covers: [`unit:${WARDS[1]}`], withDependents: false, reason: 'a new line', approvedBy: 'lan' },
    schedule: { repeats: 'once', ...hours } as const,
  };
  parts.maintenance.create(window, { actor: 'lan', from: '10.0.0.1' });
}

/** What has no minute of its own: steps of alerts, incidents, windows. */
async function compareHistory(): Promise<void> {
  const steps = stored('alert_event').map(({ fields }) => [fields['alert_id'], fields['event']]);
  const alerts = await shown('alerts?limit=500');
  const timelines = alerts.flatMap(({ id }) =>
    (parts.alerts.get(id)?.timeline ?? []).map(({ kind }) => [id, kind]),
  );
  const inOrder = (list: readonly (readonly unknown[])[]): string[] => list.map(String).sort();
  expect(inOrder(steps)).toEqual(inOrder(timelines));
  const incidents = (await shown('incidents?limit=500')).filter(({ root }) => root !== undefined);
  const told = new Map(stored('incident').map((row) => [row.fields['incident_id'], row]));
  expect([...told.keys()].sort()).toEqual(incidents.map(({ id }) => id).sort());
  expect(told.size).toBeGreaterThan(0);
  for (const incident of incidents) {
    const row = told.get(incident.id);
    expect(row).toMatchObject({ tags: { root: incident['root'] }, timeMs: incident['beganAtMs'] });
    expect(row?.fields).toMatchObject({
      ...{ ended_at: incident['endedAtMs'] ?? 0, alerts_count: incident['alerts'] },
    });
  }
  const windows = stored('maintenance');
  expect(windows.at(-1)?.fields).toMatchObject({
    ...{ reason: 'a new line', approved_by: 'lan', covers: `unit:${WARDS[1]}` },
    ended_at: (windows[0]?.timeMs ?? 0) + 4 * MINUTE_MS,
  });
}

/** As the store has them: of one series and time the last. */
function stored(measurement: string): Row[] {
  const found = new Map<string, Row>();
  for (const { tables } of store.batches.values())
    for (const table of tables.filter((each) => each.measurement === measurement))
      for (const { series, timeMs, values } of table.rows) {
        const named = table.tags.flatMap((name, at) => {
          const value = series.tags[at];
          return value === undefined ? [] : [[name, value] as const];
        });
        const known = table.fields.flatMap((name, at) => {
          const value = values[at];
          return value === undefined ? [] : [[name, value] as const];
        });
        found.set(JSON.stringify([series.tags, timeMs]), {
          ...{ tags: Object.fromEntries(named), fields: Object.fromEntries(known), timeMs },
        });
      }
  return [...found.values()].sort((a, b) => a.timeMs - b.timeMs);
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Device, ExpectedAgent } from '../../../contract/inventory.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import type { UnexpectedDevice } from '../../live/unexpected-devices.ts';
import type { AgentPhase, AgentView } from '../../liveness/agent-view.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { cityCalendar } from '../city-calendar.ts';
import type { PresentState } from '../present-states.ts';
import { DeviceSightings } from './device-sightings.ts';
import { Reconciliation } from './reconciliation.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 10:00 of 2026-11-30 in the city. */
const TEN = Date.UTC(2026, 10, 30, 3);
const PLACE = { site: 'site-1', unit: '26734' };
const GATEWAY: ExpectedAgent = { id: 'gw-1', kind: 'gateway', ...PLACE };
const SWITCH: Device = { id: 'sw-1', kind: 'node', agent: 'gw-1', ...PLACE };

class City {
  nowMs = TEN;
  isDeaf = false;
  readonly phases = new Map<string, AgentPhase>();
  readonly states = new Map<string, PresentState['state']>();
  unexpected: UnexpectedDevice[] = [];
  readonly #calendar = cityCalendar('Asia/Ho_Chi_Minh');
  readonly #inventory = new LiveInventory(EMPTY_INVENTORY);
  readonly #database: StateDatabase;
  #registry = new SeriesRegistry();
  #sightings: DeviceSightings;
  #reconciliation: Reconciliation;

  constructor(database: StateDatabase) {
    this.#database = database;
    [this.#sightings, this.#reconciliation] = this.#start();
    this.#inventory.onChange(() => this.#sightings.follow(this.nowMs));
  }

  /** Central starts again, with what is in state.db. */
  restart(): void {
    this.#sightings.save();
    this.#registry = new SeriesRegistry();
    [this.#sightings, this.#reconciliation] = this.#start();
  }

  setInventory(devices: readonly Device[], agents: readonly ExpectedAgent[] = [GATEWAY]): void {
    this.#inventory.replace({
      ...EMPTY_INVENTORY,
      agents: new Map(agents.map((agent) => [agent.id, agent])),
      devices: new Map(devices.map((device) => [device.id, device])),
    });
  }

  measure(device: string | undefined, measurement = 'device', { agent = 'gw-1', backfillMs = 0 } = {}): void {
    const known = this.#registry.of(agent, this.nowMs);
    const series = known.find(measurement, [device]) ?? known.add(measurement, [device]);
    const tables = [
      {
        ...{ measurement, tags: ['device'], fields: ['up'] },
        rows: [{ series: series!, timeMs: this.nowMs - backfillMs, values: [true] }],
      },
    ];
    const context = { receivedAtMs: this.nowMs, sentAtMs: this.nowMs, backfill: backfillMs > 0 };
    this.#sightings.observe({ agent, epoch: 'abcdefgh', seq: 1, tables }, context);
  }

  recordGap(): void {
    this.#reconciliation.recordGap();
  }

  /** `kind what id since minutes ago: detail` */
  lines(): string[] {
    return this.#reconciliation.findings().map(({ kind, what, id, sinceMs, detail }) => {
      const since = sinceMs === undefined ? '' : ` since ${(this.nowMs - sinceMs) / MINUTE_MS} min`;
      return `${kind} ${what} ${id}${since}: ${detail}`;
    });
  }

  proposals(): unknown[] {
    return this.#reconciliation.findings().map(({ proposal }) => proposal);
  }

  #start(): [DeviceSightings, Reconciliation] {
    const sightings = new DeviceSightings({
      ...{ inventory: this.#inventory, database: this.#database, nowMs: this.nowMs },
      dayOf: (timeMs) => this.#calendar.dayOf(timeMs),
    });
    const reconciliation = new Reconciliation({
      inventory: this.#inventory,
      sightings,
      registry: {
        list: () =>
          [...new Set([...this.#inventory.agents.keys(), ...this.phases.keys()])].map((id) => this.#view(id)),
        locationOf: () => PLACE,
      },
      states: { momentOf: (ref) => this.#moment(ref) },
      unexpectedDevices: { list: () => this.unexpected },
      clock: { now: () => this.nowMs },
      calendar: this.#calendar,
      isDeaf: () => this.isDeaf,
    });
    return [sightings, reconciliation];
  }

  #view(id: string): AgentView {
    const seen = { firstSeenAtMs: TEN - DAY_MS, lastSeenAtMs: this.nowMs - 20 * MINUTE_MS };
    const phase = this.phases.get(id) ?? 'live';
    const expected = this.#inventory.agents.has(id);
    return { id, phase, expected, intervalMs: 10_000, ...PLACE, ...(phase !== 'never_seen' && seen) };
  }

  #moment(ref: string): PresentState {
    return { state: this.states.get(ref) ?? 'up', roots: [], sinceMs: this.nowMs - 5 * MINUTE_MS };
  }
}

let database: StateDatabase;
let city: City;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  city = new City(database);
});
afterEach(() => database.close());

describe('a device that was never seen', () => {
  it('is named once it had time to be measured, with since when it is expected', () => {
    city.setInventory([SWITCH]);
    city.nowMs += 9 * MINUTE_MS;
    expect(city.lines()).toEqual([]);
    city.nowMs += 2 * MINUTE_MS;
    expect(city.lines()).toEqual([
      'never_seen device sw-1 since 11 min: nothing of it has arrived since it is in the inventory; its agent gw-1 reports',
    ]);
    city.measure('sw-1');
    expect(city.lines()).toEqual([]);
  });

  it('is missed from the day it is installed, and never after the day it is retired', () => {
    city.setInventory([
      { ...SWITCH, id: 'sw-2', installedOn: '2026-12-01' },
      { ...SWITCH, id: 'sw-3', retiredOn: '2026-11-30' },
      { ...SWITCH, id: 'sw-4', installedOn: '2026-11-29' },
    ]);
    city.nowMs += HOUR_MS;
    const missed = (id: string, minutes: number, day: string): string =>
      `never_seen device ${id} since ${minutes} min: nothing of it has arrived since ${day}; its agent gw-1 reports`;
    expect(city.lines()).toEqual([missed('sw-4', 35 * 60, '2026-11-29')]);
    city.nowMs += DAY_MS;
    expect(city.lines()).toContain(missed('sw-2', 11 * 60, '2026-12-01'));
  });

  it('was seen before, and not since it was installed anew', () => {
    city.setInventory([SWITCH]);
    city.measure('sw-1');
    city.restart();
    city.nowMs += 3 * DAY_MS;
    city.setInventory([{ ...SWITCH, installedOn: '2026-12-02' }]);
    expect(city.lines()).toEqual([
      'never_seen device sw-1 since 2040 min: nothing of it has arrived since 2026-12-02; its agent gw-1 reports',
    ]);
    city.measure('sw-1');
    expect(city.lines()).toEqual([]);
  });

  it('was seen before a restart of central', () => {
    city.setInventory([SWITCH]);
    city.measure('sw-1');
    city.restart();
    city.nowMs += HOUR_MS;
    expect(city.lines()).toEqual([]);
  });

  it('is expected anew where it had left the inventory', () => {
    city.setInventory([SWITCH]);
    city.measure('sw-1');
    city.setInventory([]);
    city.restart();
    city.setInventory([SWITCH]);
    city.nowMs += HOUR_MS;
    expect(city.lines()).toHaveLength(1);
  });
});

describe('a device that is silent', () => {
  beforeEach(() => {
    city.setInventory([SWITCH]);
    city.measure('sw-1');
    city.nowMs += 20 * MINUTE_MS;
    city.states.set('device:sw-1', 'unknown');
  });

  it('is named since it was last measured, with what its agent does', () => {
    expect(city.lines()).toEqual([
      'silent device sw-1 since 20 min: nothing of it arrives any more; its agent gw-1 reports',
    ]);
    city.phases.set('gw-1', 'stopped');
    expect(city.lines()).toContain(
      'silent device sw-1 since 20 min: nothing of it arrives any more; its agent gw-1 is stopped',
    );
  });

  it('is not named where a root is: it is unreachable', () => {
    city.states.set('device:sw-1', 'unreachable');
    expect(city.lines()).toEqual([]);
  });

  it('is not named while central hears nobody, nor when it has only just started', () => {
    city.isDeaf = true;
    expect(city.lines()).toEqual([]);
    city.isDeaf = false;
    city.restart();
    expect(city.lines()).toEqual([]);
    city.nowMs += 11 * MINUTE_MS;
    expect(city.lines()).toHaveLength(1);
  });
});

describe('a device of which more is expected', () => {
  const expects = [
    { measurement: 'device', intervalMs: MINUTE_MS },
    { measurement: 'environment', intervalMs: 5 * MINUTE_MS },
  ];
  beforeEach(() => city.setInventory([{ ...SWITCH, expects }]));

  it('is silent in one measurement after three of its intervals, though others arrive', () => {
    city.measure('sw-1', 'environment');
    city.nowMs += 15 * MINUTE_MS;
    city.measure('sw-1');
    expect(city.lines()).toEqual([]);
    city.nowMs += MINUTE_MS;
    expect(city.lines()).toEqual([
      'silent device sw-1 since 16 min: it reports, but not as expected: no environment every 300 s',
    ]);
  });

  it('counts history that is sent late by when it was measured', () => {
    city.nowMs += 16 * MINUTE_MS;
    city.measure('sw-1');
    city.measure('sw-1', 'environment', { backfillMs: 16 * MINUTE_MS });
    expect(city.lines()).toHaveLength(1);
  });

  it('has three intervals after central heard nothing', () => {
    city.nowMs += 16 * MINUTE_MS;
    city.recordGap();
    city.measure('sw-1');
    expect(city.lines()).toEqual([]);
  });
});

describe('a device that is retired', () => {
  it('is named while it is still measured', () => {
    city.setInventory([{ ...SWITCH, retiredOn: '2026-11-30' }]);
    expect(city.lines()).toEqual([]);
    city.measure('sw-1');
    expect(city.lines()).toEqual([
      'retired_reporting device sw-1 since 600 min: retired on 2026-11-30, and still measured',
    ]);
    city.nowMs += 2 * HOUR_MS;
    expect(city.lines()).toEqual([]);
  });
});

describe('a server', () => {
  it('is seen by the agent on it, which has its name', () => {
    const server: Device = { id: 'sv-1', kind: 'server', agent: 'sv-1', ...PLACE };
    city.setInventory([server], [{ ...GATEWAY, id: 'sv-1', kind: 'server' }]);
    city.nowMs += HOUR_MS;
    expect(city.lines()).toHaveLength(1);
    city.measure(undefined, 'cpu', { agent: 'sv-1' });
    expect(city.lines()).toEqual([]);
  });
});

describe('agents', () => {
  it('are named by the same kinds', () => {
    city.setInventory(
      [],
      [
        { ...GATEWAY, id: 'gw-2', installedOn: '2026-11-30' },
        { ...GATEWAY, id: 'gw-3' },
        { ...GATEWAY, id: 'gw-4', retiredOn: '2026-11-30' },
        { ...GATEWAY, id: 'gw-5', installedOn: '2026-12-01' },
        GATEWAY,
      ],
    );
    city.phases.set('gw-2', 'never_seen');
    city.phases.set('gw-3', 'silent');
    city.phases.set('gw-5', 'never_seen');
    city.phases.set('gw-9', 'live');
    expect(city.lines()).toEqual([
      'never_seen agent gw-2 since 600 min: it has never reported',
      'retired_reporting agent gw-4 since 600 min: retired on 2026-11-30, and still reports',
      'silent agent gw-3 since 20 min: it reports no more',
      'unexpected agent gw-9 since 1440 min: it reports, and the inventory lacks it',
    ]);
  });
});

it('an agent is not silent where a root is named: its site is unreachable', () => {
  city.setInventory([]);
  city.phases.set('gw-1', 'silent');
  expect(city.lines()).toEqual(['silent agent gw-1 since 20 min: it reports no more']);
  city.states.set('site:site-1', 'unreachable');
  expect(city.lines()).toEqual([]);
});

it('says nothing of agents where the inventory lists none', () => {
  city.phases.set('gw-9', 'live');
  expect(city.lines()).toEqual([]);
});

describe('a device that the inventory lacks', () => {
  const unexpected = (device: string, measurements: string[], agents = ['gw-1']): UnexpectedDevice => {
    return { device, agents, measurements, series: 3, firstSeenAtMs: TEN };
  };

  it.each([
    [['cellular', 'device'], 'modem'],
    [['device', 'interface', 'ping'], 'node'],
    [['power'], 'ups'],
    [['http_response', 'ping'], 'endpoint'],
    [['ping'], 'probe'],
    [['sensors'], 'other'],
  ])('is proposed, measured by %j, as %s', (measurements, kind) => {
    city.setInventory([]);
    city.unexpected = [unexpected('x-1', measurements)];
    expect(city.proposals()).toEqual([{ entry: { id: 'x-1', kind, agent: 'gw-1', ...PLACE } }]);
  });

  it('belongs to the agents that report it and that the inventory has', () => {
    city.setInventory([], [GATEWAY, { ...GATEWAY, id: 'gw-2' }]);
    city.unexpected = [unexpected('x-1', ['ping'], ['gw-0', 'gw-1', 'gw-2'])];
    expect(city.proposals()).toMatchObject([{ entry: { agent: 'gw-1', otherAgents: ['gw-2'] } }]);
  });

  it('is not proposed under a name that is no id, or from agents that nobody knows', () => {
    city.setInventory([]);
    city.unexpected = [unexpected('__proto__', ['ping'], ['gw-0']), unexpected('a\u202Eb c', ['ping'])];
    expect(city.proposals()).toEqual([
      { problem: expect.stringContaining('its name is no id') as string },
      { problem: expect.stringContaining('its name is no id') as string },
    ]);
    city.unexpected = [unexpected('x-1', ['ping'], ['gw-0'])];
    expect(city.proposals()).toEqual([
      { problem: 'the inventory has none of its agents (gw-0): add one of them first' },
    ]);
  });
});

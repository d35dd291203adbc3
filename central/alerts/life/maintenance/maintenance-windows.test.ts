import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { openAuditLog, type AuditLog } from '../../../access/audit.ts';
import { BlastRadii } from '../../../health/blast-radius/blast-radii.ts';
import { readInventory } from '../../../inventory/inventory.ts';
import { LiveInventory } from '../../../inventory/live-inventory.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { InventoryPlaces } from '../../suppression/inventory-places.ts';
import type { SuppressibleAlert } from '../../suppression/suppression.ts';
import { MaintenanceWindows } from './maintenance-windows.ts';
import type { Schedule } from './schedule.ts';
import type { WindowRequest } from './window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Monday 30 November 2026, 03:00 in the city. */
const START = Date.parse('2026-11-30T03:00:00+07:00');
const LAN = { actor: 'lan', from: '10.0.0.1' };

const place = { longitude: 106.69, latitude: 10.79 };
const site = (id: string, more: object = {}) => ({
  ...{ id, unit: '26734', name: id, kind: 'site', ...place },
  ...more,
});
const INVENTORY = {
  units: ['26734', '26737'].map((code) => ({
    ...{ code, name: code, nameEn: code, kind: 'ward', areaKm2: 1, ...place },
  })),
  agencies: [{ id: 'dost', name: 'Sở' }],
  sites: [
    site('hub', { kind: 'hub' }),
    site('behind', { parents: ['hub'], unit: '26737' }),
    site('apart', { agency: 'dost' }),
  ],
  agents: [{ id: 'gw-1', kind: 'gateway', site: 'hub', unit: '26734' }],
  devices: [
    { id: 'n-hub', kind: 'node', site: 'hub', unit: '26734', agent: 'gw-1' },
    { id: 'n-behind', kind: 'node', site: 'behind', unit: '26737', agent: 'gw-1' },
    { id: 'srv-1', kind: 'server', site: 'apart', unit: '26734', agent: 'gw-1' },
    { id: 'n-dost', kind: 'node', site: 'hub', unit: '26734', agent: 'gw-1', agency: 'dost' },
  ],
  links: [
    {
      ...{ id: 'l-1', kind: 'fibre' },
      ends: [
        { site: 'hub', device: 'n-hub', interface: 'ge1' },
        { site: 'behind', device: 'n-behind', interface: 'ge2' },
      ],
    },
  ],
  services: [{ id: '1022', name: '1022', needs: ['device:n-behind'] }],
};

let database: StateDatabase;
let audit: AuditLog;
let clock: ManualClock;
let inventory: LiveInventory;
let windows: MaintenanceWindows;
let walks: number;

function open(): void {
  const blast = new BlastRadii({ inventory, today: () => '2026-11-30' });
  windows = new MaintenanceWindows({
    ...{ database, audit, clock, inventory, timeZone: 'Asia/Ho_Chi_Minh' },
    places: new InventoryPlaces(inventory),
    blastRadius: (of, failed) => {
      walks++;
      return blast.of(of, failed);
    },
  });
}

beforeEach(() => {
  database = openStateDatabase(':memory:');
  audit = openAuditLog(database);
  clock = new ManualClock(START);
  walks = 0;
  inventory = new LiveInventory(readInventory('test', INVENTORY));
  open();
});
afterEach(() => database.close());

const once = (fromH: number, toH: number): Schedule => ({
  ...{ repeats: 'once', startsAtMs: START + fromH * HOUR_MS, endsAtMs: START + toH * HOUR_MS },
});
const NIGHTS: Schedule = { repeats: 'weekly', days: ['sunday', 'monday'], from: '22:00', to: '02:00' };

function request(
  covers: readonly string[],
  schedule = once(0, 2),
  more: Partial<WindowRequest> = {},
): WindowRequest {
  return {
    ...{ covers: [...covers], withDependents: false, reason: 'new UPS', approvedBy: 'Bình', schedule },
    ...more,
  };
}

function plan(...given: Parameters<typeof request>): string {
  const result = windows.create(request(...given), LAN);
  if (!('window' in result)) throw new Error(JSON.stringify(result));
  return result.window.id;
}

function problemsOf(...given: Parameters<typeof request>): readonly string[] {
  const result = windows.create(request(...given), LAN);
  return 'problems' in result ? result.problems : [];
}

const ALERT: SuppressibleAlert = {
  ...{ id: 'a-1', rule: 'device_down', severity: 'major', agent: 'gw-1', startedAtMs: START },
  ...{ entity: { device: 'n-hub' }, unit: '26734', site: 'hub' },
};
const BEHIND: SuppressibleAlert = { ...ALERT, entity: { device: 'n-behind' }, unit: '26737', site: 'behind' };
const takes = (alert = ALERT, hour = 1): string | undefined =>
  windows.suppressionOf(alert, START + hour * HOUR_MS)?.by;

describe('what a window covers', () => {
  it.each<[string, SuppressibleAlert, boolean]>([
    ['unit:26734', ALERT, true],
    ['unit:26737', ALERT, false],
    ['site:hub', ALERT, true],
    ['site:hub', BEHIND, false],
    ['device:n-hub', ALERT, true],
    ['device:n-behind', ALERT, false],
    ['agency:dost', ALERT, false],
    ['agency:dost', { ...ALERT, entity: { device: 'n-dost' } }, true],
    ['agency:dost', { ...ALERT, site: 'apart', entity: { host: 'h' } }, true],
    ['service:1022', { ...ALERT, entity: { service: '1022' } }, true],
    ['service:1022', BEHIND, false],
  ])('%s', (ref, alert, expected) => {
    const id = plan([ref]);
    expect(takes(alert)).toBe(expected ? id : undefined);
  });

  const about = (entity: SuppressibleAlert['entity']): SuppressibleAlert => ({
    ...{ ...ALERT, entity, unit: undefined, site: undefined, agent: 'srv-1' },
  });
  it.each<[string, SuppressibleAlert['entity'], boolean]>([
    ['device:srv-1', { host: 'srv-1' }, true],
    ['device:srv-1', { host: 'srv-1', device: 'sda' }, true],
    ['device:srv-1', { agent: 'srv-1' }, true],
    ['device:srv-1', { host: 'srv-2' }, false],
    ['device:srv-1', { service: '1022', host: 'srv-1' }, false],
    ['site:apart', { host: 'srv-1' }, true],
    ['link:l-1', { device: 'n-hub', interface: 'ge1' }, true],
    ['link:l-1', { device: 'n-behind', interface: 'ge2' }, true],
    ['link:l-1', { device: 'n-hub', interface: 'ge2' }, false],
    ['link:l-1', { device: 'n-hub' }, false],
  ])('%s takes what is about a part of it, %j: %s', (ref, entity, expected) => {
    const id = plan([ref]);
    expect(takes(about(entity))).toBe(expected ? id : undefined);
  });

  it('is more with its dependents: what it would cut off, and the services that need that', () => {
    plan(['site:hub'], once(0, 2), { withDependents: true });
    expect(takes(BEHIND)).toBe('m-1');
    expect(takes({ ...ALERT, unit: '26734', site: 'apart', entity: { device: 'x' } })).toBeUndefined();
    expect(takes({ ...ALERT, site: undefined, unit: undefined, entity: { service: '1022' } })).toBe('m-1');
  });

  it('follows the inventory', () => {
    plan(['agency:dost']);
    expect(takes()).toBeUndefined();
    const devices = INVENTORY.devices.map((device) => ({ ...device, agency: 'dost' }));
    inventory.replace(readInventory('test', { ...INVENTORY, devices }));
    expect(takes()).toBe('m-1');
  });

  it('gives its reason, who approved it, and until when', () => {
    plan(['site:hub'], NIGHTS);
    expect(windows.suppressionOf(ALERT, START)).toBeUndefined();
    const evening = START + 20 * HOUR_MS;
    expect(windows.suppressionOf(ALERT, evening)).toEqual({
      ...{ kind: 'maintenance', by: 'm-1', untilMs: START + 23 * HOUR_MS },
      reason: 'maintenance m-1, approved by Bình: new UPS',
    });
    expect(windows.isInMaintenance({ device: 'n-hub', site: 'hub', unit: '26734' }, evening)).toEqual({
      ...{ id: 'm-1', untilMs: START + 23 * HOUR_MS },
    });
    expect(windows.isInMaintenance({ site: 'apart' }, evening)).toBeUndefined();
  });

  it('of several is told of by the one that lasts longest', () => {
    plan(['site:hub'], once(0, 2));
    plan(['unit:26734'], once(0, 5));
    plan(['device:n-hub'], once(0, 3));
    expect([takes(ALERT, 1), takes(ALERT, 4), takes(ALERT, 5)]).toEqual(['m-2', 'm-2', undefined]);
  });
});

describe('dependents', () => {
  const more = { withDependents: true };
  const cutOff: SuppressibleAlert = { ...ALERT, entity: { device: 'n-far' }, unit: '26737', site: 'far' };

  it('are found when a window is made, not while it is asked about alerts', () => {
    for (let hour = 0; hour < 50; hour++) plan(['site:hub'], once(hour, hour + 1), more);
    walks = 0;
    expect(takes(BEHIND, 0.5)).toBe('m-1');
    expect(takes(BEHIND, 49.5)).toBe('m-50');
    const [first] = windows.list({ limit: 1 });
    expect(first && windows.overlapsOf(first.window)).toEqual([]);
    expect(walks).toBe(0);
  });

  it('follow the inventory in the seconds after a change, what is open first; until then they are as they were', () => {
    for (let made = 0; made < 50; made++) plan(['site:hub'], once(made === 49 ? 0 : 1, 2), more);
    const sites = [...INVENTORY.sites, site('far', { parents: ['behind'], unit: '26737' })];
    const far = { ...{ id: 'n-far', kind: 'node', site: 'far', unit: '26737', agent: 'gw-1' } };
    inventory.replace(readInventory('test', { ...INVENTORY, sites, devices: [...INVENTORY.devices, far] }));
    walks = 0;
    expect([takes(cutOff, 0), takes(BEHIND, 0), walks]).toEqual([undefined, 'm-50', 0]);
    const perTick: number[] = [];
    for (let tick = 0; tick < 4; tick++) {
      windows.tick(START);
      perTick.push(walks);
      expect(takes(cutOff, 0)).toBe('m-50');
    }
    expect(perTick).toEqual([20, 40, 50, 50]);
    expect(takes(cutOff, 1)).toBe('m-1');
  });

  it('are found anew on another day, as other things are in service then', async () => {
    plan(['site:hub'], once(0, 48), more);
    walks = 0;
    const walksAt = async (hours: number): Promise<number> => {
      await clock.advance(hours * HOUR_MS);
      windows.tick(clock.now());
      return walks;
    };
    // It is 03:00, then 23:00, then midnight.
    expect([await walksAt(0), await walksAt(20), await walksAt(1), await walksAt(1)]).toEqual([0, 0, 1, 1]);
  });

  it('of what the inventory no longer has are none, also after a restart', () => {
    plan(['site:apart'], once(0, 2), more);
    const without = <T extends { id: string }>(entries: readonly T[], id: string) =>
      entries.filter((each) => each.id !== id);
    const sites = without(INVENTORY.sites, 'apart');
    const devices = without(INVENTORY.devices, 'srv-1');
    inventory.replace(readInventory('test', { ...INVENTORY, sites, devices }));
    windows.tick(START);
    open();
    windows.tick(START);
    expect([takes({ ...ALERT, site: 'apart', entity: { host: 'h' } }), takes()]).toEqual(['m-1', undefined]);
  });
});

describe('the life of a window', () => {
  it('goes on after a restart, night after night', () => {
    plan(['site:hub'], NIGHTS);
    open();
    // Monday evening; Tuesday after midnight; then not before Sunday.
    expect([19, 22.9, 23, 24 * 6 + 19.5].map((hour) => takes(ALERT, hour))).toEqual([
      ...['m-1', 'm-1', undefined, 'm-1'],
    ]);
    const [window] = windows.list({ limit: 1 }).map((each) => each.window);
    expect(window && windows.next(window, 3).map(({ fromMs }) => (fromMs - START) / HOUR_MS)).toEqual([
      ...[19, 6 * 24 + 19, 7 * 24 + 19],
    ]);
  });

  it('can end early: the present time only, or for good', async () => {
    plan(['site:hub'], NIGHTS);
    plan(['site:hub'], once(0, 100));
    expect(windows.endPresent('m-2', LAN)).toMatchObject({ window: { cutAtMs: START, revision: 2 } });
    expect(windows.endPresent('m-2', LAN)).toEqual({ missing: 'ended' });
    await clock.advance(20 * HOUR_MS);
    expect(takes(ALERT, 20)).toBe('m-1');
    windows.endPresent('m-1', LAN);
    expect([takes(ALERT, 20), takes(ALERT, 24 * 6 + 20)]).toEqual([undefined, 'm-1']);
    expect(windows.endPresent('m-1', LAN)).toMatchObject({ window: { revision: 2 } });
    windows.end('m-1', LAN);
    open();
    expect(takes(ALERT, 24 * 6 + 20)).toBeUndefined();
    const states = (state?: 'ended' | 'active' | 'pending') =>
      windows.list({ state, limit: 10 }).map(({ window }) => window.id);
    expect([states(), states('ended'), states('pending')]).toEqual([['m-2', 'm-1'], ['m-2', 'm-1'], []]);
    expect(audit.list(10).map(({ action }) => action)).toEqual([
      ...['maintenance.end', 'maintenance.end-present', 'maintenance.end-present'],
      ...['maintenance.create', 'maintenance.create'],
    ]);
  });

  it('is changed by whoever has seen it as it is, with before and after in the audit log', () => {
    plan(['site:hub']);
    const changed = request(['site:apart'], once(1, 3));
    expect(windows.change('m-1', 2, changed, LAN)).toEqual({ missing: 'moved' });
    expect(windows.change('m-9', 1, changed, LAN)).toEqual({ missing: 'unknown' });
    expect(windows.change('m-1', 1, changed, { actor: 'minh', from: 'x' })).toMatchObject({
      window: { revision: 2, by: 'lan', changedBy: 'minh', covers: ['site:apart'] },
    });
    expect(takes()).toBeUndefined();
    const target = audit.list(1)[0]?.target ?? '';
    expect(target).toMatch(/^m-1 \{.*"covers":\["site:hub"\].* -> \{.*"covers":\["site:apart"\]/);
  });

  it('is listed by state, page by page', () => {
    for (const schedule of [once(0, 1), once(1, 2), once(0, 3), NIGHTS]) plan(['site:hub'], schedule);
    const ids = (query: object) => windows.list({ limit: 10, ...query }).map(({ window }) => window.id);
    expect(ids({ state: 'active' })).toEqual(['m-3', 'm-1']);
    expect(ids({ state: 'pending' })).toEqual(['m-4', 'm-2']);
    expect(ids({ state: 'pending', beforeNumber: 4 })).toEqual(['m-2']);
    expect(ids({ limit: 1 })).toEqual(['m-4']);
  });
});

describe('windows that overlap', () => {
  const overlaps = (id: string): string[] => {
    const window = windows.get(id);
    return window === undefined ? [] : windows.overlapsOf(window).map((each) => each.id);
  };

  it('are told where they cover part of the same at the same time', () => {
    plan(['unit:26734'], once(0, 4));
    plan(['site:hub'], once(3, 6));
    plan(['device:n-hub'], once(4, 5));
    plan(['site:behind'], once(0, 9));
    plan(['site:hub'], once(6, 7));
    expect(overlaps('m-1')).toEqual(['m-2']);
    expect(overlaps('m-2')).toEqual(['m-1', 'm-3']);
    expect(overlaps('m-3')).toEqual(['m-2']);
    expect(overlaps('m-5')).toEqual([]);
    const window = windows.get('m-2');
    expect(window && windows.overlapsOf(window)[0]).toEqual({
      ...{ id: 'm-1', reason: 'new UPS', fromMs: START + 3 * HOUR_MS, toMs: START + 4 * HOUR_MS },
    });
  });

  it('are found in the weeks to come', () => {
    plan(['site:hub'], NIGHTS);
    plan(['agency:dost'], once(6 * 24, 6 * 24 + 19));
    plan(['device:n-dost'], once(6 * 24, 6 * 24 + 20));
    plan(['site:hub'], { ...NIGHTS, firstDay: '2027-06-01' });
    expect(overlaps('m-1')).toEqual(['m-3']);
    expect(overlaps('m-2')).toEqual(['m-3']);
    expect(overlaps('m-4')).toEqual([]);
  });
});

describe('what cannot be a window', () => {
  it('is told all at once, with the nearest name that is known', () => {
    expect(problemsOf(['site:hup', 'unit:99999', 'device:n-hub', 'device:n-hub'], once(2, 1))).toEqual([
      'body.covers.0: the inventory has no site:hup, did you mean site:hub?',
      'body.covers.1: the inventory has no unit:99999',
      'body.covers: expected each only once',
      'body.schedule.endsAtMs: expected a time after startsAtMs',
    ]);
    expect(windows.list({ limit: 10 })).toEqual([]);
  });

  it.each<[Schedule, string]>([
    [once(-2, -1), `.endsAtMs: expected a time after now (${START}), got ${START - HOUR_MS}`],
    [once(0, 24 * 32), '.endsAtMs: expected at most 31 d after startsAtMs'],
    [once(24 * 800, 24 * 801), `.startsAtMs: expected a time within two years, got ${START + 800 * DAY_MS}`],
    [{ ...NIGHTS, to: '22:00' }, '.to: expected another time of day than from, got 22:00'],
    [
      { ...NIGHTS, firstDay: '2026-12-24', lastDay: '2026-12-01' },
      '.lastDay: expected a day not before firstDay 2026-12-24, got 2026-12-01',
    ],
    [{ ...NIGHTS, lastDay: '2026-11-28' }, ': expected a window that opens after now, this one never does'],
    [{ ...NIGHTS, firstDay: '2030-01-01' }, '.firstDay: expected a day within two years, got 2030-01-01'],
    [{ ...NIGHTS, firstDay: '9999-12-31' }, '.firstDay: expected a day within two years, got 9999-12-31'],
  ])('%j', (schedule, problem) => {
    expect(problemsOf(['site:hub'], schedule)).toEqual([`body.schedule${problem}`]);
  });

  it('is one with the dependents of an agency, or of too many', () => {
    const more = { withDependents: true };
    expect(problemsOf(['agency:dost'], NIGHTS, more)[0]).toMatch(/^body.covers.0: expected no agency/);
    const many = Array.from({ length: 21 }, () => 'site:hub');
    expect(problemsOf(many, NIGHTS, more)).toContain(
      'body.covers: expected at most 20 with withDependents, got 21',
    );
  });

  it('is one more than 500 that are not over', async () => {
    for (let made = 0; made < 500; made++) plan(['site:hub'], once(0, 1));
    expect(windows.create(request(['site:hub']), LAN)).toEqual({ missing: 'room' });
    await clock.advance(HOUR_MS);
    expect(plan(['site:hub'])).toBe('m-501');
  });
});

describe('when something was in maintenance', () => {
  const range = (fromH: number, toH: number) => ({
    fromMs: START + fromH * HOUR_MS,
    toMs: START + toH * HOUR_MS,
  });

  it('is known afterwards, also of windows that are over, and after a restart', () => {
    plan(['service:1022'], once(0, 2));
    plan(['site:hub'], once(0, 2));
    const short = plan(['service:1022'], once(4, 9));
    clock.freeze(5 * HOUR_MS);
    windows.end(short, LAN);
    clock.freeze(5 * HOUR_MS);
    const spans = [range(0, 2), range(4, 5)];
    expect([...windows.spansWithin('service', range(-1, 10))]).toEqual([['service:1022', spans]]);
    open();
    expect([...windows.spansWithin('service', range(-1, 10))]).toEqual([['service:1022', spans]]);
    expect([...windows.spansWithin('service', range(3, 10))]).toEqual([['service:1022', [range(4, 5)]]]);
    expect([...windows.spansWithin('service', range(6, 10))]).toEqual([]);
  });

  it('is each time of a recurring one, and of what hangs on it', () => {
    plan(['device:n-behind'], NIGHTS, { withDependents: true });
    const found = windows.spansWithin('service', range(0, 5 * 24)).get('service:1022') ?? [];
    expect(found.map(({ fromMs }) => (fromMs - START) / HOUR_MS)).toEqual([19]);
  });

  const spansNow = () => {
    const toMs = clock.now();
    return windows.spansWithin('service', { fromMs: toMs - 3 * DAY_MS, toMs }).get('service:1022');
  };

  it('is known of what hung on it when it is over, another is made, and central starts again', () => {
    plan(['device:n-behind'], once(0, 2), { withDependents: true });
    clock.freeze(2 * HOUR_MS + 60_000);
    expect(spansNow()).toEqual([range(0, 2)]);
    plan(['site:hub'], once(50, 51));
    expect(spansNow()).toEqual([range(0, 2)]);
    open();
    expect(spansNow()).toEqual([range(0, 2)]);
    plan(['site:hub'], once(50, 51));
    const before = walks;
    expect(spansNow()).toEqual([range(0, 2)]);
    expect(walks).toBe(before);
  });

  it('is known of what hung on it when nobody asked before it was forgotten, not of nights before it was made', () => {
    const id = plan(['device:n-behind'], NIGHTS, { withDependents: true });
    clock.freeze(20 * HOUR_MS);
    windows.end(id, LAN);
    plan(['site:hub'], once(50, 51));
    expect(spansNow()).toEqual([range(19, 20)]);
  });

  it('is found of many windows piece by piece, the newest first', () => {
    const things = ['site:hub', 'site:apart', 'device:n-hub', 'device:srv-1', 'device:n-behind'];
    for (let made = 0; made < 100; made++) plan(things, once(0, 2), { withDependents: true });
    clock.freeze(2 * HOUR_MS);
    open();
    walks = 0;
    const known = [spansNow(), spansNow(), spansNow()].map((spans) => spans?.length);
    expect(known).toEqual([40, 80, 100]);
    expect(walks).toBe(500);
  });
});

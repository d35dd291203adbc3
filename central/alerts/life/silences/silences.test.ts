import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { openAuditLog, type AuditLog } from '../../../access/audit.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { readInventory } from '../../../inventory/inventory.ts';
import { LiveInventory } from '../../../inventory/live-inventory.ts';
import { InventoryPlaces } from '../../suppression/inventory-places.ts';
import type { SuppressibleAlert } from '../../suppression/suppression.ts';
import { Silences } from './silences.ts';

const START = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const LAN = { actor: 'lan', from: '10.0.0.1' };
const ALERT: SuppressibleAlert = {
  ...{ id: 'a-1', rule: 'port_down', severity: 'minor', agent: 'gw-1', startedAtMs: START },
  ...{ entity: { device: 'n-1' }, unit: '26737', site: 'site-1' },
};

const place = { longitude: 106.69, latitude: 10.79 };
const unit = '26737';
const servers = ['srv-1', 'srv-2'].map((id) => ({ id, kind: 'server', site: 'site-1', unit, agent: 'gw-1' }));
const places = new InventoryPlaces(
  new LiveInventory(
    readInventory('test', {
      units: [{ code: unit, name: unit, nameEn: unit, kind: 'ward', areaKm2: 1, ...place }],
      sites: [{ id: 'site-1', unit, name: 'Site 1', kind: 'site', ...place }],
      agents: [{ id: 'gw-1', kind: 'gateway', site: 'site-1', unit }],
      devices: servers,
    }),
  ),
);

let database: StateDatabase;
let audit: AuditLog;
let clock: ManualClock;
let silences: Silences;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  audit = openAuditLog(database);
  clock = new ManualClock(START);
  silences = new Silences({ database, audit, clock, places });
});
afterEach(() => database.close());

function silence(fromH: number, toH: number, reason = 'the switch is exchanged'): string {
  const times = { startsAtMs: START + fromH * HOUR_MS, endsAtMs: START + toH * HOUR_MS };
  return silences.create({ match: { device: ['n-1'] }, ...times, reason }, LAN)?.id ?? 'none';
}

const takenAt = (hour: number): string | undefined =>
  silences.suppressionOf(ALERT, START + hour * HOUR_MS)?.by;

it('takes alerts from its begin to its end, and gives its reason', () => {
  const id = silence(1, 3);
  expect([0, 0.99, 1, 2.99, 3].map(takenAt)).toEqual([undefined, undefined, id, id, undefined]);
  expect(silences.suppressionOf(ALERT, START + HOUR_MS)).toEqual({
    ...{ kind: 'silenced', by: id, untilMs: START + 3 * HOUR_MS },
    reason: `silence ${id} of lan: the switch is exchanged`,
  });
  expect(silences.suppressionOf({ ...ALERT, entity: { device: 'n-2' } }, START + HOUR_MS)).toBeUndefined();
  // Central's clock is set back.
  expect([0, 1].map(takenAt)).toEqual([undefined, id]);
});

it.each<[string, SuppressibleAlert['entity'], boolean]>([
  ['srv-1', { host: 'srv-1' }, true],
  ['srv-1', { host: 'srv-1', device: 'sda' }, true],
  ['srv-1', { agent: 'srv-1' }, true],
  ['srv-1', { host: 'srv-2', device: 'sda' }, false],
  // A disk of any server is not a device.
  ['sda', { host: 'srv-1', device: 'sda' }, false],
  ['sda', { host: 'unlisted', device: 'sda' }, false],
  ['unlisted', { host: 'unlisted', device: 'sda' }, true],
])('of the device %s takes what is about a part of it, %j: %s', (device, entity, expected) => {
  const match = { device: [device] };
  const made = silences.create({ match, endsAtMs: START + HOUR_MS, reason: 'new disks' }, LAN);
  const alert = { ...ALERT, entity };
  expect(silences.suppressionOf(alert, START)?.by).toBe(expected ? made?.id : undefined);
  expect(silences.countTaken({ match }, [alert])).toBe(expected ? 1 : 0);
});

it('of several the one that lasts longest counts', () => {
  silence(0, 1);
  const long = silence(0, 5);
  silence(0, 2);
  expect(takenAt(0.5)).toBe(long);
});

it('is ended before its time, begun or not, and stays in the list', async () => {
  const active = silence(0, 4);
  const pending = silence(2, 4);
  await clock.advance(HOUR_MS);
  expect(silences.expire(active, { actor: 'minh', from: 'x' })).toMatchObject({
    ...{ id: active, endedBy: 'minh', endedAtMs: START + HOUR_MS },
  });
  silences.expire(pending, LAN);
  expect([1, 3].map(takenAt)).toEqual([undefined, undefined]);
  expect(silences.expire(active, LAN)).toMatchObject({ endedBy: 'minh' });
  expect(silences.expire('s-99', LAN)).toBeUndefined();
  expect(silences.list({ state: 'expired', limit: 10 })).toHaveLength(2);
  expect(audit.list(10).map(({ action, actor }) => `${actor} ${action}`)).toEqual([
    'lan silence.expire',
    'minh silence.expire',
    'lan silence.create',
    'lan silence.create',
  ]);
});

it('goes on after a restart, and is listed by state, newest first, page by page', async () => {
  const [over, active, pending] = [silence(0, 1), silence(0, 4), silence(3, 4)];
  await clock.advance(2 * HOUR_MS);
  silences = new Silences({ database, audit, clock, places });
  expect(takenAt(2)).toBe(active);
  const listed = (query: object): string[] =>
    silences.list({ limit: 10, ...query }).map((each) => each.silence.id);
  expect(listed({})).toEqual([pending, active, over]);
  expect(listed({ state: 'active' })).toEqual([active]);
  expect(listed({ state: 'pending' })).toEqual([pending]);
  expect(listed({ state: 'expired' })).toEqual([over]);
  const [first] = silences.list({ limit: 1 });
  expect(listed({ beforeNumber: first?.number })).toEqual([active, over]);
});

it('there are at most 500 that are not over', async () => {
  for (let made = 0; made < 500; made++) silence(0, 1);
  expect(silence(0, 1)).toBe('none');
  await clock.advance(HOUR_MS);
  expect(silence(2, 3)).not.toBe('none');
});

it('without the audit log there is none', () => {
  const failing = {
    append: () => {
      throw new Error('disk full');
    },
  };
  silences = new Silences({ database, audit: failing, clock, places });
  expect(() => silence(0, 1)).toThrow('disk full');
  expect(takenAt(0.5)).toBeUndefined();
  expect(silences.list({ limit: 10 })).toEqual([]);
});

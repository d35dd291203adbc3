import { describe, expect, it } from 'vitest';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { readInventory } from '../../inventory/inventory.ts';
import { isSameStructure } from './structure.ts';
import { allWell, hubCity, StatesCity } from './testing/states-city.ts';

type City = ReturnType<typeof hubCity>;
const PORT = 'ge-0';

function city(): City & Pick<InventoryFile, 'links'> {
  const ends: InventoryFile['links'][number]['ends'] = [
    { site: 'hub-1', device: 'n-hub-1', interface: PORT },
    { site: 's-1-1' },
  ];
  return { ...hubCity(), links: [{ id: 'f-1', kind: 'fibre', ends }] };
}

/** The city in which the first entry of a kind has these fields. */
function changed<K extends 'units' | 'sites' | 'agents' | 'devices' | 'links'>(
  kind: K,
  fields: Partial<InventoryFile[K][number]>,
) {
  const file = city();
  const [first, ...rest] = file[kind];
  return { ...file, [kind]: [{ ...first, ...fields }, ...rest] };
}

function isSame(file: Partial<InventoryFile>): boolean {
  return isSameStructure(readInventory('before', city()), readInventory('after', file));
}

describe('states stay as they are', () => {
  it.each([
    ['nothing', city()],
    ['the name of a unit', changed('units', { name: 'Tân Định' })],
    ['the position of a site', changed('sites', { longitude: 106.7 })],
    ['how often an agent may send', changed('agents', { maxIntervalMs: 60_000 })],
    ['name and notes of a device', changed('devices', { name: 'core', notes: 'new fan' })],
    ['the operator of a link', changed('links', { operator: 'vnpt' })],
    ['its ports', { ...city(), interfaces: [{ device: 'n-hub-1', name: PORT }] }],
  ])('when only %s changes', (_what, file) => {
    expect(isSame(file)).toBe(true);
  });
});

describe('states are reckoned anew', () => {
  const file = city();
  it.each([
    ['a device is gone', { ...file, devices: file.devices.slice(0, -1) }],
    ['a site is retired', changed('sites', { retiredOn: '2026-01-01' })],
    ['an agent moves', changed('agents', { site: 's-1-1' })],
    ['a device is another kind', changed('devices', { kind: 'other' })],
    ['a device is measured by another agent as well', changed('devices', { otherAgents: ['gw-s-1-1'] })],
    [
      'more is expected of it',
      changed('devices', { expects: [{ measurement: 'ping', intervalMs: 60_000 }] }),
    ],
    ['a link ends elsewhere', changed('links', { ends: [{ site: 'hub-1' }, { site: 's-1-2' }] })],
  ])('when %s', (_what, other) => {
    expect(isSame(other)).toBe(false);
  });
});

it('a device that only has another name keeps its state, and one that is new has one at once', async () => {
  const before = hubCity();
  const states = new StatesCity(before);
  allWell(states);
  await states.wait(20);
  states.changes.length = 0;
  const devices = before.devices.map((each) => (each.id === 'n-s-1-1' ? { ...each, name: 'core' } : each));
  states.replaceInventory({ ...before, devices });
  expect(states.state('device:n-s-1-1')).toBe('up');
  expect(states.changes).toEqual([]);
  const place = { site: 's-1-1', unit: '26734', agent: 'gw-s-1-1' };
  states.replaceInventory({ ...before, devices: [...devices, { id: 'new', kind: 'probe', ...place }] });
  expect(states.state('device:new')).toBe('unknown');
});

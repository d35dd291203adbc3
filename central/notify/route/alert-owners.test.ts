import { describe, expect, it } from 'vitest';
import { inventorySchema } from '../../../contract/inventory.ts';
import { indexInventory } from '../../inventory/inventory.ts';
import { LiveInventory } from '../../inventory/live-inventory.ts';
import { AlertOwners, type OwnableAlert } from './alert-owners.ts';

const at = { longitude: 106.7, latitude: 10.8 };
const unit = '26734';
const INVENTORY = indexInventory(
  inventorySchema.parse({
    sites: [
      { id: 'dc', unit, name: 'Data centre', kind: 'datacentre', agency: 'it', ...at },
      { id: 'clinic', unit, name: 'Clinic', kind: 'site', agency: 'health', ...at },
      { id: 'street', unit, name: 'Cabinet', kind: 'site', ...at },
    ],
    agents: [
      { id: 'gw-clinic', kind: 'gateway', site: 'clinic', unit },
      { id: 'gw-water', kind: 'gateway', site: 'clinic', unit, agency: 'water' },
    ],
    devices: [
      { id: 'sbc-1', kind: 'server', site: 'dc', unit, agent: 'gw-dc', agency: 'telecom' },
      { id: 'ups-1', kind: 'ups', site: 'clinic', unit, agent: 'gw-clinic' },
      { id: 'n-1', kind: 'node', site: 'street', unit, agent: 'gw-clinic' },
    ],
    links: [
      { id: 'l-1', kind: 'leased', ends: [{ site: 'dc' }, { site: 'clinic' }], agency: 'carrier' },
      { id: 'l-2', kind: 'fibre', ends: [{ site: 'dc' }, { site: 'clinic' }] },
    ],
    pools: [
      { id: 'vm', site: 'dc', resource: 'cpu' },
      { id: 'vm', site: 'dc', resource: 'storage', agency: 'archive' },
      { id: 'san', site: 'dc', resource: 'storage' },
    ],
    services: [
      { id: 'calls', name: 'Calls', needs: [{ anyOf: ['device:sbc-1', 'device:n-1'] }], agency: 'office' },
      { id: 'permits', name: 'Permits', needs: ['service:calls', 'pool:san'] },
      { id: 'portal', name: 'Portal', needs: ['service:permits', 'site:dc'] },
      // A mistake in the inventory.
      { id: 'ring-a', name: 'A', needs: ['service:ring-b', 'link:l-2'] },
      { id: 'ring-b', name: 'B', needs: ['service:ring-a'] },
    ],
  }),
);

const ROUTES = [{ agencies: ['it'] }, { services: ['portal'] }];

function owned(alert: OwnableAlert, routes: ConstructorParameters<typeof AlertOwners>[1] = ROUTES) {
  return new AlertOwners(INVENTORY, routes).of(alert);
}

describe('an alert belongs to the agency', () => {
  it.each<[string, OwnableAlert, string | undefined]>([
    ['of its device', { entity: { device: 'sbc-1' }, site: 'dc' }, 'telecom'],
    ['of the site of a device that has none', { entity: { device: 'ups-1' } }, 'health'],
    ['of the machine, not of its disk', { entity: { host: 'ups-1', device: 'sda' } }, 'health'],
    ['of its site', { entity: { site: 'dc', operator: 'vn' } }, 'it'],
    [
      'of the site where something is that the inventory does not have',
      { entity: { device: 'x' }, site: 'dc' },
      'it',
    ],
    ['of its link', { entity: { link: 'l-1' }, site: 'clinic' }, 'carrier'],
    ['of the site of a link that has none', { entity: { link: 'l-2' }, site: 'clinic' }, 'health'],
    ['of the device of a radio', { entity: { device: 'sbc-1', link: 'radio-1' } }, 'telecom'],
    ['of its pool', { entity: { site: 'dc', pool: 'vm', resource: 'storage' }, site: 'dc' }, 'archive'],
    ['of the site of a resource that has none', { entity: { pool: 'vm', resource: 'cpu' } }, 'it'],
    ['of the site of a pool that has none', { entity: { pool: 'san', resource: 'storage' } }, 'it'],
    ['of its agent', { entity: { agent: 'gw-water' }, site: 'clinic' }, 'water'],
    ['of the site of an agent that has none', { entity: { agent: 'gw-clinic' } }, 'health'],
    [
      'of its service, wherever it was tried',
      { entity: { service: 'calls', device: 'ups-1' }, site: 'clinic' },
      'office',
    ],
    ['of nobody where its service has none', { entity: { service: 'portal' }, site: 'clinic' }, undefined],
    ['of nobody where its site has none', { entity: { device: 'n-1' }, site: 'street' }, undefined],
    ['of nobody where it is about a unit', { entity: { unit } }, undefined],
    ['of nobody where it is about Wardwatch', { entity: { replica: 'central' } }, undefined],
  ])('%s', (_, alert, agency) => {
    expect(owned(alert).agency).toBe(agency);
  });
});

describe('an alert is of the services', () => {
  it.each<[string, OwnableAlert, readonly string[] | undefined]>([
    ['that it is about, and that need it', { entity: { service: 'calls' } }, ['calls', 'permits', 'portal']],
    [
      'that need its device, one of several as well',
      { entity: { device: 'sbc-1', interface: 'ge-0' } },
      ['calls', 'permits', 'portal'],
    ],
    ['that need its pool', { entity: { site: 'dc', pool: 'san' } }, ['permits', 'portal']],
    ['that need its site', { entity: { site: 'dc' } }, ['portal']],
    ['that need its link, in a ring as well', { entity: { link: 'l-2' } }, ['ring-a', 'ring-b']],
    [
      'of none, where only another device at the site is ill',
      { entity: { device: 'ups-1' }, site: 'dc' },
      undefined,
    ],
    ['of one that the inventory does not have', { entity: { service: 'gone' } }, ['gone']],
  ])('%s', (_, alert, services) => {
    const found = owned(alert).services;
    expect(found && [...found].sort()).toEqual(services);
  });
});

it('is not looked for where no route asks', () => {
  expect(owned({ entity: { device: 'sbc-1' } }, [{ agencies: ['it'] }])).toEqual({ agency: 'telecom' });
  expect(owned({ entity: { device: 'sbc-1' } }, [{}])).toEqual({});
});

it('is as the inventory is now', () => {
  const inventory = new LiveInventory(INVENTORY);
  const owners = new AlertOwners(inventory, ROUTES);
  expect(owners.of({ entity: { site: 'dc' } })).toEqual({ agency: 'it', services: ['portal'] });
  inventory.replace({ ...INVENTORY, services: new Map(), sites: new Map() });
  expect(owners.of({ entity: { site: 'dc' } })).toEqual({});
});

import { describe, expect, it } from 'vitest';
import { readInventory } from '../inventory/inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { InventoryPlaces } from '../alerts/suppression/inventory-places.ts';
import { resourceOf } from './alert-resource.ts';
import { shownInventory } from './testing/shown-city.ts';

const places = new InventoryPlaces(new LiveInventory(readInventory('the city', shownInventory())));

function about(entity: Readonly<Record<string, string>>, agent = 'gw-s-1') {
  return resourceOf({ id: 'a-1', rule: 'any', entity, severity: 'minor', agent, startedAtMs: 0 }, places);
}

describe('what an alert is about', () => {
  it.each([
    [{ device: 'n-s-1' }, 'device:n-s-1', ''],
    // Also where the port is an end of a line.
    [{ device: 'n-s-1', interface: 'uplink' }, 'device:n-s-1', 'interface=uplink'],
    [{ link: 'up-s-1' }, 'link:up-s-1', ''],
    [{ site: 'hub' }, 'site:hub', ''],
    [{ agent: 'gw-s-1' }, 'agent:gw-s-1', ''],
    [{ service: '1022' }, 'service:1022', ''],
    [{ unit: '26734', operator: 'viettel' }, 'unit:26734', 'operator=viettel'],
    [{ pool: 'pool', resource: 'storage' }, 'pool:pool', 'resource=storage'],
    // The inventory lacks it.
    [{ host: 'new-1', path: '/' }, 'host:new-1', 'path=/'],
  ])('%j is %s', (entity, resource, qualifier) => {
    expect(about(entity)).toEqual({ resource, qualifier });
  });

  it('has no name where it is about the whole, and never one too long for a tag', () => {
    expect(about({}, 'central')).toEqual({ resource: undefined, qualifier: '' });
    expect(about({ host: 'x'.repeat(128) }).resource).toHaveLength(128);
  });
});

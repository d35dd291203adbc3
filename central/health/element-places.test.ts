import { expect, it } from 'vitest';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import { indexInventory } from '../inventory/inventory.ts';
import { ElementPlaces } from './element-places.ts';
import { hubCity } from './states/testing/states-city.ts';

const { agents, devices, ...file } = hubCity(1, 1);
const places = new ElementPlaces(
  indexInventory({
    ...emptyInventoryFile(),
    ...file,
    // Nothing is measured at the hub itself.
    agents: agents.filter(({ site }) => site !== 'hub-1'),
    devices: devices.filter(({ site }) => site !== 'hub-1').map(({ parents: _gone, ...rest }) => rest),
    links: [{ id: 'f-1', kind: 'fibre', ends: [{ site: 'hub-1' }, { site: 's-1-1' }] }],
    pools: [{ id: 'p-1', site: 's-1-1', resource: 'ram' }],
    services: [
      { id: 'mail', name: 'mail', needs: ['pool:p-1'] },
      { id: 'portal', name: 'portal', needs: [{ anyOf: ['service:mail'] }] },
      { id: 'left', name: 'left', needs: ['service:right'] },
      { id: 'right', name: 'right', needs: ['service:left'] },
    ],
  }),
);
const AT = { location: { unit: '26737', site: 's-1-1' }, agent: 'gw-s-1-1' };

it.each([
  ['device:n-s-1-1', AT],
  ['site:s-1-1', AT],
  ['link:f-1', AT],
  ['site:hub-1', { location: { unit: '26737', site: 'hub-1' }, agent: 'gw-s-1-1' }],
  ['service:portal', { location: {}, agent: 'gw-s-1-1' }],
  ['service:left', { location: {}, agent: '' }],
  ['device:nowhere', { location: {}, agent: '' }],
])(
  '%s is at the place of the inventory, and told of by whoever measures it or what it rests on',
  (ref, place) => {
    expect(places.placeOf(ref)).toEqual(place);
  },
);

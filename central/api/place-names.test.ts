import { expect, it } from 'vitest';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import { indexInventory } from '../inventory/inventory.ts';
import { placeNames, unitNames } from './place-names.ts';

const place = { longitude: 106.65, latitude: 10.98 };
const inventory = indexInventory({
  ...emptyInventoryFile(),
  units: [
    { code: '25747', name: 'Thủ Dầu Một', nameEn: 'Thu Dau Mot', kind: 'ward', areaKm2: 15.9, ...place },
  ],
  sites: [{ id: 'hub-01', unit: '25747', name: 'Nút 01 – Thủ Dầu Một', kind: 'hub', ...place }],
});

it('names the unit and the site beside their codes', () => {
  expect(placeNames({ inventory }, { unit: '25747', site: 'hub-01' })).toEqual({
    unitName: 'Thủ Dầu Một',
    siteName: 'Nút 01 – Thủ Dầu Một',
  });
  expect(unitNames({ inventory }, { unit: '25747' })).toEqual({ unitName: 'Thủ Dầu Một' });
});

it('names nothing that is not known, or not in the inventory any more', () => {
  expect(placeNames({ inventory }, {})).toEqual({});
  expect(placeNames({ inventory }, { unit: '25748', site: '__proto__' })).toEqual({});
});

import { expect, it } from 'vitest';
import { ownedInventory } from '../testing/owned-inventory.ts';
import { unknownNames } from './unknown-names.ts';

const INVENTORY = {
  ...ownedInventory({}, { permits: ['device:n-1'] }),
  agencies: new Map([['dost', { id: 'dost', name: 'Department of Science and Technology' }]]),
};

it('names each place, and the name that is meant most likely', () => {
  const routes = [
    { agencies: ['dost'], services: ['permits'] },
    { units: ['26734'], sites: ['hub-03'], agencies: ['dost', 'dots'], services: ['permit', 'water'] },
  ];
  expect(unknownNames(routes, INVENTORY)).toEqual([
    'routes.yaml: routes[1].units[0]: the inventory has no unit "26734"',
    'routes.yaml: routes[1].sites[0]: the inventory has no site "hub-03"',
    'routes.yaml: routes[1].agencies[1]: the inventory has no agency "dots", did you mean "dost"?',
    'routes.yaml: routes[1].services[0]: the inventory has no service "permit", did you mean "permits"?',
    'routes.yaml: routes[1].services[1]: the inventory has no service "water"',
  ]);
});

it('names twenty, and counts the others', () => {
  const found = unknownNames([{ sites: Array.from({ length: 1_000 }, (_, at) => `s-${at}`) }], INVENTORY);
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe('routes.yaml: 980 more names that the inventory does not have');
});

import { expect, it } from 'vitest';
import { parsePath, pathOfRoute, routeOfRef, type Route } from './route.ts';

const ROUTES: readonly (readonly [string, Route])[] = [
  ['/', { page: 'city' }],
  ['/incidents', { page: 'incidents' }],
  ['/wall', { page: 'wall' }],
  ['/incidents/i-5f0c21c275d2208d7f6e', { page: 'incident', id: 'i-5f0c21c275d2208d7f6e' }],
  ['/units/26737', { page: 'element', kind: 'unit', id: '26737' }],
  ['/inventory', { page: 'inventory' }],
  ['/inventory/interfaces/n-1%2Fge-0%2F0%2F1', { page: 'entry', kind: 'interfaces', id: 'n-1/ge-0/0/1' }],
  ['/rules/memory_low', { page: 'rule', id: 'memory_low' }],
  ['/devices/n%2F1', { page: 'element', kind: 'device', id: 'n/1' }],
  ['/devices/n-1/ports/Gi0%2F1', { page: 'port', device: 'n-1', name: 'Gi0/1' }],
];

it.each(ROUTES)('%s is an address that opens and is written again as it was', (path, route) => {
  expect(parsePath(path)).toEqual(route);
  expect(pathOfRoute(route)).toBe(path);
});

it.each([
  '/nothing',
  '/units/',
  '/units/1/2',
  '/units/1/ports/2',
  '/devices/n/ports',
  '/devices/n/ports/a/b',
  '/inventory/devices/',
  '/inventory/x-y/1',
  '/inventory/devices/1/2',
  '/units/%E0%A4%A',
  `/units/${'x'.repeat(300)}`,
  '/city',
  '',
])('an address that is none of the board: %s', (path) => {
  if (path === '') expect(parsePath(path)).toEqual({ page: 'city' });
  else expect(parsePath(path)).toEqual({ page: 'missing', path });
});

it('finds the page of what an incident names', () => {
  expect(routeOfRef('link:up-hub-02')).toEqual({ page: 'element', kind: 'link', id: 'up-hub-02' });
  expect(routeOfRef('agency:x')).toBeUndefined();
});

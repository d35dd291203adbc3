import { expect, it } from 'vitest';
import type { Inventory } from '../../inventory/inventory.ts';
import { Reach } from '../limits/reach.ts';
import type { CityEvent } from './event-log.ts';
import { isOwnEvent } from './own-event.ts';

const EMPTY = new Map<never, never>();
const INVENTORY = {
  sites: new Map([
    ['site-1', { unit: '26737' }],
    ['site-2', { unit: '26740' }],
  ]),
  devices: new Map([['node-1', { unit: '26737', site: 'site-1' }]]),
  agents: new Map([['gw-1', { unit: '26737', site: 'site-1' }]]),
  links: EMPTY,
  services: EMPTY,
} as unknown as Pick<Inventory, 'sites' | 'devices' | 'agents' | 'links' | 'services'>;
const REACH = new Reach({ units: ['26737'] }, INVENTORY);

it.each<[boolean, Omit<CityEvent, 'atMs'>]>([
  [true, { kind: 'state', unit: '26737', detail: { ref: 'site:site-1' } }],
  [true, { kind: 'state', detail: { ref: 'device:node-1' } }],
  [true, { kind: 'state', detail: { ref: 'unit:26737' } }],
  [false, { kind: 'state', unit: '26740', detail: { ref: 'site:site-2' } }],
  // Of the whole city, and a line that ends elsewhere.
  [false, { kind: 'state', detail: { ref: 'service:cctv' } }],
  [false, { kind: 'state', unit: '26737', detail: { ref: 'link:l-1' } }],
  [true, { kind: 'alert', unit: '26737', detail: { entity: { device: 'node-9' } } }],
  // Who measured it is not what it is about.
  [false, { kind: 'alert', unit: '26740', agent: 'gw-1', detail: { entity: { device: 'node-2' } } }],
  [true, { kind: 'agent', agent: 'gw-1', detail: {} }],
  [true, { kind: 'config', agent: 'gw-new', unit: '26737', detail: {} }],
  [false, { kind: 'rollout', detail: { id: 1 } }],
  [false, { kind: 'config', agent: 'gw-2', unit: '26740', detail: {} }],
])('%s: %j', (expected, event) => expect(isOwnEvent(event, REACH)).toBe(expected));

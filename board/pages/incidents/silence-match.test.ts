import { expect, it } from 'vitest';
import { matchOf, partsOf } from './silence-match.ts';

const AT_HUB = { rule: 'link_down', unit: '26737', site: 'hub-03' };

it('one line at a hub is silenced, and not all that end there', () => {
  expect(matchOf({ ...AT_HUB, entity: { link: 'l-1' } })).toEqual({ rule: ['link_down'], link: ['l-1'] });
});

it('else what the alert is about, else where that is', () => {
  expect(matchOf({ ...AT_HUB, entity: { device: 'n-1', port: 'ge-0' } })).toMatchObject({ device: ['n-1'] });
  expect(matchOf({ ...AT_HUB, entity: { host: 'srv-1', device: 'sda' } })).toMatchObject({
    device: ['srv-1'],
  });
  expect(matchOf({ ...AT_HUB, entity: { agent: 'gw-1' } })).toMatchObject({ agent: ['gw-1'] });
  expect(matchOf({ ...AT_HUB, entity: {} })).toMatchObject({ site: ['hub-03'] });
  expect(matchOf({ rule: 'x', unit: '26737', entity: {} })).toMatchObject({ unit: ['26737'] });
});

it('a rule of no place is not offered: it would be quiet in the whole city', () => {
  expect(matchOf({ rule: 'service_down', entity: { service: 'cctv' } })).toBeUndefined();
});

it('a match is told list by list', () => {
  expect(partsOf({ unit: ['26737'], rule: ['a', 'b'] })).toEqual([
    ['rule', ['a', 'b']],
    ['unit', ['26737']],
  ]);
  expect(partsOf({ everything: true })).toEqual([]);
});

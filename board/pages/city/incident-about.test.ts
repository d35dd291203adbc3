import { expect, it } from 'vitest';
import { incidentAbout } from './incident-about.ts';

it('names the root of an incident, and without one the place', () => {
  expect(incidentAbout({ root: 'site:hub-03', rootName: 'Hub 3', site: 'hub-03' })).toBe('Hub 3');
  expect(incidentAbout({ root: 'site:hub-03', site: 'hub-03' })).toBe('site:hub-03');
  expect(incidentAbout({ site: 'dc1', unit: '25747' })).toBe('dc1');
  expect(incidentAbout({ unit: '25747' })).toBe('25747');
  expect(incidentAbout({})).toBe('');
});

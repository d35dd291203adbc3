import { expect, it } from 'vitest';
import { nearestUnit, type Place } from './nearest-unit.ts';

const UNITS = [
  { code: 'north', latitude: 10.85, longitude: 106.7 },
  { code: 'south', latitude: 10.75, longitude: 106.7 },
];

it('is the unit whose centre is nearest, by distance and not by degrees', () => {
  expect(nearestUnit(UNITS, { latitude: 10.79, longitude: 106.7 })?.code).toBe('south');
  expect(nearestUnit(UNITS, { latitude: 10.81, longitude: 106.8 })?.code).toBe('north');
});

it('is none far from all of them, and in a city without units', () => {
  expect(nearestUnit(UNITS, { latitude: 11.1, longitude: 106.7 })).toBeUndefined();
  expect(nearestUnit<Place>([], { latitude: 10.8, longitude: 106.7 })).toBeUndefined();
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeOutline } from '../../board/map/outlines.ts';
import { UNITS } from '../../simulators/city/units.ts';
import { encodeOutlines } from './encode-outlines.js';

const { stepDegrees, units } = JSON.parse(
  readFileSync(new URL('../../board/map/outlines.json', import.meta.url), 'utf8'),
);
const OUTLINES = new Map(
  Object.entries(units).map(([code, text]) => [code, decodeOutline(text, stepDegrees)]),
);

/** How often a line to the right crosses borders: odd within. */
function isWithin(rings, { longitude: x, latitude: y }) {
  let inside = false;
  for (const ring of rings)
    ring.forEach((corner, at) => {
      const last = ring.at(at - 1);
      if (corner.latitude > y === last.latitude > y) return;
      const share = (y - corner.latitude) / (last.latitude - corner.latitude);
      if (x < corner.longitude + share * (last.longitude - corner.longitude)) inside = !inside;
    });
  return inside;
}

const unit = (code, ...rings) => ({
  properties: { code },
  geometry: { type: 'MultiPolygon', coordinates: rings.map((ring) => [ring]) },
});

it('comes back as it was, on the grid, without corners on a straight line', () => {
  const square = [
    [106.5, 10.2],
    [106.6, 10.2],
    [106.7, 10.2004],
    [106.7, 10.1],
    [106.5, 10.1],
    [106.5, 10.2],
  ];
  const island = [
    [107, 8],
    [107.1, 8],
    [107, 8.1],
    [107, 8],
  ];
  const { 1: text } = encodeOutlines({ features: [unit('1', square, island)] }, 0.1);
  const corners = decodeOutline(text, 0.1).map((ring) =>
    ring.map(({ longitude, latitude }) => [Number(longitude.toFixed(1)), Number(latitude.toFixed(1))]),
  );
  expect(corners).toEqual([
    [
      [106.5, 10.2],
      [106.7, 10.2],
      [106.7, 10.1],
      [106.5, 10.1],
    ],
    [
      [107, 8],
      [107.1, 8],
      [107, 8.1],
    ],
  ]);
});

it('refuses a unit of which nothing would be left', () => {
  const tiny = [
    [106.51, 10.21],
    [106.52, 10.21],
    [106.52, 10.22],
    [106.51, 10.21],
  ];
  expect(() => encodeOutlines({ features: [unit('26734', tiny)] }, 0.1)).toThrow(
    '26734 is smaller than a step',
  );
});

it('has each unit of the city where the unit is, and no other there', () => {
  expect(OUTLINES.size).toBe(UNITS.length);
  for (const { code, longitude, latitude } of UNITS) {
    const around = [...OUTLINES].filter(([, rings]) => isWithin(rings, { longitude, latitude }));
    expect(around.map(([name]) => name)).toEqual([code]);
  }
});

import { expect, it } from 'vitest';
import type { Answers } from '../../api/answers.ts';
import { wallPages } from './wall-pages.ts';

type City = Answers['/api/v1/city'];

function city(given: {
  readonly incidents?: number;
  readonly units?: readonly (readonly [string, City['units'][number]['state'], number])[];
  readonly services?: readonly City['services'][number]['state'][];
  readonly pools?: number;
}): City {
  const { incidents = 0, units = [], services = [], pools = 0 } = given;
  return {
    incidents: { items: Array.from({ length: incidents }, (_each, at) => ({ id: `i${at}` })), isMore: false },
    units: units.map(([code, state, sinceMs]) => ({ code, state, sinceMs })),
    services: services.map((state, at) => ({ id: `s${at}`, state, sinceMs: 0 })),
    pools: { soonest: Array.from({ length: pools }, (_each, at) => ({ id: `p${at}` })), unknown: 0 },
  } as unknown as City;
}

const shapeOf = (given: City) => wallPages(given).map(({ is, items }) => `${is} ${items.length}`);

it('has a page for everything that has something to tell, incidents first', () => {
  const all = city({
    incidents: 6,
    units: [
      ['a', 'alert', 1],
      ['b', 'up', 1],
    ],
    services: ['up'],
    pools: 3,
  });
  expect(shapeOf(all)).toEqual(['incidents 3', 'incidents 3', 'units 1', 'services 1', 'capacity 3']);
  expect(shapeOf(city({}))).toEqual([]);
});

it('shows what is worst and oldest first', () => {
  const [page] = wallPages(
    city({
      units: [
        ['late', 'down', 2],
        ['odd', 'unknown', 1],
        ['old', 'down', 1],
        ['well', 'up', 0],
      ],
    }),
  );
  expect(page?.items.map((item) => 'code' in item && item.code)).toEqual(['old', 'late', 'odd']);
});

it('comes back to its first page soon, however much is wrong', () => {
  const units = Array.from({ length: 168 }, (_each, at) => [`u${at}`, 'down', at] as const);
  expect(
    shapeOf(city({ incidents: 200, units, services: Array.from({ length: 40 }, () => 'down') })),
  ).toHaveLength(12);
});

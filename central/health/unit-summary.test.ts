import { expect, it } from 'vitest';
import { allWell, deviceUp, hubCity, StatesCity } from './states/testing/states-city.ts';
import { unitViews } from './unit-summary.ts';

const UNIT = '26737';

/** The ward's state with so many active alerts. */
function stateWith(city: StatesCity, alerts: number): string | undefined {
  const { inventory, registry, states } = city;
  const deps = { inventory, registry, states, alerts: { countByUnit: () => new Map([[UNIT, alerts]]) } };
  return unitViews(deps, city.clock.now()).find(({ code }) => code === UNIT)?.state;
}

it('what is lost comes before what nobody can say, that before an alert, and an alert before all is well', async () => {
  const city = new StatesCity(hubCity(2, 4));
  allWell(city);
  await city.wait(30);
  expect([stateWith(city, 0), stateWith(city, 3)]).toEqual(['up', 'alert']);
  city.routine.delete('gw-s-1-1');
  await city.wait(31);
  expect(stateWith(city, 3)).toBe('unknown');
  for (const agent of [...city.routine.keys()].filter((id) => id.includes('-1'))) city.routine.delete(agent);
  city.routine.delete('gw-hub-1');
  await city.wait(45);
  expect(stateWith(city, 3)).toBe('unreachable');
  city.send('gw-hub-1', deviceUp('n-hub-1', false));
  expect(stateWith(city, 3)).toBe('down');
});

it('a ward without devices goes by its agents', async () => {
  const file = hubCity(1, 0);
  const city = new StatesCity({ ...file, devices: [] });
  expect(stateWith(city, 0)).toBe('unknown');
  city.routine.set('gw-hub-1', []);
  await city.wait(10);
  expect(stateWith(city, 0)).toBe('up');
});

it('counts sites and devices by state', async () => {
  const city = new StatesCity(hubCity(1, 2));
  allWell(city);
  await city.wait(10);
  const { inventory, registry, states } = city;
  const deps = { inventory, registry, states, alerts: { countByUnit: () => new Map<string, number>() } };
  expect(unitViews(deps, city.clock.now()).find(({ code }) => code === UNIT)).toMatchObject({
    sites: 3,
    siteStates: { up: 3, down: 0, unreachable: 0, unknown: 0 },
    devices: { up: 5, down: 0, unreachable: 0, unknown: 0 },
    reason: '5 devices: 5 up; 3 of 3 sites up',
  });
});

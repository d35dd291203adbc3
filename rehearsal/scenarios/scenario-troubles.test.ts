import { expect, it } from 'vitest';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import { createCityMap } from '../truth/city-map.ts';
import { stagedHappenings } from './scenario-troubles.ts';

const MINUTE_MS = 60_000;
const city = buildCity({ seed: 7, unitCount: 2 });
const map = createCityMap(city.inventory);
const unitsOf = (fault: string, target: string, page: boolean): readonly string[] | undefined => {
  const happening = { fault, target, begin: 10 * MINUTE_MS, length: 10 * MINUTE_MS, symptoms: [] };
  const due = [{ rules: ['agent_silent'], within: MINUTE_MS, page }];
  const scenario = { fromMs: 0, happens: [{ ...happening, due }] } as unknown as Scenario;
  return stagedHappenings(scenario, city, map)[0]?.path.units;
};

it('an incident that somebody is paged of has to hold the unit of what failed, where that is in one', () => {
  expect(unitsOf('gateway_dead', 'gw-25747-03', true)).toEqual(['25747']);
  expect(unitsOf('gateway_dead', 'gw-25747-03', false)).toEqual([]);
  expect(unitsOf('rubbish_flood', 'gw-25747-03', true)).toEqual([]);
  expect(unitsOf('operator_brownout', 'viettel', true)).toEqual([]);
});

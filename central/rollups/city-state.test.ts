import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { SERVICE_STATES, type ServiceState } from '../health/services/judge-service.ts';
import { cityStateSample } from './city-state.ts';

const NONE = { up: 0, down: 0, unreachable: 0, unknown: 0 };

function ofServices(...states: ServiceState[]): Readonly<Record<string, unknown>> {
  const city = {
    devices: NONE,
    agents: { live: 0, silent: 0, stopped: 0, never_seen: 0 },
    extras: { alerts: undefined, inMaintenance: 0, completeness: undefined, radio: undefined },
    ...{ units: [], openIncidents: 0, pointsPerS: 0, rates: {} },
    services: states.map((state) => ({ state })),
  };
  return cityStateSample(city, 1_800_000_000_000).fields;
}

it('tells services that nobody can see from services that are not down', () => {
  expect(ofServices('unknown', 'unknown', 'degraded', 'up')).toMatchObject({
    ...{ services_down: 0, services_degraded: 1, services_unknown: 2 },
  });
});

it('has a field of the catalogue for each state of a service but up, and for no other', () => {
  const states = SERVICE_STATES.filter((state) => state !== 'up');
  const fields = ofServices(...states);
  const catalogue = CATALOGUE.get('city_state')?.fields ?? {};
  expect(states.map((state) => [fields[`services_${state}`], `services_${state}` in catalogue])).toEqual(
    states.map(() => [1, true]),
  );
  const named = Object.keys(catalogue).filter((name) => name.startsWith('services_'));
  expect(named.sort()).toEqual(states.map((state) => `services_${state}`).sort());
});

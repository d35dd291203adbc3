import type { Part } from '../../jobs/part.ts';
import { createCityStates, type CityStatesDeps, type StateEngine } from './create-city-states.ts';

export interface SharedStates {
  /** The state of everything that the inventory expects. */
  readonly states: StateEngine;
}

/** A change of state is told within this time. */
const STATES_MS = 500;

export function createStatesPart(deps: CityStatesDeps): Part<SharedStates> {
  const states = createCityStates(deps);
  return { shared: { states }, jobs: [{ name: 'states', everyMs: STATES_MS, run: () => states.tick() }] };
}

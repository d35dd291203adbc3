import type { CityCalendar } from '../../health/city-calendar.ts';
import { ElementPlaces } from '../../health/element-places.ts';
import { Differences } from '../../health/reconciliation/differences.ts';
import { MissingMeasurements } from '../../health/reconciliation/missing-measurements.ts';
import type { DeviceSightings } from '../../health/reconciliation/device-sightings.ts';
import type { Reconciliation } from '../../health/reconciliation/reconciliation.ts';
import type { ServiceStates } from '../../health/services/service-states.ts';
import type { CityStates } from '../../health/states/city-states.ts';
import { TroubledElements } from '../../health/troubled-elements.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { ElementStandings } from './element-standings.ts';

/** What rules read of the city as a whole, beside the samples. */
export interface CityEvidence {
  readonly inventory: Pick<Inventory, 'devices'>;
  readonly states: Pick<CityStates, 'momentOf'>;
  readonly elements: Pick<ElementStandings, 'inStates' | 'find' | 'placeOf'>;
  readonly differences: Pick<Differences, 'findingsAt'>;
  readonly measurements: Pick<MissingMeasurements, 'absencesAt' | 'isExpected'>;
}

export interface CityEvidenceDeps {
  readonly inventory: Inventory;
  readonly registry: Pick<AgentRegistry, 'phaseOf' | 'intervalOf'>;
  readonly states: CityStates;
  readonly services: ServiceStates;
  readonly sightings: DeviceSightings;
  readonly reconciliation: Reconciliation;
  readonly calendar: CityCalendar;
  /** Central hears almost nobody. */
  readonly isDeaf: () => boolean;
}

export function createCityEvidence(deps: CityEvidenceDeps): CityEvidence {
  const { inventory, registry, states, services, sightings, reconciliation, calendar, isDeaf } = deps;
  return {
    inventory,
    states,
    elements: new ElementStandings({
      ...{ inventory, states, services },
      troubled: new TroubledElements(states),
      places: new ElementPlaces(inventory),
    }),
    differences: new Differences({ reconciliation, isDeaf }),
    measurements: new MissingMeasurements({
      ...{ inventory, registry, sightings, calendar, isDeaf },
      listeningSinceMs: () => reconciliation.listeningSinceMs,
    }),
  };
}

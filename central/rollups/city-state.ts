import type { Sample } from '../../contract/sample.ts';
import type { ServiceState } from '../health/services/judge-service.ts';
import { UNIT_STATES, type UnitView } from '../health/unit-summary.ts';
import { placeFields, type Extras } from './unit-state.ts';

/** The whole city, as the API shows its parts. */
export interface CityNow {
  readonly devices: UnitView['devices'];
  readonly agents: UnitView['agents'];
  readonly extras: Extras;
  readonly units: readonly UnitView[];
  readonly openIncidents: number;
  readonly services: readonly { readonly state: ServiceState }[];
  readonly pointsPerS: number;
  /** In and out, bit/s, as far as they are known. */
  readonly rates: Readonly<Record<string, number>>;
}

/** Pure. */
export function cityStateSample(city: CityNow, minuteMs: number): Sample {
  const { devices, agents, extras, units, openIncidents, services, pointsPerS, rates } = city;
  const inState = (list: readonly { readonly state: string }[], wanted: string): number =>
    list.filter(({ state }) => state === wanted).length;
  return {
    measurement: 'city_state',
    tags: {},
    fields: {
      ...placeFields({ devices, agents }, extras),
      ...rates,
      units_cut_off: units.filter(isCutOff).length,
      ...Object.fromEntries(UNIT_STATES.map((state) => [`units_${state}`, inState(units, state)])),
      incidents_open: openIncidents,
      services_degraded: inState(services, 'degraded'),
      services_down: inState(services, 'down'),
      services_unknown: inState(services, 'unknown'),
      samples_per_s: Math.max(0, pointsPerS),
    },
    timeMs: minuteMs,
  };
}

/** Nothing there is reached, and that is known of some of it. */
function isCutOff({ sites, siteStates }: UnitView): boolean {
  return sites > 0 && siteStates.up === 0 && siteStates.unreachable + siteStates.down > 0;
}

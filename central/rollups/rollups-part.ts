import { openTimelineSteps } from '../alerts/history/timeline-steps.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import { InventoryPlaces } from '../alerts/suppression/inventory-places.ts';
import type { LiveInventory } from '../inventory/live-inventory.ts';
import type { Part } from '../jobs/part.ts';
import type { StateDatabase } from '../state/database.ts';
import { AlarmQualityRollup, type AlarmQualityRollupDeps } from './alarm-quality-rollup.ts';
import { AlertEvents, type AlertEventsDeps } from './alert-events/alert-events.ts';
import { openWrittenSteps } from './alert-events/written-steps.ts';
import { CoverageRollup, type CoverageRollupDeps } from './coverage-rollup.ts';
import { IncidentRollup, type IncidentRollupDeps } from './incident-rollup.ts';
import { MaintenanceRollup, type MaintenanceRollupDeps } from './maintenance-rollup.ts';
import { StateRollup, type StateRollupDeps } from './state-rollup.ts';

type Made = 'places' | 'radio' | 'steps' | 'written' | 'storing' | 'rules';

type Parts = CoverageRollupDeps &
  StateRollupDeps &
  AlertEventsDeps &
  IncidentRollupDeps &
  MaintenanceRollupDeps &
  AlarmQualityRollupDeps;

export interface RollupsPartDeps extends Omit<
  Parts,
  Made | 'alerts' | 'inventory' | 'incidents' | 'maintenance'
> {
  readonly alerts: AlarmQualityRollupDeps['alerts'] &
    StateRollupDeps['alerts'] & { readonly rules: RuleLookup };
  readonly inventory: LiveInventory;
  readonly incidents: IncidentRollupDeps['incidents'] &
    AlertEventsDeps['incidents'] &
    StateRollupDeps['incidents'];
  readonly maintenance: MaintenanceRollupDeps['maintenance'] & StateRollupDeps['maintenance'];
  readonly ingest: { stats(): ReturnType<AlertEventsDeps['storing']> };
  readonly database: StateDatabase;
}

/** As often as modems report. */
const LOOK_MS = 10_000;
const STEPS_MS = 5_000;
const MINUTE_MS = 60_000;

/** What central writes of what it has in memory and in `state.db`, so that nobody has to read raw series for it. */
export function createRollupsPart(deps: RollupsPartDeps): Part<object> {
  const { database, inventory, ingest } = deps;
  const { rules } = deps.alerts;
  const places = new InventoryPlaces(inventory);
  const coverage = new CoverageRollup(deps);
  const alarmQuality = new AlarmQualityRollup(deps);
  const states = new StateRollup({ ...deps, places, radio: () => coverage.lastMinute });
  const incidents = new IncidentRollup({ ...deps, rules });
  const maintenance = new MaintenanceRollup(deps);
  const alertEvents = new AlertEvents({
    ...{ ...deps, places, rules, storing: () => ingest.stats() },
    steps: openTimelineSteps(database),
    written: openWrittenSteps(database),
  });
  return {
    shared: {},
    jobs: [
      { name: 'coverage', everyMs: LOOK_MS, run: () => coverage.look() },
      { name: 'states of the minute', everyMs: LOOK_MS, run: (signal) => states.look(signal) },
      { name: 'steps of alerts', everyMs: STEPS_MS, run: (signal) => alertEvents.look(signal) },
      { name: 'incidents of the minute', everyMs: MINUTE_MS, run: () => incidents.write() },
      { name: 'maintenance of the minute', everyMs: MINUTE_MS, run: () => maintenance.write() },
      { name: 'alarm quality', everyMs: MINUTE_MS, run: () => alarmQuality.write() },
    ],
  };
}

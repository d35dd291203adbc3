import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { Part } from '../../jobs/part.ts';
import type { StateDatabase } from '../../state/database.ts';
import { DeviceSightings } from './device-sightings.ts';
import { Reconciliation, type ReconciliationDeps } from './reconciliation.ts';

export interface ReconciliationPartDeps extends Omit<ReconciliationDeps, 'sightings'> {
  readonly inventory: LiveInventory;
  readonly database: StateDatabase;
}

export interface ReconciliationPart extends Part<{ readonly reconciliation: Reconciliation }> {
  readonly sightings: DeviceSightings;
}

const MINUTE_MS = 60_000;

/** What was seen of the inventory's devices, and how the city differs from the inventory. */
export function createReconciliationPart(deps: ReconciliationPartDeps): ReconciliationPart {
  const { inventory, database, calendar, clock } = deps;
  const dayOf = (timeMs: number): string => calendar.dayOf(timeMs);
  const sightings = new DeviceSightings({ inventory, database, nowMs: clock.now(), dayOf });
  inventory.onChange(() => sightings.follow(clock.now()));
  const save = (): void => sightings.save();
  return {
    shared: { reconciliation: new Reconciliation({ ...deps, sightings }) },
    sightings,
    jobs: [{ name: 'sightings', everyMs: MINUTE_MS, run: save }],
    save: { name: 'sightings', run: save },
  };
}

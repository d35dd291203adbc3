import type { InventoryFile } from '../../contract/inventory.ts';
import type { FaultKind, RecurringKind, StagedKind } from '../city/faults.ts';
import { RECURRENCES, targetsOf } from '../city/recurring-faults.ts';
import { CENTRAL_EFFECTS } from './central-effects.ts';
import type { Effect } from './effect.ts';
import { NETWORK_EFFECTS } from './network-effects.ts';
import { SERVER_EFFECTS } from './server-effects.ts';
import { SERVICE_EFFECTS } from './service-effects.ts';
import { SITE_EFFECTS } from './site-effects.ts';

export const EFFECTS: Readonly<Record<StagedKind, Effect>> = {
  ...NETWORK_EFFECTS,
  ...SITE_EFFECTS,
  ...SERVER_EFFECTS,
  ...SERVICE_EFFECTS,
  ...CENTRAL_EFFECTS,
};

export const RECURRING_KINDS = Object.keys(RECURRENCES) as readonly RecurringKind[];
export const STAGED_KINDS = Object.keys(EFFECTS) as readonly StagedKind[];

export function isStaged(kind: FaultKind): kind is StagedKind {
  return kind in EFFECTS;
}

/** All that a fault of a kind may be at. Pure. */
export function faultTargets(kind: FaultKind, inventory: InventoryFile): readonly string[] {
  return isStaged(kind) ? EFFECTS[kind].targets(inventory) : targetsOf(kind, inventory);
}

import { FOLLOWED_KINDS } from '../../health/states/history/followed-states.ts';
import { findElements } from '../../health/states/history/history-query.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { stateEvent } from '../events/state-events.ts';
import type { Change, ChangesQuery } from './change-source.ts';

/** What became of elements and services, with their place as it is now. */
export function stateChanges(
  history: Pick<StateHistory, 'changes'>,
  inventory: Inventory,
  { unit, device, ...query }: ChangesQuery,
): Change[] {
  const refs = refsOf(inventory, unit, device);
  return history.changes({ ...query, refs }).map(({ number, ref, fromMs, sinceMs, state, roots, before }) => {
    const after = state === 'gone' ? undefined : { state, sinceMs: sinceMs ?? fromMs, roots };
    const event = stateEvent(inventory, {
      ref,
      before: before === 'gone' ? undefined : before,
      after,
      atMs: fromMs,
    });
    return { ...event, kind: 'state', number };
  });
}

/** Undefined: of everything. */
function refsOf(
  inventory: Inventory,
  unit: string | undefined,
  device: string | undefined,
): readonly string[] | undefined {
  if (device !== undefined)
    return findElements(inventory, { of: 'device', id: device, unit }).map(({ ref }) => ref);
  if (unit === undefined) return undefined;
  return FOLLOWED_KINDS.flatMap((of) => findElements(inventory, { of, unit })).map(({ ref }) => ref);
}

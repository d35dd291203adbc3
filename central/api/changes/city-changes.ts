import type { AuditLog } from '../../access/audit.ts';
import type { ConfigRevisions } from '../../agent-config/config-revisions.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { PhaseLog } from '../../liveness/phase-log.ts';
import type { Location } from '../../samples/location.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { agentEvent, alertEvent } from '../events/city-events.ts';
import { stateChanges } from './state-changes.ts';
import type { Change, ChangesQuery, ChangeSource } from './change-source.ts';

export interface CityChangesDeps {
  readonly alerts: Pick<AlertEngine, 'transitions'>;
  readonly phases: Pick<PhaseLog, 'read'>;
  readonly revisions: Pick<ConfigRevisions, 'read'>;
  readonly audit: Pick<AuditLog, 'read'>;
  readonly stateHistory: Pick<StateHistory, 'changes'>;
  readonly inventory: Inventory;
  readonly locationOf: (agent: string) => Location;
}

/** The sources of `/api/v1/changes`. */
export function cityChanges({
  alerts,
  phases,
  revisions,
  audit,
  stateHistory,
  inventory,
  locationOf,
}: CityChangesDeps): ChangeSource[] {
  return [
    {
      kind: 'alert',
      role: 'viewer',
      read: (query) =>
        alerts
          .transitions(query)
          .map(({ number, alert, event }) => ({ ...alertEvent(alert, event), kind: 'alert', number })),
    },
    {
      kind: 'agent',
      role: 'viewer',
      read: (query) =>
        query.device !== undefined
          ? []
          : phases.read(query).map((change) => ({
              ...agentEvent(change),
              kind: 'agent',
              number: change.number,
            })),
    },
    { kind: 'config', role: 'viewer', read: (query) => configChanges(revisions, locationOf, query) },
    {
      kind: 'state',
      role: 'viewer',
      read: (query) => stateChanges(stateHistory, inventory, query),
    },
    {
      kind: 'audit',
      role: 'admin',
      read: (query) =>
        query.device !== undefined || query.unit !== undefined
          ? []
          : audit.read(query).map(({ id, atMs, ...detail }) => ({ kind: 'audit', number: id, atMs, detail })),
    },
  ];
}

/** Where an agent is stands in the inventory: revisions are few, and those of other units are passed over here. */
function configChanges(
  revisions: Pick<ConfigRevisions, 'read'>,
  locationOf: (agent: string) => Location,
  { unit, device, limit, ...range }: ChangesQuery,
): Change[] {
  if (device !== undefined) return [];
  const found: Change[] = [];
  let { fromMs, afterNumber } = range;
  for (;;) {
    const read = revisions.read({ ...range, fromMs, afterNumber, limit });
    for (const { number, atMs, agent, revision, actor, restoredFrom, config } of read) {
      const place = locationOf(agent);
      if (unit !== undefined && place.unit !== unit) continue;
      const detail = { revision, actor, ownFile: config === null, ...(restoredFrom && { restoredFrom }) };
      found.push({ kind: 'config', number, atMs, agent, ...place, detail });
    }
    const last = read.at(-1);
    if (last === undefined || read.length < limit || found.length >= limit) return found.slice(0, limit);
    ({ atMs: fromMs, number: afterNumber } = last);
  }
}

import type { IncidentOfAlert } from '../../alerts/incidents/incident-view.ts';
import type { Telling } from './telling.ts';

/** undefined: it is in none. */
export type IncidentOf = (alertId: string) => IncidentOfAlert | undefined;

/**
 * Pure. Those of one incident belong together and to nothing else where more than one thing hangs on its root; beside them those of one
 * site or one rule, also by way of a third. In the order of their first.
 */
export function groupTellings(
  tellings: readonly Telling[],
  incidentOf: IncidentOf = () => undefined,
): readonly (readonly Telling[])[] {
  const groupOf = new Map<string, Telling[]>();
  for (const telling of tellings) {
    const keys = keysOf(telling, incidentOf);
    const found = [...new Set(keys.map((key) => groupOf.get(key)).filter((group) => group !== undefined))];
    const [first = [], ...others] = found;
    for (const other of others) {
      first.push(...other);
      for (const member of other) for (const key of keysOf(member, incidentOf)) groupOf.set(key, first);
    }
    first.push(telling);
    for (const key of keys) groupOf.set(key, first);
  }
  return [...new Set(groupOf.values())];
}

function keysOf({ facts: { id, rule, site } }: Telling, incidentOf: IncidentOf): readonly string[] {
  const incident = incidentOf(id);
  if (incident !== undefined && isOfSeveral(incident)) return [`incident ${incident.id}`];
  return [`rule ${rule}`, ...(site === undefined ? [] : [`site ${site}`])];
}

/** Nearly every alert has an incident of its own. */
function isOfSeveral({ root, openAlerts, suppressedAlerts, counts }: IncidentOfAlert): boolean {
  return root !== undefined && (openAlerts > 1 || suppressedAlerts > 0 || (counts?.sites ?? 0) > 1);
}

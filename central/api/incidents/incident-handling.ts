import type { AlertView } from '../../alerts/history/alert.ts';
import type { IncidentSummary } from '../../alerts/incidents/incident-view.ts';

export type IncidentHandling = NonNullable<IncidentSummary['handling']>;
/** What of an alert says who has it. */
export type Handled = Pick<AlertView, 'id' | 'assignee' | 'acknowledgement'>;

/** Who has which incident: of several people who have seen or taken its alerts, the first that is found. Pure. */
export function handlingOf(
  alerts: Iterable<Handled>,
  incidentOf: (alertId: string) => string | undefined,
): ReadonlyMap<string, IncidentHandling> {
  const found = new Map<string, IncidentHandling>();
  for (const { id, assignee, acknowledgement } of alerts) {
    const incident = incidentOf(id);
    if (incident === undefined || (assignee ?? acknowledgement) === undefined) continue;
    found.set(incident, {
      ...(assignee !== undefined && { assignee }),
      ...(acknowledgement !== undefined && { acknowledgedBy: acknowledgement.by }),
      ...found.get(incident),
    });
  }
  return found;
}

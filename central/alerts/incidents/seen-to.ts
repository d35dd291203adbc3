import type { AlertView } from '../history/alert.ts';
import { severityRank } from '../rules/severity.ts';
import type { IncidentView } from './incident-view.ts';

export interface SeenToDeps {
  readonly alerts: { get(id: string): Pick<AlertView, 'severity' | 'acknowledgement'> | undefined };
  readonly incidents: Pick<IncidentView, 'incidentOf'>;
}

/**
 * Somebody has acknowledged the alert, or the head of the incident that it hangs on: who sees to a cut sees to what was told before the cut
 * was known. Not what is graver than the head. Acknowledging what hangs on a head says nothing of the head.
 */
export function isSeenTo(alertId: string, { alerts, incidents }: SeenToDeps): boolean {
  const alert = alerts.get(alertId);
  if (alert === undefined) return false;
  if (alert.acknowledgement !== undefined) return true;
  const { root, headAlertId } = incidents.incidentOf(alertId) ?? {};
  const head = root === undefined || headAlertId === undefined ? undefined : alerts.get(headAlertId);
  if (head?.acknowledgement === undefined) return false;
  return severityRank(alert.severity) <= severityRank(head.severity);
}

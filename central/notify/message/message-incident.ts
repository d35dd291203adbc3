import type { IncidentCounts, IncidentOfAlert } from '../../alerts/incidents/incident-view.ts';

/** The incident that all alerts of a message belong to, as it was when the message was made. */
export interface MessageIncident {
  readonly id: string;
  /** Such as `site:hub-03`. */
  readonly root: string;
  /** In the inventory. */
  readonly rootName: string;
  readonly headAlertId?: string;
  /** Nobody is told of them because of the head. */
  readonly suppressedAlerts: number;
  /** What is cut off, the root included. */
  readonly counts: IncidentCounts;
}

/** Pure. undefined: there is no root, or nothing is known to hang on it. */
export function messageIncident(incident: IncidentOfAlert | undefined): MessageIncident | undefined {
  if (incident === undefined) return undefined;
  const { id, root, rootName, headAlertId, suppressedAlerts, counts } = incident;
  if (root === undefined || counts === undefined) return undefined;
  const head = headAlertId === undefined ? {} : { headAlertId };
  return { id, root, rootName: rootName ?? root, ...head, suppressedAlerts, counts };
}

/** Pure. At its end little is cut off any more: what was told before says how large it was. */
export function larger(
  now: MessageIncident | undefined,
  before: MessageIncident | undefined,
): MessageIncident | undefined {
  if (now === undefined || before === undefined) return now ?? before;
  return sizeOf(now) >= sizeOf(before) ? now : before;
}

function sizeOf({ counts, suppressedAlerts }: MessageIncident): number {
  return counts.sites + counts.devices + suppressedAlerts;
}

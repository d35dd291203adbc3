import type { AlertDetail } from '../history/alert.ts';
import { severityRank, type Severity } from '../rules/severity.ts';

/** A person closed the head though its root was down: that stands for all that is not graver, until the root is well again. */
export interface Closing {
  readonly by: string;
  /** Of the head. */
  readonly severity: Severity;
}

/** undefined: the alert is open, or ended by itself. Pure. */
export function closingOf(alert: AlertDetail | undefined): Closing | undefined {
  if (alert?.phase !== 'closed') return undefined;
  const { by = 'somebody' } = alert.timeline.findLast(({ kind }) => kind === 'closed') ?? {};
  return { by, severity: alert.severity };
}

/** Whether an alert is no news after that. Pure. */
export function isCovered(closing: Closing | undefined, severity: Severity): closing is Closing {
  return closing !== undefined && severityRank(severity) <= severityRank(closing.severity);
}

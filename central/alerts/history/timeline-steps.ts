import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import type { Severity } from '../rules/severity.ts';
import type { HandlingDetails } from './alert-handling.ts';
import { ENDED_PHASES, type AlertEvent, type AlertView, type TimelineKind } from './alert.ts';

type OfAlert = Pick<
  AlertView,
  | 'id'
  | 'rule'
  | 'entity'
  | 'agent'
  | 'unit'
  | 'site'
  | 'startedAtMs'
  | 'firedAtMs'
  | 'openedAtMs'
  | 'resolvedAtMs'
  | 'acknowledgement'
  | 'assignee'
>;

/** One line of a timeline with its alert, for whoever writes history of it elsewhere. Unix ms. */
export interface TimelineStep extends Pick<
  AlertEvent,
  'by' | 'severity' | 'value' | 'atMs' | 'recordedAtMs'
> {
  /** Grows strictly in the order of writing, across all alerts and restarts. */
  readonly sequence: number;
  readonly kind: TimelineKind;
  /** The alert is over after this step. */
  readonly isEnd: boolean;
  /** Nobody acknowledged the alert before. */
  readonly isFirstAcknowledgement: boolean;
  /** As of now, which may be after the step. */
  readonly alert: OfAlert & {
    readonly isShelved: boolean;
    /** It was over when central learned of it: nobody could handle it. */
    readonly isLearnedLate: boolean;
  };
}

/** The lines of all timelines, for whoever follows them with a cursor. */
export interface TimelineSteps {
  /** Those after `sequence`, oldest first. */
  after(sequence: number, limit: number): readonly TimelineStep[];
  /** The last one's; 0: there is none. */
  newestSequence(): number;
}

const ENDED: ReadonlySet<string> = new Set(ENDED_PHASES);

/** To be called once the alert repository was opened: its tables are read. */
export function openTimelineSteps(database: StateDatabase): TimelineSteps {
  const after = database.prepare(
    `SELECT e.number, e.kind, e.phase AS phase_then, e.severity AS severity_then, e.value AS value_then, e.at_ms, e.recorded_at_ms, e.details,
       e.kind = 'acknowledged' AND NOT EXISTS (SELECT 1 FROM alert_event AS before
         WHERE before.alert_id = e.alert_id AND before.kind = 'acknowledged' AND before.number < e.number) AS is_first_ack,
       a.id, a.rule, a.entity, a.agent, a.unit, a.site, a.started_at_ms, a.fired_at_ms, a.opened_at_ms, a.resolved_at_ms,
       a.acknowledgement, a.assignee, a.shelf IS NOT NULL AS is_shelved, a.learned_late_at_ms IS NOT NULL AS is_learned_late
     FROM alert_event e JOIN alert a ON a.id = e.alert_id WHERE e.number > ? ORDER BY e.number LIMIT ?`,
  );
  const newest = database.prepare('SELECT COALESCE(MAX(number), 0) AS newest FROM alert_event');
  return {
    after: (sequence, limit) => after.all(sequence, limit).map(toStep),
    newestSequence: () => Number(newest.get()?.['newest']),
  };
}

// The rows are our own: what the repository wrote is what comes back.
function toStep(row: SqlRow): TimelineStep {
  const { details } = row;
  const by = typeof details === 'string' ? (JSON.parse(details) as HandlingDetails).by : undefined;
  return {
    sequence: Number(row['number']),
    kind: String(row['kind']) as TimelineKind,
    isEnd: ENDED.has(String(row['phase_then'])),
    isFirstAcknowledgement: row['is_first_ack'] === 1,
    severity: String(row['severity_then']) as Severity,
    value: JSON.parse(String(row['value_then'])) as AlertValue,
    atMs: Number(row['at_ms']),
    recordedAtMs: Number(row['recorded_at_ms']),
    ...(by !== undefined && { by }),
    alert: alertIn(row),
  };
}

function alertIn(row: SqlRow): TimelineStep['alert'] {
  const { unit, site, assignee, acknowledgement, resolved_at_ms: resolvedAtMs } = row;
  return {
    id: String(row['id']),
    rule: String(row['rule']),
    entity: JSON.parse(String(row['entity'])) as Record<string, string>,
    agent: String(row['agent']),
    ...(typeof unit === 'string' && { unit }),
    ...(typeof site === 'string' && { site }),
    startedAtMs: Number(row['started_at_ms']),
    firedAtMs: Number(row['fired_at_ms']),
    openedAtMs: Number(row['opened_at_ms']),
    ...(resolvedAtMs !== null && { resolvedAtMs: Number(resolvedAtMs) }),
    ...(typeof acknowledgement === 'string' && {
      acknowledgement: JSON.parse(acknowledgement) as NonNullable<AlertView['acknowledgement']>,
    }),
    ...(typeof assignee === 'string' && { assignee }),
    isShelved: row['is_shelved'] === 1,
    isLearnedLate: row['is_learned_late'] === 1,
  };
}

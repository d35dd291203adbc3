import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import type { Severity } from '../rules/severity.ts';
import { IS_ACTIVE } from './alert-page.ts';
import { ENDED_PHASES, type TimelineKind } from './alert.ts';

/** One step of one alert, with what the alert is about. */
export interface AlertTransition {
  /** Grows strictly in the order of writing, across all alerts and restarts. */
  readonly sequence: number;
  readonly kind: TimelineKind;
  /** After the step. */
  readonly severity: Severity;
  /** Before the step; undefined: it is the first. */
  readonly severityBefore?: Severity;
  readonly value: AlertValue;
  /** Sample time and central's own, Unix ms. */
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly alert: TransitionAlert;
}

export interface TransitionAlert {
  readonly id: string;
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  /** As of now: agent, unit and site move along with what it is about. */
  readonly agent: string;
  readonly unit?: string;
  readonly site?: string;
  readonly startedAtMs: number;
  /** It was over when central learned of it: nobody is to be told. */
  readonly isLearnedLate?: true;
  /** As of now, which may be after the step. */
  readonly isOpen: boolean;
}

/** The steps of all alerts, for whoever follows them with a cursor. */
export interface AlertTransitions {
  /** Those after `sequence`, oldest first. */
  after(sequence: number, limit: number): readonly AlertTransition[];
  /** The step that each alert that is open stands at, in the order of their beginnings. */
  ofOpenAlerts(): readonly AlertTransition[];
  /** The last one's; 0: there is none. */
  newestSequence(): number;
}

const ENDED: ReadonlySet<string> = new Set(ENDED_PHASES);
const COLUMNS = `e.number, e.kind, e.severity AS severity_then, e.value AS value_then, e.at_ms, e.recorded_at_ms,
  (SELECT severity FROM alert_event WHERE alert_id = e.alert_id AND number < e.number
   ORDER BY number DESC LIMIT 1) AS severity_before, a.id, a.rule, a.entity, a.agent, a.unit, a.site, a.started_at_ms, a.phase, a.learned_late_at_ms`;

/** To be called once the alert repository was opened: its tables are read. */
export function openAlertTransitions(database: StateDatabase): AlertTransitions {
  // Followed each second, by several.
  const after = database.prepareKept(
    `SELECT ${COLUMNS} FROM alert_event e JOIN alert a ON a.id = e.alert_id
     WHERE e.number > ? ORDER BY e.number LIMIT ?`,
  );
  const open = database.prepare(
    `SELECT ${COLUMNS} FROM alert a
     JOIN alert_event e ON e.number = (SELECT MAX(number) FROM alert_event WHERE alert_id = a.id)
     WHERE a.${IS_ACTIVE} ORDER BY a.number`,
  );
  const newest = database.prepare('SELECT COALESCE(MAX(number), 0) AS newest FROM alert_event');
  return {
    after: (sequence, limit) => after.all(sequence, limit).map(toTransition),
    ofOpenAlerts: () => open.all().map(toTransition),
    newestSequence: () => Number(newest.get()?.['newest']),
  };
}

// The rows are our own: what the repository wrote is what comes back.
function toTransition(row: SqlRow): AlertTransition {
  const { unit, site, severity_before: severityBefore } = row;
  return {
    sequence: Number(row['number']),
    kind: String(row['kind']) as TimelineKind,
    severity: String(row['severity_then']) as Severity,
    ...(typeof severityBefore === 'string' && { severityBefore: severityBefore as Severity }),
    value: JSON.parse(String(row['value_then'])) as AlertValue,
    atMs: Number(row['at_ms']),
    recordedAtMs: Number(row['recorded_at_ms']),
    alert: {
      id: String(row['id']),
      rule: String(row['rule']),
      entity: JSON.parse(String(row['entity'])) as Record<string, string>,
      agent: String(row['agent']),
      ...(typeof unit === 'string' && { unit }),
      ...(typeof site === 'string' && { site }),
      startedAtMs: Number(row['started_at_ms']),
      ...(row['learned_late_at_ms'] !== null && { isLearnedLate: true }),
      isOpen: !ENDED.has(String(row['phase'])),
    },
  };
}

import type { SqlRow, SqlValue, StateDatabase } from '../../state/database.ts';
import type { Severity } from '../rules/severity.ts';
import { IS_NO_CANARY } from './canary-alarm.ts';

/** How long something took with several alerts. Percentiles are one of the durations, by nearest rank; undefined: there were none. */
export interface Durations {
  readonly alerts: number;
  readonly medianMs: number | undefined;
  readonly p90Ms: number | undefined;
}

export const NO_DURATIONS: Durations = { alerts: 0, medianMs: undefined, p90Ms: undefined };

/** By severity, and of all alerts together. */
export interface DurationsBySeverity {
  readonly all: Durations;
  readonly bySeverity: ReadonlyMap<Severity, Durations>;
}

export interface DurationsQuery {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** null: of all units. */
  readonly unit: string | null;
}

export interface AlertDurations {
  /** From being recorded to the first acknowledgement, of those whose first one was in the range. */
  untilAcknowledged(query: DurationsQuery): DurationsBySeverity;
  /** From firing to the end, of those that resolved in the range. */
  untilRecovered(query: DurationsQuery): DurationsBySeverity;
}

/** What was over when central learned of it could not be handled by anybody. */
const IS_COUNTED = `${IS_NO_CANARY} AND learned_late_at_ms IS NULL AND (? IS NULL OR unit = ?)`;

/** A person who acknowledges again, or changes the text, does not make the first answer later. */
const ACKNOWLEDGED = `SELECT alert.severity AS severity, line.recorded_at_ms - alert.opened_at_ms AS ms
  FROM alert_event AS line JOIN alert ON alert.id = line.alert_id
  WHERE line.kind = 'acknowledged' AND line.recorded_at_ms >= ? AND line.recorded_at_ms < ? AND ${IS_COUNTED}
    AND NOT EXISTS (SELECT 1 FROM alert_event AS before
      WHERE before.alert_id = line.alert_id AND before.kind = 'acknowledged' AND before.number < line.number)`;

const RECOVERED = `SELECT severity, resolved_at_ms - fired_at_ms AS ms FROM alert
  WHERE phase = 'resolved' AND resolved_at_ms >= ? AND resolved_at_ms < ? AND ${IS_COUNTED}`;

/** Nearest rank: the least duration that so many percent do not exceed. */
const percentile = (percent: number): string =>
  `MIN(CASE WHEN place * 100 >= count * ${percent} THEN ms END)`;

/** The database sorts, so that a year of alerts does not become a list here. */
const summary = (spans: string): string =>
  `WITH span AS (${spans}), both AS (SELECT severity, ms FROM span UNION ALL SELECT '', ms FROM span),
     ranked AS (SELECT severity, ms, ROW_NUMBER() OVER (PARTITION BY severity ORDER BY ms) AS place,
       COUNT(*) OVER (PARTITION BY severity) AS count FROM both)
   SELECT severity, MAX(count) AS alerts, ${percentile(50)} AS median, ${percentile(90)} AS p90 FROM ranked GROUP BY severity`;

/** To be called once the alert repository was opened: its tables are read. */
export function openAlertDurations(database: StateDatabase): AlertDurations {
  const acknowledged = database.prepare(summary(ACKNOWLEDGED));
  const recovered = database.prepare(summary(RECOVERED));
  const values = ({ fromMs, toMs, unit }: DurationsQuery): SqlValue[] => [fromMs, toMs, unit, unit];
  return {
    untilAcknowledged: (query) => bySeverity(acknowledged.all(...values(query))),
    untilRecovered: (query) => bySeverity(recovered.all(...values(query))),
  };
}

function bySeverity(rows: readonly SqlRow[]): DurationsBySeverity {
  const found = new Map(
    rows.map((row) => [
      String(row['severity']),
      { alerts: Number(row['alerts']), medianMs: Number(row['median']), p90Ms: Number(row['p90']) },
    ]),
  );
  const all = found.get('') ?? NO_DURATIONS;
  found.delete('');
  return { all, bySeverity: found as ReadonlyMap<string, Durations> as ReadonlyMap<Severity, Durations> };
}

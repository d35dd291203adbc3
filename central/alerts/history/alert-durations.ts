import type { SqlRow, SqlValue, StateDatabase } from '../../state/database.ts';
import type { Severity } from '../rules/severity.ts';
import { IS_NO_CANARY } from './canary-alarm.ts';

/** How long something took with several alerts, in whole seconds. Percentiles are one of the durations, by nearest rank; undefined: there were none. */
export interface Durations {
  readonly alerts: number;
  readonly medianMs: number | undefined;
  readonly p90Ms: number | undefined;
}

export const NO_DURATIONS: Durations = { alerts: 0, medianMs: undefined, p90Ms: undefined };

/** By severity, and of all alerts together. */
export interface DurationsBySeverity {
  readonly all: Durations;
  /** Of all, in whole ms; undefined: there were none. */
  readonly meanMs: number | undefined;
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

/** `+phase`: not by the index of phases, most of all alerts are resolved. */
const RECOVERED = `SELECT severity, resolved_at_ms - fired_at_ms AS ms FROM alert
  WHERE +phase = 'resolved' AND resolved_at_ms >= ? AND resolved_at_ms < ? AND ${IS_COUNTED}`;

/** Counted by the database: a year of alerts does not become a list here. */
const histogram = (spans: string): string =>
  `SELECT severity, CAST(ms / 1000 AS INTEGER) AS seconds, COUNT(*) AS alerts, SUM(ms) AS sum FROM (${spans}) GROUP BY severity, seconds ORDER BY seconds`;

/** To be called once the alert repository was opened: its tables are read. */
export function openAlertDurations(database: StateDatabase): AlertDurations {
  const acknowledged = database.prepare(histogram(ACKNOWLEDGED));
  const recovered = database.prepare(histogram(RECOVERED));
  const values = ({ fromMs, toMs, unit }: DurationsQuery): SqlValue[] => [fromMs, toMs, unit, unit];
  return {
    untilAcknowledged: (query) => bySeverity(acknowledged.all(...values(query))),
    untilRecovered: (query) => bySeverity(recovered.all(...values(query))),
  };
}

interface Step {
  readonly ms: number;
  readonly alerts: number;
}

function bySeverity(rows: readonly SqlRow[]): DurationsBySeverity {
  const all: Step[] = [];
  const steps = new Map<Severity, Step[]>();
  let sumMs = 0;
  for (const row of rows) {
    const step = { ms: 1_000 * Number(row['seconds']), alerts: Number(row['alerts']) };
    const severity = String(row['severity']) as Severity;
    all.push(step);
    sumMs += Number(row['sum']);
    const known = steps.get(severity);
    if (known === undefined) steps.set(severity, [step]);
    else known.push(step);
  }
  const ofAll = durationsOf(all);
  return {
    all: ofAll,
    meanMs: ofAll.alerts === 0 ? undefined : Math.round(sumMs / ofAll.alerts),
    bySeverity: new Map([...steps].map(([severity, each]) => [severity, durationsOf(each)])),
  };
}

/** `steps`: the shortest first. */
function durationsOf(steps: readonly Step[]): Durations {
  const alerts = steps.reduce((sum, step) => sum + step.alerts, 0);
  /** The least duration that so many percent do not exceed. */
  const percentile = (percent: number): number | undefined => {
    let place = 0;
    return steps.find((step) => (place += step.alerts) * 100 >= alerts * percent)?.ms;
  };
  return { alerts, medianMs: percentile(50), p90Ms: percentile(90) };
}

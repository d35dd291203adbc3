import type { SqlRow, SqlValue, StateDatabase } from '../../state/database.ts';
import type { HandlingDetails } from './alert-handling.ts';
import type { AlertEvent } from './alert.ts';
import { ALERT_MIGRATIONS, columnValues, toRecord, UPSERT, UPSERT_PENDING } from './alert-columns.ts';
import { IS_ACTIVE, pageStatement, type AlertPageQuery } from './alert-page.ts';
import { CANARY_RULE, IS_NO_CANARY } from './canary-alarm.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import type { AlertRecord, AlertWrite, PendingKey, PendingRecord } from './alert-record.ts';
import type { Severity } from '../rules/severity.ts';

const MAX_TIMELINE = 1_000;
const MAX_OF_ENTITY = 32;

export interface AlertChanges {
  readonly alerts: readonly AlertWrite[];
  readonly pending: readonly PendingRecord[];
  /** Pending no more: fired or over. */
  readonly endedPending: readonly PendingKey[];
}

export interface TransitionsQuery {
  /** When they were recorded, inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher number. */
  readonly afterNumber: number;
  readonly unit?: string | undefined;
  readonly device?: string | undefined;
  readonly limit: number;
}

/** `record`: the alert as it is now. */
export interface RecordedTransition {
  readonly number: number;
  readonly event: AlertEvent;
  readonly record: AlertRecord;
}

export interface AlertRepository {
  /** One durable transaction, with what `alongside` writes; throws, with nothing changed, when the disk refuses. */
  write(changes: AlertChanges, alongside?: () => void): void;
  has(id: string): boolean;
  get(id: string): AlertRecord | undefined;
  /** Oldest first, the newest 1,000. */
  timeline(id: string): readonly AlertEvent[];
  /** Of one entity the newest 32, oldest first. */
  ofEntity(rule: string, entityKey: string): readonly AlertRecord[];
  /** One more than `limit` when there are more. */
  page(query: AlertPageQuery): readonly AlertRecord[];
  /** Lines of all timelines in the order in which they were recorded. */
  transitions(query: TransitionsQuery): readonly RecordedTransition[];
  open(): readonly AlertRecord[];
  /** Closed by hand while their breach goes on. */
  closedInBreach(): readonly AlertRecord[];
  /** Lines of the timeline that people wrote. */
  handlingCount(id: string): number;
  resolvedSince(updatedAtMs: number): readonly AlertRecord[];
  pending(): readonly PendingRecord[];
  /** Those that are over and began before. */
  deleteCanaries(beforeMs: number): void;
}

export function openAlertRepository(database: StateDatabase): AlertRepository {
  database.migrate('alert', ALERT_MIGRATIONS);
  const upsert = database.prepare(UPSERT);
  const insertEvent = database.prepare(
    `INSERT INTO alert_event (alert_id, kind, phase, severity, value, at_ms, recorded_at_ms, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const upsertPending = database.prepare(UPSERT_PENDING);
  const deletePending = database.prepare('DELETE FROM alert_pending WHERE rule = ? AND entity_key = ?');
  const byId = database.prepare('SELECT * FROM alert WHERE id = ?');
  const exists = database.prepare('SELECT 1 AS found FROM alert WHERE id = ?');
  const events = database.prepare(
    'SELECT * FROM (SELECT * FROM alert_event WHERE alert_id = ? ORDER BY number DESC LIMIT ?) ORDER BY number',
  );
  const handlingLines = database.prepare(
    'SELECT COUNT(*) AS count FROM alert_event WHERE alert_id = ? AND details IS NOT NULL',
  );
  const ofEntity = database.prepare(
    `SELECT * FROM (SELECT * FROM alert WHERE rule = ? AND entity_key = ? ORDER BY started_at_ms DESC LIMIT ${MAX_OF_ENTITY})
     ORDER BY started_at_ms`,
  );
  const inRange = database.prepare(
    `SELECT line.number AS number, line.alert_id AS alert_id, line.kind AS kind, line.phase AS phase, line.severity AS severity,
       line.value AS value, line.at_ms AS at_ms, line.recorded_at_ms AS recorded_at_ms,
       line.details AS details
     FROM alert_event AS line JOIN alert ON alert.id = line.alert_id
     WHERE alert.${IS_NO_CANARY} AND line.recorded_at_ms >= ? AND line.recorded_at_ms < ? AND (line.recorded_at_ms > ? OR line.number > ?)
       AND (? IS NULL OR alert.unit = ?) AND (? IS NULL OR json_extract(alert.entity, '$.device') = ?)
     ORDER BY line.recorded_at_ms, line.number LIMIT ?`,
  );
  const oldCanaries = database.prepare(
    `SELECT id FROM alert WHERE rule = '${CANARY_RULE}' AND started_at_ms < ? AND NOT ${IS_ACTIVE} LIMIT 1000`,
  );
  const deleteEvents = database.prepare('DELETE FROM alert_event WHERE alert_id = ?');
  const deleteAlert = database.prepare('DELETE FROM alert WHERE id = ?');
  return {
    transitions: ({ fromMs, toMs, afterNumber, unit = null, device = null, limit }) =>
      inRange.all(fromMs, toMs, fromMs, afterNumber, unit, unit, device, device, limit).flatMap((row) => {
        const alert = byId.get(String(row['alert_id']));
        return alert === undefined
          ? []
          : [{ number: Number(row['number']), event: toEvent(row), record: toRecord(alert) }];
      }),
    write: (changes, alongside) =>
      database.transaction(() => {
        for (const { record, events } of changes.alerts) {
          upsert.run(...columnValues(record));
          for (const event of events) insertEvent.run(record.id, ...eventValues(event));
        }
        for (const key of changes.endedPending) deletePending.run(key.rule, key.entityKey);
        for (const record of changes.pending) {
          upsertPending.run(record.rule, record.entityKey, JSON.stringify(record));
        }
        alongside?.();
      }),
    has: (id) => exists.get(id) !== undefined,
    get: (id) => {
      const row = byId.get(id);
      return row && toRecord(row);
    },
    ofEntity: (rule, entityKey) => ofEntity.all(rule, entityKey).map(toRecord),
    timeline: (id) => events.all(id, MAX_TIMELINE).map(toEvent),
    page: (query) => {
      const { sql, values } = pageStatement(query);
      return database
        .prepare(sql)
        .all(...values)
        .map(toRecord);
    },
    open: () => database.prepare(`SELECT * FROM alert WHERE ${IS_ACTIVE}`).all().map(toRecord),
    closedInBreach: () =>
      database
        .prepare(`SELECT * FROM alert WHERE phase = 'closed' AND state IS NOT NULL`)
        .all()
        .map(toRecord),
    handlingCount: (id) => Number(handlingLines.get(id)?.['count'] ?? 0),
    resolvedSince: (updatedAtMs) =>
      database
        .prepare(
          `SELECT * FROM alert WHERE phase IN ('resolved', 'closed') AND state IS NULL AND learned_late_at_ms IS NULL
           AND updated_at_ms >= ? ORDER BY number`,
        )
        .all(updatedAtMs)
        .map(toRecord),
    pending: () =>
      database
        .prepare('SELECT record FROM alert_pending')
        .all()
        .map((row) => JSON.parse(String(row['record'])) as PendingRecord),
    deleteCanaries: (beforeMs) =>
      database.transaction(() => {
        for (const { id } of oldCanaries.all(beforeMs)) {
          deleteEvents.run(String(id));
          deleteAlert.run(String(id));
        }
      }),
  };
}

function eventValues(event: AlertEvent): SqlValue[] {
  const { kind, phase, severity, value, atMs, recordedAtMs, ...details } = event;
  const saved = Object.keys(details).length > 0 ? JSON.stringify(details) : null;
  return [kind, phase, severity, JSON.stringify(value), atMs, recordedAtMs, saved];
}

function toEvent(row: SqlRow): AlertEvent {
  return {
    kind: String(row['kind']) as AlertEvent['kind'],
    phase: String(row['phase']) as AlertEvent['phase'],
    severity: String(row['severity']) as Severity,
    value: JSON.parse(String(row['value'])) as AlertValue,
    atMs: Number(row['at_ms']),
    recordedAtMs: Number(row['recorded_at_ms']),
    ...(typeof row['details'] === 'string' && (JSON.parse(row['details']) as HandlingDetails)),
  };
}

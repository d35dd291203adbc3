import type { SqlRow, SqlValue, StateDatabase } from '../../state/database.ts';
import type { AlertRecord, AlertWrite, PendingKey, PendingRecord, SavedState } from './alert-record.ts';
import { ALERT_MIGRATIONS } from './alert-schema.ts';
import type { AlertEvent, AlertQuery, AlertValue } from './alert.ts';
import type { Severity } from '../rules/severity.ts';

const MAX_TIMELINE = 1_000;

const UPSERT = `INSERT INTO alert (id, rule, entity_key, entity, agent, unit, site, severity, phase, started_at_ms,
    fired_at_ms, resolved_at_ms, value, last_value, opened_at_ms, updated_at_ms, last_sample_ms, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, phase = excluded.phase,
    resolved_at_ms = excluded.resolved_at_ms, last_value = excluded.last_value,
    updated_at_ms = excluded.updated_at_ms, last_sample_ms = excluded.last_sample_ms, state = excluded.state`;

const UPSERT_PENDING = `INSERT INTO alert_pending (rule, entity_key, record) VALUES (?, ?, ?)
  ON CONFLICT (rule, entity_key) DO UPDATE SET record = excluded.record`;

export interface AlertChanges {
  readonly alerts: readonly AlertWrite[];
  readonly pending: readonly PendingRecord[];
  /** Pending no more: fired or over. */
  readonly endedPending: readonly PendingKey[];
}

export interface AlertRepository {
  /** One durable transaction; throws, with nothing changed, when the disk refuses. */
  write(changes: AlertChanges): void;
  has(id: string): boolean;
  get(id: string): AlertRecord | undefined;
  /** Oldest first, the newest 1,000. */
  timeline(id: string): readonly AlertEvent[];
  /** Newest first, one more than `limit` when there are more. */
  page(query: AlertQuery): readonly AlertRecord[];
  open(): readonly AlertRecord[];
  resolvedSince(updatedAtMs: number): readonly AlertRecord[];
  pending(): readonly PendingRecord[];
}

export function openAlertRepository(database: StateDatabase): AlertRepository {
  database.migrate('alert', ALERT_MIGRATIONS);
  const upsert = database.prepare(UPSERT);
  const insertEvent = database.prepare(
    `INSERT INTO alert_event (alert_id, kind, phase, severity, value, at_ms, recorded_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const upsertPending = database.prepare(UPSERT_PENDING);
  const deletePending = database.prepare('DELETE FROM alert_pending WHERE rule = ? AND entity_key = ?');
  const byId = database.prepare('SELECT * FROM alert WHERE id = ?');
  const exists = database.prepare('SELECT 1 AS found FROM alert WHERE id = ?');
  const events = database.prepare(
    'SELECT * FROM (SELECT * FROM alert_event WHERE alert_id = ? ORDER BY number DESC LIMIT ?) ORDER BY number',
  );
  return {
    write: (changes) =>
      database.transaction(() => {
        for (const { record, events } of changes.alerts) {
          upsert.run(...columnsOf(record));
          for (const event of events) insertEvent.run(record.id, ...eventColumns(event));
        }
        for (const key of changes.endedPending) deletePending.run(key.rule, key.entityKey);
        for (const record of changes.pending) {
          upsertPending.run(record.rule, record.entityKey, JSON.stringify(record));
        }
      }),
    has: (id) => exists.get(id) !== undefined,
    get: (id) => {
      const row = byId.get(id);
      return row && toRecord(row);
    },
    timeline: (id) => events.all(id, MAX_TIMELINE).map(toEvent),
    page: (query) => {
      const { where, values } = conditionsOf(query);
      const sql = `SELECT * FROM alert WHERE ${where} ORDER BY number DESC LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, query.limit + 1)
        .map(toRecord);
    },
    open: () =>
      database.prepare(`SELECT * FROM alert WHERE phase IN ('firing', 'recovering')`).all().map(toRecord),
    resolvedSince: (updatedAtMs) =>
      database
        .prepare(`SELECT * FROM alert WHERE phase = 'resolved' AND updated_at_ms >= ? ORDER BY number`)
        .all(updatedAtMs)
        .map(toRecord),
    pending: () =>
      database
        .prepare('SELECT record FROM alert_pending')
        .all()
        .map((row) => JSON.parse(String(row['record'])) as PendingRecord),
  };
}

function conditionsOf(query: AlertQuery): { where: string; values: SqlValue[] } {
  const parts = ['1'];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    parts.push(condition);
    values.push(...bound);
  };
  if (query.state === 'active') add(`phase IN ('firing', 'recovering')`);
  else if (query.state !== undefined) add('phase = ?', query.state);
  if (query.severity !== undefined) add('severity = ?', query.severity);
  if (query.unit !== undefined) add('unit = ?', query.unit);
  if (query.cursor !== undefined) add('number < (SELECT number FROM alert WHERE id = ?)', query.cursor);
  return { where: parts.join(' AND '), values };
}

function columnsOf(record: AlertRecord): SqlValue[] {
  return [
    record.id,
    record.rule,
    record.entityKey,
    JSON.stringify(record.entity),
    record.agent,
    record.place.unit ?? null,
    record.place.site ?? null,
    record.severity,
    record.phase,
    record.startedAtMs,
    record.firedAtMs,
    record.resolvedAtMs ?? null,
    JSON.stringify(record.value),
    JSON.stringify(record.lastValue),
    record.openedAtMs,
    record.updatedAtMs,
    record.lastSampleMs,
    record.state === undefined ? null : JSON.stringify(record.state),
  ];
}

function eventColumns(event: AlertEvent): SqlValue[] {
  const { kind, phase, severity, value, atMs, recordedAtMs } = event;
  return [kind, phase, severity, JSON.stringify(value), atMs, recordedAtMs];
}

// The rows are our own: what was written above is what comes back.
function toRecord(row: SqlRow): AlertRecord {
  const text = (column: string): string => String(row[column]);
  const optional = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : undefined;
  };
  const unit = optional('unit');
  const site = optional('site');
  const state = optional('state');
  return {
    id: text('id'),
    rule: text('rule'),
    entityKey: text('entity_key'),
    entity: JSON.parse(text('entity')) as Record<string, string>,
    agent: text('agent'),
    place: { ...(unit !== undefined && { unit }), ...(site !== undefined && { site }) },
    severity: text('severity') as Severity,
    phase: text('phase') as AlertRecord['phase'],
    startedAtMs: Number(row['started_at_ms']),
    firedAtMs: Number(row['fired_at_ms']),
    resolvedAtMs: row['resolved_at_ms'] === null ? undefined : Number(row['resolved_at_ms']),
    value: JSON.parse(text('value')) as AlertValue,
    lastValue: JSON.parse(text('last_value')) as AlertValue,
    openedAtMs: Number(row['opened_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
    lastSampleMs: Number(row['last_sample_ms']),
    state: state === undefined ? undefined : (JSON.parse(state) as SavedState),
  };
}

function toEvent(row: SqlRow): AlertEvent {
  return {
    kind: String(row['kind']) as AlertEvent['kind'],
    phase: String(row['phase']) as AlertEvent['phase'],
    severity: String(row['severity']) as Severity,
    value: JSON.parse(String(row['value'])) as AlertValue,
    atMs: Number(row['at_ms']),
    recordedAtMs: Number(row['recorded_at_ms']),
  };
}

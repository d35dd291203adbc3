import type { SqlRow, SqlValue } from '../../state/database.ts';
import type { AlertRecord } from './alert-record.ts';

/** Never edited, only added to. */
export const ALERT_MIGRATIONS = [
  `CREATE TABLE alert (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     rule TEXT NOT NULL,
     entity_key TEXT NOT NULL,
     entity TEXT NOT NULL,
     agent TEXT NOT NULL,
     unit TEXT,
     site TEXT,
     severity TEXT NOT NULL,
     phase TEXT NOT NULL,
     started_at_ms INTEGER NOT NULL,
     fired_at_ms INTEGER NOT NULL,
     resolved_at_ms INTEGER,
     value TEXT NOT NULL,
     last_value TEXT NOT NULL,
     opened_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     last_sample_ms INTEGER NOT NULL,
     state TEXT,
     acknowledged_at_ms INTEGER,
     acknowledged_by TEXT,
     acknowledged_note TEXT,
     acknowledged_until_ms INTEGER,
     UNIQUE (rule, entity_key, started_at_ms)
   );
   CREATE INDEX alert_phase ON alert (phase, number);
   CREATE INDEX alert_unit ON alert (unit, number);
   CREATE TABLE alert_event (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     alert_id TEXT NOT NULL,
     kind TEXT NOT NULL,
     phase TEXT NOT NULL,
     severity TEXT NOT NULL,
     value TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     recorded_at_ms INTEGER NOT NULL
   );
   CREATE INDEX alert_event_alert ON alert_event (alert_id, number);
   CREATE TRIGGER alert_event_is_final BEFORE UPDATE ON alert_event
     BEGIN SELECT RAISE(ABORT, 'the timeline of alerts is append-only'); END;
   CREATE TABLE alert_pending (
     rule TEXT NOT NULL,
     entity_key TEXT NOT NULL,
     record TEXT NOT NULL,
     PRIMARY KEY (rule, entity_key)
   ) WITHOUT ROWID`,
  // Nothing ever wrote these.
  `ALTER TABLE alert DROP COLUMN acknowledged_at_ms;
   ALTER TABLE alert DROP COLUMN acknowledged_by;
   ALTER TABLE alert DROP COLUMN acknowledged_note;
   ALTER TABLE alert DROP COLUMN acknowledged_until_ms`,
  `ALTER TABLE alert ADD COLUMN subject TEXT;
   ALTER TABLE alert ADD COLUMN tags TEXT;
   ALTER TABLE alert ADD COLUMN flaps INTEGER`,
  // They were recorded as resolved.
  `UPDATE alert SET phase = 'withdrawn'
   WHERE phase = 'resolved' AND id IN (SELECT alert_id FROM alert_event WHERE kind = 'withdrawn')`,
  `CREATE INDEX IF NOT EXISTS alert_event_by_time ON alert_event (recorded_at_ms, number);
   CREATE INDEX IF NOT EXISTS alert_opened ON alert (opened_at_ms);
   CREATE INDEX IF NOT EXISTS alert_resolved ON alert (resolved_at_ms)`,
  `ALTER TABLE alert ADD COLUMN rule_version INTEGER`,
  `ALTER TABLE alert ADD COLUMN acknowledgement TEXT;
   ALTER TABLE alert ADD COLUMN assignee TEXT;
   ALTER TABLE alert ADD COLUMN shelf TEXT;
   ALTER TABLE alert_event ADD COLUMN details TEXT`,
  `ALTER TABLE alert ADD COLUMN learned_late_at_ms INTEGER`,
  `CREATE INDEX IF NOT EXISTS alert_event_acknowledged ON alert_event (recorded_at_ms) WHERE kind = 'acknowledged'`,
  `CREATE INDEX IF NOT EXISTS alert_event_first_acknowledged ON alert_event (alert_id, number) WHERE kind = 'acknowledged'`,
];

interface Column {
  readonly isJson?: true;
  /** Written again with each step; the others stay as they were first written. */
  readonly changes?: true;
}

/** Of table `alert`, named like the record's keys in snake_case. */
const COLUMNS: Readonly<Record<keyof AlertRecord, Column>> = {
  id: {},
  rule: {},
  ruleVersion: {},
  entityKey: {},
  entity: { isJson: true },
  agent: { changes: true },
  unit: { changes: true },
  site: { changes: true },
  severity: { changes: true },
  phase: { changes: true },
  flaps: { changes: true },
  startedAtMs: { changes: true },
  firedAtMs: {},
  resolvedAtMs: { changes: true },
  value: { isJson: true },
  lastValue: { isJson: true, changes: true },
  openedAtMs: {},
  updatedAtMs: { changes: true },
  learnedLateAtMs: {},
  acknowledgement: { isJson: true, changes: true },
  assignee: { changes: true },
  shelf: { isJson: true, changes: true },
  lastSampleMs: { changes: true },
  state: { isJson: true, changes: true },
  subject: {},
  tags: { isJson: true },
};

const columns = Object.entries(COLUMNS).map(([key, { isJson = false, changes = false }]) => ({
  key: key as keyof AlertRecord,
  name: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  isJson,
  changes,
}));

export const UPSERT = `INSERT INTO alert (${columns.map(({ name }) => name).join(', ')})
  VALUES (${columns.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${columns
    .filter(({ changes }) => changes)
    .map(({ name }) => `${name} = excluded.${name}`)
    .join(', ')}`;

export const UPSERT_PENDING = `INSERT INTO alert_pending (rule, entity_key, record) VALUES (?, ?, ?)
  ON CONFLICT (rule, entity_key) DO UPDATE SET record = excluded.record`;

export function columnValues(record: AlertRecord): SqlValue[] {
  return columns.map(({ key, isJson }) => {
    const value = record[key];
    if (value === undefined) return null;
    return isJson ? JSON.stringify(value) : (value as SqlValue);
  });
}

// The rows are our own: what was written above is what comes back.
export function toRecord(row: SqlRow): AlertRecord {
  const record: Record<string, unknown> = {};
  for (const { key, name, isJson } of columns) {
    const value = row[name];
    if (value !== null) record[key] = isJson ? JSON.parse(value as string) : value;
  }
  return record as unknown as AlertRecord;
}

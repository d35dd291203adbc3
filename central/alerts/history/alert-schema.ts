/** Steps for `StateDatabase.migrate('alert', …)`: never edited, only added. */
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
];

/** Never edited, only added to. */
export const OUTBOX_MIGRATIONS = [
  `CREATE TABLE notify_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL);
   CREATE TABLE notify_telling (
     channel TEXT NOT NULL,
     alert_id TEXT NOT NULL,
     facts TEXT NOT NULL,
     told TEXT NOT NULL,
     told_severity TEXT,
     owed TEXT,
     owed_since_ms INTEGER NOT NULL,
     not_before_ms INTEGER NOT NULL,
     second_channel TEXT,
     second_at_ms INTEGER,
     PRIMARY KEY (channel, alert_id)
   ) WITHOUT ROWID;
   CREATE INDEX notify_telling_alert ON notify_telling (alert_id);
   CREATE INDEX notify_telling_owed ON notify_telling (channel, not_before_ms) WHERE owed IS NOT NULL;
   CREATE INDEX notify_telling_second ON notify_telling (second_at_ms) WHERE second_at_ms IS NOT NULL;
   CREATE TABLE notify_untold (
     alert_id TEXT PRIMARY KEY, reason TEXT NOT NULL, at_ms INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE notify_message (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL,
     channel TEXT NOT NULL,
     kind TEXT NOT NULL,
     state TEXT NOT NULL,
     alerts INTEGER NOT NULL,
     made_at_ms INTEGER NOT NULL,
     owed_since_ms INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER NOT NULL,
     ended_at_ms INTEGER,
     reason TEXT
   );
   CREATE INDEX notify_message_state ON notify_message (state, number);
   CREATE INDEX notify_message_channel ON notify_message (channel, made_at_ms);
   CREATE TABLE notify_message_alert (
     message INTEGER NOT NULL,
     alert_id TEXT NOT NULL,
     what TEXT NOT NULL,
     told_severity TEXT,
     facts TEXT NOT NULL,
     PRIMARY KEY (message, alert_id)
   ) WITHOUT ROWID;
   CREATE INDEX notify_message_alert_id ON notify_message_alert (alert_id, message);
   CREATE TABLE notify_attempt (
     message INTEGER NOT NULL,
     number INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     took_ms INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     answer TEXT NOT NULL,
     PRIMARY KEY (message, number)
   ) WITHOUT ROWID`,
  `CREATE TABLE notify_held (
     alert_id TEXT PRIMARY KEY,
     facts TEXT NOT NULL,
     kind TEXT NOT NULL,
     by TEXT NOT NULL,
     reason TEXT NOT NULL,
     until_ms INTEGER,
     since_ms INTEGER NOT NULL,
     held_since_ms INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE notify_held_log (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     alert_id TEXT NOT NULL,
     kind TEXT NOT NULL,
     by TEXT NOT NULL,
     reason TEXT NOT NULL,
     until_ms INTEGER,
     from_ms INTEGER NOT NULL,
     to_ms INTEGER NOT NULL
   );
   CREATE INDEX notify_held_log_alert ON notify_held_log (alert_id, number);
   CREATE INDEX notify_held_log_end ON notify_held_log (to_ms);
   CREATE TRIGGER notify_held_log_is_final BEFORE UPDATE ON notify_held_log
     BEGIN SELECT RAISE(ABORT, 'why nobody was told of an alert is append-only'); END;
   ALTER TABLE notify_untold ADD COLUMN kind TEXT NOT NULL DEFAULT 'no_route';
   ALTER TABLE notify_untold ADD COLUMN by TEXT;
   CREATE INDEX notify_telling_untold ON notify_telling (alert_id) WHERE owed = 'begin' AND told = 'nothing';
   ALTER TABLE notify_message ADD COLUMN incident TEXT;
   CREATE TABLE notify_escalation (
     alert_id TEXT NOT NULL,
     channel TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     PRIMARY KEY (alert_id, channel)
   ) WITHOUT ROWID;
   CREATE INDEX notify_escalation_time ON notify_escalation (at_ms)`,
  'ALTER TABLE notify_escalation ADD COLUMN suppressed TEXT',
  'ALTER TABLE notify_escalation ADD COLUMN belonging TEXT',
  'ALTER TABLE notify_escalation ADD COLUMN is_withheld INTEGER NOT NULL DEFAULT 0',
];

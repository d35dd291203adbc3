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
];

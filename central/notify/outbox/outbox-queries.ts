import { CANARY_CHANNEL } from '../canary/sink.ts';
import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { Attempt, Delivery, MessageState, Notification } from './outbox-message.ts';
import type { Owed } from './telling.ts';

export interface NotificationQuery {
  readonly limit: number;
  readonly state?: MessageState;
  readonly channel?: string;
  /** Id that all entries are below. */
  readonly before?: number;
}

/** Newest first, at most `limit`. */
export interface OutboxQueries {
  /** Those that people or programs get. */
  list(query: NotificationQuery): readonly Notification[];
  ofAlert(alertId: string, limit: number, before?: number): readonly Delivery[];
}

const MAX_RECEIPTS = 20;

/** To be called once the outbox was opened: its tables are read. */
export function openOutboxQueries(database: StateDatabase): OutboxQueries {
  const page = database.prepare(
    `SELECT * FROM notify_message WHERE number < ?1 AND channel <> '${CANARY_CHANNEL}' AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR channel = ?3)
     ORDER BY number DESC LIMIT ?4`,
  );
  const ofAlert = database.prepare(
    `SELECT m.*, a.what FROM notify_message_alert a JOIN notify_message m ON m.number = a.message
     WHERE a.alert_id = ? AND a.message < ? ORDER BY a.message DESC LIMIT ?`,
  );
  const attempts = database.prepare(
    `SELECT * FROM (SELECT * FROM notify_attempt WHERE message = ? ORDER BY number DESC LIMIT ${MAX_RECEIPTS})
     ORDER BY number`,
  );
  return {
    list: ({ limit, state = null, channel = null, before = Number.MAX_SAFE_INTEGER }) =>
      page.all(before, state, channel, limit).map(toNotification),
    ofAlert: (alertId, limit, before = Number.MAX_SAFE_INTEGER) =>
      ofAlert.all(alertId, before, limit).map((row) => ({
        ...toNotification(row),
        what: String(row['what']) as Owed,
        receipts: attempts.all(Number(row['number'])).map(toAttempt),
      })),
  };
}

// The rows are our own: what the outbox wrote is what comes back.
function toNotification(row: SqlRow): Notification {
  const { ended_at_ms: endedAtMs, reason } = row;
  const state = String(row['state']) as MessageState;
  return {
    id: Number(row['number']),
    channel: String(row['channel']),
    kind: String(row['kind']) as Notification['kind'],
    key: String(row['key']),
    state,
    alerts: Number(row['alerts']),
    madeAtMs: Number(row['made_at_ms']),
    attempts: Number(row['attempts']),
    ...(state === 'waiting' && { nextAttemptAtMs: Number(row['next_attempt_at_ms']) }),
    ...(typeof endedAtMs === 'number' && { endedAtMs }),
    ...(typeof reason === 'string' && { reason }),
  };
}

function toAttempt(row: SqlRow): Attempt {
  return {
    atMs: Number(row['at_ms']),
    tookMs: Number(row['took_ms']),
    outcome: String(row['outcome']) as Attempt['outcome'],
    answer: String(row['answer']),
  };
}

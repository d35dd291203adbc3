import { severityRank, type Severity } from '../../alerts/rules/severity.ts';
import type { SqlRow, StateDatabase } from '../../state/database.ts';
import { CANARY_CHANNEL } from '../canary/sink.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import type { MessageIncident } from '../message/message-incident.ts';
import { messageKey, type MessageAlert, type MessageKind } from '../message/message.ts';
import type { Attempt, MessageState, WaitingMessage } from './outbox-message.ts';
import type { Owed, Telling } from './telling.ts';

export interface NewMessage {
  readonly channel: string;
  readonly kind: MessageKind;
  readonly tellings: readonly Telling[];
  /** Of all of them. */
  readonly incident?: MessageIncident | undefined;
  readonly atMs: number;
}

export interface Retention {
  readonly beforeMs: number;
  /** Most messages that are kept. */
  readonly messages: number;
}

/** To people and programs. */
const IS_OWED = `state = 'waiting' AND channel <> '${CANARY_CHANNEL}'`;
/** A digest may follow many. */
const MAX_FOLLOWED = 10;

/** Messages to channels and their attempts. To be called within a transaction where it writes. */
export class MessageStore {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: StateDatabase) {
    this.#statements = prepareStatements(database);
  }

  /** When the channel's messages since then were made, oldest first; tests do not count. */
  madeSince(channel: string, sinceMs: number): readonly number[] {
    return this.#statements.madeSince.all(channel, sinceMs).map((row) => Number(row['made_at_ms']));
  }

  /** The channel's next message, the oldest one. */
  waiting(channel: string): WaitingMessage | undefined {
    const row = this.#statements.waiting.get(channel);
    if (row === undefined) return undefined;
    const incident = toIncident(row);
    return {
      number: Number(row['number']),
      key: String(row['key']),
      ...(incident !== undefined && { incident }),
      kind: String(row['kind']) as MessageKind,
      madeAtMs: Number(row['made_at_ms']),
      owedSinceMs: Number(row['owed_since_ms']),
      attempts: Number(row['attempts']),
      nextAttemptAtMs: Number(row['next_attempt_at_ms']),
    };
  }

  alertsOf(message: number): readonly MessageAlert[] {
    return this.#statements.alertsOf.all(message).map(toMessageAlert);
  }

  alertIdsOf(message: number): readonly string[] {
    return this.#statements.alertIdsOf.all(message).map((row) => String(row['alert_id']));
  }

  /** Keys of the newest messages before it that told its channel of the same alerts, oldest first. */
  followedBy(message: number): readonly string[] {
    const rows = this.#statements.followedBy.all(message, MAX_FOLLOWED);
    return rows.map((row) => String(row['key'])).reverse();
  }

  /** As the channel was last told of it. */
  lastIncidentOf(alertId: string, channel: string): MessageIncident | undefined {
    const row = this.#statements.lastIncidentOf.get(alertId, channel);
    return row && toIncident(row);
  }

  /** Of the channel's newest message of the alert. */
  lastStateOf(alertId: string, channel: string): MessageState | undefined {
    const row = this.#statements.lastStateOf.get(alertId, channel);
    return row && (String(row['state']) as MessageState);
  }

  /** Whether any channel took a message of the alert. */
  wasDelivered(alertId: string): boolean {
    return this.#statements.delivered.get(alertId) !== undefined;
  }

  /** The gravest that a message called the alert which arrived or is under way; undefined: there is no such message. */
  toldSeverityOf(alertId: string): Severity | undefined {
    const severities = this.#statements.toldSeverities.all(alertId).map((row) => row['severity'] as Severity);
    return severities.sort((a, b) => severityRank(b) - severityRank(a))[0];
  }

  /** Those with waiting messages. */
  channelsWaiting(): readonly string[] {
    return this.#statements.channelsWaiting.all().map((row) => String(row['channel']));
  }

  waitingCount(): number {
    return Number(this.#statements.waitingCount.get()?.['count']);
  }

  /** Since when the alerts of a message that waits could have been told, the oldest; undefined: none waits. */
  oldestWaitingMs(): number | undefined {
    const since = this.#statements.oldestWaiting.get()?.['since'];
    return typeof since === 'number' ? since : undefined;
  }

  /** Returns its number. */
  insert(
    { channel, kind, tellings, incident, atMs }: NewMessage,
    state: MessageState,
    reason?: string,
  ): number {
    const { insertMessage, insertAlert, lastNumber } = this.#statements;
    const alerts = tellings.flatMap(({ owed, facts, toldSeverity }) =>
      owed === undefined ? [] : [{ what: owed, facts, toldSeverity }],
    );
    const owedSinceMs = tellings.reduce(
      (oldest, telling) => Math.min(oldest, Math.max(telling.owedSinceMs, telling.notBeforeMs)),
      atMs,
    );
    insertMessage.run(
      messageKey(channel, atMs, alerts),
      channel,
      kind,
      state,
      alerts.length,
      atMs,
      owedSinceMs,
      0,
      atMs,
      state === 'given_up' ? atMs : null,
      reason ?? null,
      incident === undefined ? null : JSON.stringify(incident),
    );
    const number = Number(lastNumber.get()?.['number']);
    for (const { what, facts, toldSeverity } of alerts)
      insertAlert.run(number, facts.id, what, toldSeverity ?? null, JSON.stringify(facts));
    return number;
  }

  addAttempt(number: number, { atMs, tookMs, outcome, answer }: Attempt): void {
    this.#statements.insertAttempt.run(number, number, atMs, tookMs, outcome, answer);
    this.#statements.countAttempt.run(number);
  }

  postpone(number: number, nextAttemptAtMs: number): void {
    this.#statements.postpone.run(nextAttemptAtMs, number);
  }

  /** `reason`: why it was given up. */
  end(number: number, state: 'sent' | 'given_up', atMs: number, reason?: string): void {
    this.#statements.endMessage.run(state, atMs, reason ?? null, number);
  }

  /** Deletes at most `limit` of what is older, and of the oldest beyond the number that is kept. */
  deleteOld({ beforeMs, messages }: Retention, limit: number): void {
    const { oldMessages } = this.#statements;
    for (const row of oldMessages.all(beforeMs, messages, limit)) this.#delete(row);
  }

  /** Of one channel: at most `limit` of what is older and does not wait. */
  deleteOfChannel(channel: string, beforeMs: number, limit: number): void {
    for (const row of this.#statements.oldOfChannel.all(channel, beforeMs, limit)) this.#delete(row);
  }

  #delete(row: SqlRow): void {
    const { deleteAttempts, deleteAlerts, deleteMessage } = this.#statements;
    const number = Number(row['number']);
    deleteAttempts.run(number);
    deleteAlerts.run(number);
    deleteMessage.run(number);
  }
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    insertMessage: prepare(
      `INSERT INTO notify_message (key, channel, kind, state, alerts, made_at_ms, owed_since_ms, attempts,
         next_attempt_at_ms, ended_at_ms, reason, incident) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    lastNumber: prepare('SELECT MAX(number) AS number FROM notify_message'),
    insertAlert: prepare(
      'INSERT INTO notify_message_alert (message, alert_id, what, told_severity, facts) VALUES (?, ?, ?, ?, ?)',
    ),
    alertsOf: prepare('SELECT * FROM notify_message_alert WHERE message = ? ORDER BY alert_id'),
    // Of messages that were given up nobody may have heard.
    followedBy: prepare(
      `SELECT DISTINCT earlier.number, earlier.key FROM notify_message_alert told
         JOIN notify_message_alert before ON before.alert_id = told.alert_id AND before.message < told.message
         JOIN notify_message this ON this.number = told.message
         JOIN notify_message earlier
           ON earlier.number = before.message AND earlier.channel = this.channel AND earlier.state = 'sent'
       WHERE told.message = ? ORDER BY earlier.number DESC LIMIT ?`,
    ),
    lastStateOf: prepare(
      `SELECT m.state FROM notify_message_alert a JOIN notify_message m ON m.number = a.message
       WHERE a.alert_id = ? AND m.channel = ? ORDER BY a.message DESC LIMIT 1`,
    ),
    delivered: prepare(
      `SELECT 1 AS delivered FROM notify_message_alert a JOIN notify_message m ON m.number = a.message
       WHERE a.alert_id = ? AND m.state = 'sent' LIMIT 1`,
    ),
    toldSeverities: prepare(
      `SELECT DISTINCT a.facts ->> 'severity' AS severity FROM notify_message_alert a JOIN notify_message m ON m.number = a.message
       WHERE a.alert_id = ? AND m.state IN ('sent', 'waiting')`,
    ),
    lastIncidentOf: prepare(
      `SELECT m.incident FROM notify_message_alert a JOIN notify_message m ON m.number = a.message
       WHERE a.alert_id = ? AND m.channel = ? AND m.incident IS NOT NULL ORDER BY a.message DESC LIMIT 1`,
    ),
    alertIdsOf: prepare('SELECT alert_id FROM notify_message_alert WHERE message = ?'),
    madeSince: prepare(
      `SELECT made_at_ms FROM notify_message WHERE channel = ? AND made_at_ms > ? AND kind != 'test' ORDER BY made_at_ms`,
    ),
    waiting: database.prepareKept(
      `SELECT * FROM notify_message WHERE state = 'waiting' AND channel = ? ORDER BY number LIMIT 1`,
    ),
    waitingCount: database.prepareKept(`SELECT COUNT(*) AS count FROM notify_message WHERE ${IS_OWED}`),
    oldestWaiting: database.prepareKept(
      `SELECT MIN(owed_since_ms) AS since FROM notify_message WHERE ${IS_OWED}`,
    ),
    channelsWaiting: prepare(`SELECT DISTINCT channel FROM notify_message WHERE state = 'waiting'`),
    endMessage: prepare('UPDATE notify_message SET state = ?, ended_at_ms = ?, reason = ? WHERE number = ?'),
    postpone: prepare('UPDATE notify_message SET next_attempt_at_ms = ? WHERE number = ?'),
    countAttempt: prepare('UPDATE notify_message SET attempts = attempts + 1 WHERE number = ?'),
    insertAttempt: prepare(
      `INSERT INTO notify_attempt (message, number, at_ms, took_ms, outcome, answer)
       VALUES (?, (SELECT attempts + 1 FROM notify_message WHERE number = ?), ?, ?, ?, ?)`,
    ),
    oldMessages: prepare(
      `SELECT number FROM notify_message WHERE state != 'waiting'
         AND (made_at_ms < ? OR number <= (SELECT MAX(number) FROM notify_message) - ?) ORDER BY number LIMIT ?`,
    ),
    oldOfChannel: prepare(
      `SELECT number FROM notify_message WHERE channel = ? AND made_at_ms < ? AND state != 'waiting' LIMIT ?`,
    ),
    deleteAttempts: prepare('DELETE FROM notify_attempt WHERE message = ?'),
    deleteAlerts: prepare('DELETE FROM notify_message_alert WHERE message = ?'),
    deleteMessage: prepare('DELETE FROM notify_message WHERE number = ?'),
  };
}

// The rows are our own: what was written above is what comes back.
function toIncident({ incident }: SqlRow): MessageIncident | undefined {
  return typeof incident === 'string' ? (JSON.parse(incident) as MessageIncident) : undefined;
}

function toMessageAlert(row: SqlRow): MessageAlert {
  const { told_severity: toldSeverity } = row;
  return {
    what: String(row['what']) as Owed,
    ...(typeof toldSeverity === 'string' && { toldSeverity: toldSeverity as Severity }),
    facts: JSON.parse(String(row['facts'])) as AlertFacts,
  };
}

import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { Severity } from '../../alerts/rules/severity.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import { messageKey, type MessageAlert, type MessageKind } from '../message/message.ts';
import type { UntoldReason } from '../route/should-tell.ts';
import type { Attempt, MessageState, WaitingMessage } from './outbox-message.ts';
import { LONGEST_WAIT_MS } from './plan-message.ts';
import { OUTBOX_MIGRATIONS } from './outbox-schema.ts';
import { heard, returned, settled, taken, type Owed, type Telling } from './telling.ts';

export interface Untold {
  readonly alertId: string;
  readonly reason: UntoldReason;
}

/** What following the alerts up to `sequence` leaves on disk. */
export interface FollowedSteps {
  readonly sequence: number;
  readonly tellings: readonly Telling[];
  readonly untold: readonly Untold[];
  readonly atMs: number;
}

export interface NewMessage {
  readonly channel: string;
  readonly kind: MessageKind;
  readonly tellings: readonly Telling[];
  readonly atMs: number;
}

export interface Retention {
  readonly beforeMs: number;
  /** Most messages that are kept. */
  readonly messages: number;
}

/** Whether what a message that was given up told of is owed again. `later`: after a pause, others first. */
export type OwedAgain = 'now' | 'later' | 'never';

/** The longest is below the hour after which the alarm of notifications that were given up ends. */
const PAUSE_MS = { least: 15 * 60_000, most: 45 * 60_000 };
/** A digest may follow many. */
const MAX_FOLLOWED = 10;
/** Rows that are deleted in one transaction: one of all would hold up everything else. */
const DELETED_AT_ONCE = 1_000;

/** What channels were told and are owed, and their messages: in `state.db`, each change one durable transaction. */
export class Outbox {
  readonly #database: StateDatabase;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: StateDatabase) {
    database.migrate('notify', OUTBOX_MIGRATIONS);
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** Up to where the alerts were followed; undefined: never. */
  cursor(): number | undefined {
    const row = this.#statements.cursor.get();
    return row === undefined ? undefined : Number(row['sequence']);
  }

  follow({ sequence, tellings, untold, atMs }: FollowedSteps): void {
    const { setCursor, setUntold } = this.#statements;
    this.#database.transaction(() => {
      for (const telling of tellings) this.#save(telling);
      for (const { alertId, reason } of untold) setUntold.run(alertId, reason, atMs);
      setCursor.run(sequence);
    });
  }

  tellingsOf(alertId: string): readonly Telling[] {
    return this.#statements.tellingsOfAlert.all(alertId).map(toTelling);
  }

  untoldReason(alertId: string): string | undefined {
    const row = this.#statements.untold.get(alertId);
    return row === undefined ? undefined : String(row['reason']);
  }

  /** How many tellings the channel is owed; those that are held back count, too. */
  owedCount(channel: string): number {
    return Number(this.#statements.owedCount.get(channel)?.['count']);
  }

  /** `waitMs`: how long the oldest must have been owed. */
  hasDue(channel: string, nowMs: number, waitMs: number): boolean {
    const farAheadMs = nowMs + LONGEST_WAIT_MS;
    return this.#statements.hasDue.get(channel, nowMs, farAheadMs, nowMs - waitMs) !== undefined;
  }

  /** What is not held back, oldest first. */
  owedDue(channel: string, nowMs: number, limit = -1): readonly Telling[] {
    return this.#statements.owedDue.all(channel, nowMs, nowMs + LONGEST_WAIT_MS, limit).map(toTelling);
  }

  /** Oldest first. */
  owed(channel: string): readonly Telling[] {
    return this.#statements.owed.all(channel).map(toTelling);
  }

  /** Told as open, and nothing is owed of them. */
  toldAsOpen(channel: string): readonly Telling[] {
    return this.#statements.toldAsOpen.all(channel).map(toTelling);
  }

  /** Whether the channel's last message of the alert arrived, and it is owed nothing more of it. */
  isHeard({ channel, facts, owed }: Telling): boolean {
    return owed === undefined && this.#statements.lastStateOf.get(facts.id, channel)?.['state'] === 'sent';
  }

  /** Those that another channel is to hear of now. */
  secondsDue(nowMs: number, limit: number): readonly Telling[] {
    return this.#statements.secondsDue.all(nowMs, limit).map(toTelling);
  }

  find(channel: string, alertId: string): Telling | undefined {
    const row = this.#statements.telling.get(channel, alertId);
    return row && toTelling(row);
  }

  save(tellings: readonly Telling[]): void {
    this.#database.transaction(() => {
      for (const telling of tellings) this.#save(telling);
    });
  }

  /** When the channel's messages since then were made; tests do not count. */
  madeSince(channel: string, sinceMs: number): readonly number[] {
    return this.#statements.madeSince.all(channel, sinceMs).map((row) => Number(row['made_at_ms']));
  }

  /** What is owed becomes a message, in one step. */
  makeMessage(message: NewMessage): void {
    this.#database.transaction(() => {
      this.#insert(message, 'waiting');
      for (const telling of message.tellings) this.#save(taken(telling));
    });
  }

  /** What is owed will not be told. That is recorded like a message, but nobody has heard of it. */
  dropOwed(message: NewMessage, reason: string): void {
    this.#database.transaction(() => {
      this.#insert(message, 'given_up', reason);
      for (const telling of message.tellings) {
        if (telling.told === 'nothing' || telling.owed === 'end') this.#delete(telling);
        else this.#save(settled(telling));
      }
    });
  }

  /** A message of a person's; returns its number. */
  makeTest(channel: string, atMs: number): { readonly number: number; readonly key: string } {
    const number = this.#insert(
      { channel, kind: 'test', tellings: [], atMs },
      'given_up',
      'it was not answered',
    );
    return { number, key: messageKey(channel, atMs, []) };
  }

  /** A test is sent once. */
  recordTest(number: number, attempt: Attempt): void {
    const isDelivered = attempt.outcome === 'delivered';
    this.#database.transaction(() => {
      this.#addAttempt(number, attempt);
      this.#statements.endMessage.run(
        isDelivered ? 'sent' : 'given_up',
        attempt.atMs + attempt.tookMs,
        isDelivered ? null : 'a test is sent once',
        number,
      );
    });
  }

  /** The channel's next message, the oldest one. */
  waiting(channel: string): WaitingMessage | undefined {
    const row = this.#statements.waiting.get(channel);
    if (row === undefined) return undefined;
    const number = Number(row['number']);
    return {
      number,
      key: String(row['key']),
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

  /** Keys of the newest messages before it that told its channel of the same alerts, oldest first. */
  followedBy(message: number): readonly string[] {
    const rows = this.#statements.followedBy.all(message, MAX_FOLLOWED);
    return rows.map((row) => String(row['key'])).reverse();
  }

  /** Channels that have waiting messages or tellings. */
  channels(): readonly string[] {
    return this.#statements.channels.all().map((row) => String(row['channel']));
  }

  waitingCount(): number {
    return Number(this.#statements.waitingCount.get()?.['count']);
  }

  /** Since when the alerts of a message that waits could have been told, the oldest; undefined: none waits. */
  oldestWaitingMs(): number | undefined {
    const since = this.#statements.oldestWaiting.get()?.['since'];
    return typeof since === 'number' ? since : undefined;
  }

  recordDelivered(number: number, channel: string, attempt: Attempt): void {
    const { endMessage, alertIdsOf } = this.#statements;
    this.#database.transaction(() => {
      this.#addAttempt(number, attempt);
      endMessage.run('sent', attempt.atMs + attempt.tookMs, null, number);
      for (const row of alertIdsOf.all(number)) this.#afterDelivery(channel, String(row['alert_id']));
    });
  }

  recordFailed(number: number, attempt: Attempt, nextAttemptAtMs: number): void {
    this.#database.transaction(() => {
      this.#addAttempt(number, attempt);
      this.#statements.postpone.run(nextAttemptAtMs, number);
    });
  }

  /** Returns how many alerts it told of. */
  giveUp(
    message: WaitingMessage,
    channel: string,
    end: { readonly reason: string; readonly atMs: number; readonly again: OwedAgain },
  ): number {
    const alerts = this.alertsOf(message.number);
    this.#database.transaction(() => {
      this.#statements.endMessage.run('given_up', end.atMs, end.reason, message.number);
      for (const alert of alerts) {
        const telling = this.find(channel, alert.facts.id);
        if (telling === undefined) continue;
        const notBeforeMs =
          end.again === 'later' ? end.atMs + pauseMs(end.atMs - telling.owedSinceMs) : message.owedSinceMs;
        const next = end.again === 'never' ? telling : returned(telling, alert, notBeforeMs);
        if (isFinished(next)) this.#delete(next);
        else this.#save(next);
      }
    });
    return alerts.length;
  }

  /** The channel exists no more. Returns how many alerts nobody is told of. */
  forgetChannel(channel: string, atMs: number): number {
    const reason = 'the channel is not configured any more';
    const owed = this.owed(channel);
    let count = owed.length;
    if (owed.length > 0) this.dropOwed({ channel, kind: 'alerts', tellings: owed, atMs }, reason);
    for (let message = this.waiting(channel); message !== undefined; message = this.waiting(channel)) {
      count += this.giveUp(message, channel, { reason, atMs, again: 'never' });
    }
    this.#statements.deleteTellings.run(channel);
    return count;
  }

  /** Deletes some of what is older than that, and of the oldest beyond the number that is kept. */
  deleteOld({ beforeMs, messages }: Retention): void {
    const statements = this.#statements;
    this.#database.transaction(() => {
      for (const row of statements.oldMessages.all(beforeMs, messages, DELETED_AT_ONCE)) {
        const number = Number(row['number']);
        statements.deleteAttempts.run(number);
        statements.deleteAlerts.run(number);
        statements.deleteMessage.run(number);
      }
      statements.deleteUntold.run(beforeMs, DELETED_AT_ONCE);
    });
  }

  #insert({ channel, kind, tellings, atMs }: NewMessage, state: MessageState, reason?: string): number {
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
    );
    const number = Number(lastNumber.get()?.['number']);
    for (const { what, facts, toldSeverity } of alerts)
      insertAlert.run(number, facts.id, what, toldSeverity ?? null, JSON.stringify(facts));
    return number;
  }

  #addAttempt(number: number, { atMs, tookMs, outcome, answer }: Attempt): void {
    this.#statements.insertAttempt.run(number, number, atMs, tookMs, outcome, answer);
    this.#statements.countAttempt.run(number);
  }

  #afterDelivery(channel: string, alertId: string): void {
    const telling = this.find(channel, alertId);
    if (telling === undefined) return;
    if (isFinished(telling)) this.#delete(telling);
    else if (telling.second !== undefined) this.#save(heard(telling));
  }

  #delete({ channel, facts }: Telling): void {
    this.#statements.deleteTelling.run(channel, facts.id);
  }

  #save(telling: Telling): void {
    const { channel, facts, told, toldSeverity, owed, owedSinceMs, notBeforeMs, second } = telling;
    this.#statements.upsert.run(
      channel,
      facts.id,
      JSON.stringify(facts),
      told,
      toldSeverity ?? null,
      owed ?? null,
      owedSinceMs,
      notBeforeMs,
      second?.channel ?? null,
      second?.atMs ?? null,
    );
  }
}

/** Longer the longer it has been owed. */
function pauseMs(ageMs: number): number {
  return Math.min(Math.max(ageMs, PAUSE_MS.least), PAUSE_MS.most);
}

function isFinished({ told, owed }: Telling): boolean {
  return told === 'over' && owed === undefined;
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    cursor: prepare('SELECT sequence FROM notify_cursor'),
    setCursor: prepare(
      'INSERT INTO notify_cursor (id, sequence) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence',
    ),
    upsert: prepare(
      `INSERT OR REPLACE INTO notify_telling (channel, alert_id, facts, told, told_severity, owed, owed_since_ms,
         not_before_ms, second_channel, second_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    telling: prepare('SELECT * FROM notify_telling WHERE channel = ? AND alert_id = ?'),
    tellingsOfAlert: prepare('SELECT * FROM notify_telling WHERE alert_id = ?'),
    deleteTelling: prepare('DELETE FROM notify_telling WHERE channel = ? AND alert_id = ?'),
    deleteTellings: prepare('DELETE FROM notify_telling WHERE channel = ?'),
    owedCount: prepare('SELECT COUNT(*) AS count FROM notify_telling WHERE channel = ? AND owed IS NOT NULL'),
    hasDue: prepare(
      'SELECT 1 AS due FROM notify_telling WHERE channel = ?1 AND owed IS NOT NULL AND (not_before_ms <= ?2 OR not_before_ms > ?3) AND (owed_since_ms <= ?4 OR owed_since_ms > ?2) LIMIT 1',
    ),
    owedDue: prepare(
      `SELECT * FROM notify_telling WHERE channel = ?1 AND owed IS NOT NULL
         AND (not_before_ms <= ?2 OR not_before_ms > ?3) ORDER BY owed_since_ms, alert_id LIMIT ?4`,
    ),
    owed: prepare(
      'SELECT * FROM notify_telling WHERE channel = ? AND owed IS NOT NULL ORDER BY owed_since_ms, alert_id',
    ),
    toldAsOpen: prepare(
      `SELECT * FROM notify_telling WHERE channel = ? AND told = 'open' AND owed IS NULL ORDER BY alert_id`,
    ),
    secondsDue: prepare('SELECT * FROM notify_telling WHERE second_at_ms <= ? ORDER BY second_at_ms LIMIT ?'),
    setUntold: prepare('INSERT OR REPLACE INTO notify_untold (alert_id, reason, at_ms) VALUES (?, ?, ?)'),
    untold: prepare('SELECT reason FROM notify_untold WHERE alert_id = ?'),
    deleteUntold: prepare(
      'DELETE FROM notify_untold WHERE alert_id IN (SELECT alert_id FROM notify_untold WHERE at_ms < ? LIMIT ?)',
    ),
    insertMessage: prepare(
      `INSERT INTO notify_message (key, channel, kind, state, alerts, made_at_ms, owed_since_ms, attempts,
         next_attempt_at_ms, ended_at_ms, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    alertIdsOf: prepare('SELECT alert_id FROM notify_message_alert WHERE message = ?'),
    madeSince: prepare(
      `SELECT made_at_ms FROM notify_message WHERE channel = ? AND made_at_ms > ? AND kind != 'test'`,
    ),
    waiting: prepare(
      `SELECT * FROM notify_message WHERE state = 'waiting' AND channel = ? ORDER BY number LIMIT 1`,
    ),
    waitingCount: prepare(`SELECT COUNT(*) AS count FROM notify_message WHERE state = 'waiting'`),
    oldestWaiting: prepare(`SELECT MIN(owed_since_ms) AS since FROM notify_message WHERE state = 'waiting'`),
    channels: prepare(
      `SELECT channel FROM notify_telling UNION SELECT channel FROM notify_message WHERE state = 'waiting'`,
    ),
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
    deleteAttempts: prepare('DELETE FROM notify_attempt WHERE message = ?'),
    deleteAlerts: prepare('DELETE FROM notify_message_alert WHERE message = ?'),
    deleteMessage: prepare('DELETE FROM notify_message WHERE number = ?'),
  };
}

// The rows are our own: what was written above is what comes back.
function toTelling(row: SqlRow): Telling {
  const { told_severity: toldSeverity, owed, second_channel: second } = row;
  return {
    channel: String(row['channel']),
    facts: JSON.parse(String(row['facts'])) as AlertFacts,
    told: String(row['told']) as Telling['told'],
    ...(typeof toldSeverity === 'string' && { toldSeverity: toldSeverity as Severity }),
    ...(typeof owed === 'string' && { owed: owed as Owed }),
    owedSinceMs: Number(row['owed_since_ms']),
    notBeforeMs: Number(row['not_before_ms']),
    ...(typeof second === 'string' && { second: { channel: second, atMs: Number(row['second_at_ms']) } }),
  };
}

function toMessageAlert(row: SqlRow): MessageAlert {
  const { told_severity: toldSeverity } = row;
  return {
    what: String(row['what']) as Owed,
    ...(typeof toldSeverity === 'string' && { toldSeverity: toldSeverity as Severity }),
    facts: JSON.parse(String(row['facts'])) as AlertFacts,
  };
}

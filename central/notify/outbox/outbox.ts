import type { Query, Statement, StateDatabase } from '../../state/database.ts';
import { HeldAlerts, type HeldChanges } from '../held/held-alerts.ts';
import { messageKey } from '../message/message.ts';
import { EscalationStore, type Escalation } from './escalation-store.ts';
import { MessageStore, type NewMessage, type Retention } from './message-store.ts';
import type { Attempt, WaitingMessage } from './outbox-message.ts';
import { OUTBOX_MIGRATIONS } from './outbox-schema.ts';
import { TellingStore } from './telling-store.ts';
import { heard, returned, settled, taken, type Telling } from './telling.ts';
import { UntoldStore, type Untold } from './untold-store.ts';

/** What following alerts, or looking at those that are held, leaves on disk: all of it or nothing. */
export interface OutboxChanges {
  /** Up to which step the alerts were followed. */
  readonly sequence?: number;
  readonly tellings?: readonly Telling[];
  /** Tellings that are owed no more, because their alert is held now. */
  readonly recalled?: readonly Telling[];
  readonly untold?: readonly Untold[];
  readonly held?: HeldChanges;
  /** Called, or not needed any more. */
  readonly escalated?: readonly Escalation[];
  /** Added after that. */
  readonly escalations?: readonly Escalation[];
  /** Ids of alerts that are over: nothing of them is to be escalated. */
  readonly ended?: readonly string[];
  readonly atMs: number;
}

/** Whether what a message that was given up told of is owed again. `later`: after a pause, others first. */
export type OwedAgain = 'now' | 'later' | 'never';

/** The longest is below the hour after which the alarm of notifications that were given up ends. */
const PAUSE_MS = { least: 15 * 60_000, most: 45 * 60_000 };
/** Rows that are deleted in one transaction: one of all would hold up everything else. */
const DELETED_AT_ONCE = 1_000;

/**
 * What channels were told and are owed, which alerts are held, and the messages: in `state.db`, each change one durable transaction. Its
 * stores are for reading; what changes goes through here.
 */
export class Outbox {
  readonly tellings: TellingStore;
  readonly messages: MessageStore;
  readonly held: HeldAlerts;
  readonly escalations: EscalationStore;
  readonly untold: UntoldStore;
  readonly #database: StateDatabase;
  readonly #cursor: Query;
  readonly #setCursor: Statement;

  constructor(database: StateDatabase) {
    database.migrate('notify', OUTBOX_MIGRATIONS);
    this.#database = database;
    this.tellings = new TellingStore(database);
    this.messages = new MessageStore(database);
    this.held = new HeldAlerts(database);
    this.escalations = new EscalationStore(database);
    this.untold = new UntoldStore(database);
    this.#cursor = database.prepareKept('SELECT sequence FROM notify_cursor');
    this.#setCursor = database.prepare(
      'INSERT INTO notify_cursor (id, sequence) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence',
    );
  }

  /** Up to where the alerts were followed; undefined: never. */
  cursor(): number | undefined {
    const row = this.#cursor.get();
    return row === undefined ? undefined : Number(row['sequence']);
  }

  save(changes: OutboxChanges): void {
    const { sequence, tellings = [], recalled = [], untold = [], held, atMs } = changes;
    this.#database.transaction(() => {
      for (const telling of recalled) this.tellings.delete(telling);
      for (const telling of tellings) this.tellings.save(telling);
      for (const each of untold) this.untold.save(each, atMs);
      if (held !== undefined) this.held.write(held, atMs);
      for (const escalation of changes.escalated ?? []) this.escalations.delete(escalation);
      for (const escalation of changes.escalations ?? []) this.escalations.add(escalation);
      for (const alertId of changes.ended ?? []) this.escalations.deleteOfAlert(alertId);
      if (sequence !== undefined) this.#setCursor.run(sequence);
    });
    if (held !== undefined) this.held.apply(held);
  }

  /** Whether the channel's last message of the alert arrived, and it is owed nothing more of it. */
  isHeard({ channel, facts, owed }: Telling): boolean {
    return owed === undefined && this.messages.lastStateOf(facts.id, channel) === 'sent';
  }

  /** Whether the channel's last message of the alert arrived or is under way. */
  wasTold(channel: string, alertId: string): boolean {
    const state = this.messages.lastStateOf(alertId, channel);
    return state === 'sent' || state === 'waiting';
  }

  /** What is owed becomes a message, in one step. */
  makeMessage(message: NewMessage): void {
    this.#database.transaction(() => {
      this.messages.insert(message, 'waiting');
      for (const telling of message.tellings) this.tellings.save(taken(telling));
    });
  }

  /** What is owed will not be told. That is recorded like a message, but nobody has heard of it. */
  dropOwed(message: NewMessage, reason: string): void {
    this.#database.transaction(() => {
      this.messages.insert(message, 'given_up', reason);
      for (const telling of message.tellings) {
        if (telling.told === 'nothing' || telling.owed === 'end') this.tellings.delete(telling);
        else this.tellings.save(settled(telling));
      }
    });
  }

  /** A message of a person's; returns its number. */
  makeTest(channel: string, atMs: number): { readonly number: number; readonly key: string } {
    const message = { channel, kind: 'test', tellings: [], atMs } as const;
    const number = this.#database.transaction(() =>
      this.messages.insert(message, 'given_up', 'it was not answered'),
    );
    return { number, key: messageKey(channel, atMs, []) };
  }

  /** A test is sent once. */
  recordTest(number: number, attempt: Attempt): void {
    const isDelivered = attempt.outcome === 'delivered';
    this.#database.transaction(() => {
      this.messages.addAttempt(number, attempt);
      const endedAtMs = attempt.atMs + attempt.tookMs;
      if (isDelivered) this.messages.end(number, 'sent', endedAtMs);
      else this.messages.end(number, 'given_up', endedAtMs, 'a test is sent once');
    });
  }

  recordDelivered(number: number, channel: string, attempt: Attempt): void {
    this.#database.transaction(() => {
      this.messages.addAttempt(number, attempt);
      this.messages.end(number, 'sent', attempt.atMs + attempt.tookMs);
      for (const alertId of this.messages.alertIdsOf(number)) this.#afterDelivery(channel, alertId);
    });
  }

  recordFailed(number: number, attempt: Attempt, nextAttemptAtMs: number): void {
    this.#database.transaction(() => {
      this.messages.addAttempt(number, attempt);
      this.messages.postpone(number, nextAttemptAtMs);
    });
  }

  /** Returns how many alerts it told of. */
  giveUp(
    message: WaitingMessage,
    channel: string,
    end: { readonly reason: string; readonly atMs: number; readonly again: OwedAgain },
  ): number {
    const alerts = this.messages.alertsOf(message.number);
    this.#database.transaction(() => {
      this.messages.end(message.number, 'given_up', end.atMs, end.reason);
      for (const alert of alerts) {
        const telling = this.tellings.find(channel, alert.facts.id);
        if (telling === undefined) continue;
        const notBeforeMs =
          end.again === 'later' ? end.atMs + pauseMs(end.atMs - telling.owedSinceMs) : message.owedSinceMs;
        const next = end.again === 'never' ? telling : returned(telling, alert, notBeforeMs);
        if (isFinished(next)) this.tellings.delete(next);
        else this.tellings.save(next);
      }
    });
    return alerts.length;
  }

  /** Channels that have waiting messages or tellings, or may be told later. */
  channels(): readonly string[] {
    return [
      ...new Set([
        ...this.tellings.channels(),
        ...this.messages.channelsWaiting(),
        ...this.escalations.channels(),
      ]),
    ];
  }

  /** The channel exists no more. Returns how many alerts nobody is told of. */
  forgetChannel(channel: string, atMs: number): number {
    const reason = 'the channel is not configured any more';
    const owed = this.tellings.owed(channel);
    let count = owed.length;
    if (owed.length > 0) this.dropOwed({ channel, kind: 'alerts', tellings: owed, atMs }, reason);
    for (
      let message = this.messages.waiting(channel);
      message !== undefined;
      message = this.messages.waiting(channel)
    ) {
      count += this.giveUp(message, channel, { reason, atMs, again: 'never' });
    }
    this.tellings.deleteOfChannel(channel);
    this.escalations.deleteOfChannel(channel);
    return count;
  }

  /** Deletes some of what is older than that, and of the oldest messages beyond the number that is kept. */
  deleteOld(retention: Retention): void {
    this.#database.transaction(() => {
      this.messages.deleteOld(retention, DELETED_AT_ONCE);
      this.untold.deleteOld(retention.beforeMs, DELETED_AT_ONCE);
      this.held.deleteOld(retention.beforeMs, DELETED_AT_ONCE);
    });
  }

  /** Messages of one channel that are older than that, and over. */
  deleteOfChannel(channel: string, beforeMs: number): void {
    this.#database.transaction(() => this.messages.deleteOfChannel(channel, beforeMs, DELETED_AT_ONCE));
  }

  #afterDelivery(channel: string, alertId: string): void {
    const telling = this.tellings.find(channel, alertId);
    if (telling === undefined) return;
    if (isFinished(telling)) this.tellings.delete(telling);
    else if (telling.second !== undefined) this.tellings.save(heard(telling));
  }
}

/** Longer the longer it has been owed. */
function pauseMs(ageMs: number): number {
  return Math.min(Math.max(ageMs, PAUSE_MS.least), PAUSE_MS.most);
}

function isFinished({ told, owed }: Telling): boolean {
  return told === 'over' && owed === undefined;
}

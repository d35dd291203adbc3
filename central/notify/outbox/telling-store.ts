import type { Severity } from '../../alerts/rules/severity.ts';
import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import { LONGEST_WAIT_MS } from './plan-message.ts';
import type { Owed, Telling } from './telling.ts';

/** What channels were told and are owed. To be called within a transaction where it writes. */
export class TellingStore {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: StateDatabase) {
    this.#statements = prepareStatements(database);
  }

  /** Of all channels. */
  ofAlert(alertId: string): readonly Telling[] {
    return this.#statements.ofAlert.all(alertId).map(toTelling);
  }

  find(channel: string, alertId: string): Telling | undefined {
    const row = this.#statements.find.get(channel, alertId);
    return row && toTelling(row);
  }

  /** How many tellings the channel is owed; those that are held back count, too. */
  owedCount(channel: string): number {
    return Number(this.#statements.owedCount.get(channel)?.['count']);
  }

  /** `waitMs`: how long the oldest must have been owed. */
  hasDue(channel: string, nowMs: number, waitMs: number): boolean {
    if (this.owedCount(channel) === 0) return false;
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

  /** Beginnings that are owed, of alerts with a higher id than `afterAlertId` and that the channel knows nothing of, in the order of ids. */
  untold(afterAlertId: string, limit: number): readonly Telling[] {
    return this.#statements.untold.all(afterAlertId, limit).map(toTelling);
  }

  /** Told as open, and owed neither an end nor a beginning anew. */
  toldAsOpen(channel: string): readonly Telling[] {
    return this.#statements.toldAsOpen.all(channel).map(toTelling);
  }

  /** Those that another channel is to hear of now. */
  secondsDue(nowMs: number, limit: number): readonly Telling[] {
    const soonestMs = this.#statements.soonestSecond.get()?.['at_ms'];
    if (typeof soonestMs !== 'number' || soonestMs > nowMs) return [];
    return this.#statements.secondsDue.all(nowMs, limit).map(toTelling);
  }

  channels(): readonly string[] {
    return this.#statements.channels.all().map((row) => String(row['channel']));
  }

  save(telling: Telling): void {
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

  delete({ channel, facts }: Telling): void {
    this.#statements.delete.run(channel, facts.id);
  }

  deleteOfChannel(channel: string): void {
    this.#statements.deleteOfChannel.run(channel);
  }
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    upsert: prepare(
      `INSERT OR REPLACE INTO notify_telling (channel, alert_id, facts, told, told_severity, owed, owed_since_ms,
         not_before_ms, second_channel, second_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    find: prepare('SELECT * FROM notify_telling WHERE channel = ? AND alert_id = ?'),
    ofAlert: prepare('SELECT * FROM notify_telling WHERE alert_id = ?'),
    delete: prepare('DELETE FROM notify_telling WHERE channel = ? AND alert_id = ?'),
    deleteOfChannel: prepare('DELETE FROM notify_telling WHERE channel = ?'),
    owedCount: database.prepareKept(
      'SELECT COUNT(*) AS count FROM notify_telling WHERE channel = ? AND owed IS NOT NULL',
    ),
    hasDue: prepare(
      `SELECT 1 AS due FROM notify_telling WHERE channel = ?1 AND owed IS NOT NULL
         AND (not_before_ms <= ?2 OR not_before_ms > ?3) AND (owed_since_ms <= ?4 OR owed_since_ms > ?2) LIMIT 1`,
    ),
    owedDue: prepare(
      `SELECT * FROM notify_telling WHERE channel = ?1 AND owed IS NOT NULL
         AND (not_before_ms <= ?2 OR not_before_ms > ?3) ORDER BY owed_since_ms, alert_id LIMIT ?4`,
    ),
    owed: prepare(
      'SELECT * FROM notify_telling WHERE channel = ? AND owed IS NOT NULL ORDER BY owed_since_ms, alert_id',
    ),
    untold: database.prepareKept(
      `SELECT * FROM notify_telling WHERE owed = 'begin' AND told = 'nothing' AND alert_id > ?
       ORDER BY alert_id LIMIT ?`,
    ),
    toldAsOpen: prepare(
      `SELECT * FROM notify_telling WHERE channel = ? AND told = 'open' AND (owed IS NULL OR owed = 'change')
       ORDER BY alert_id`,
    ),
    secondsDue: prepare('SELECT * FROM notify_telling WHERE second_at_ms <= ? ORDER BY second_at_ms LIMIT ?'),
    soonestSecond: database.prepareKept('SELECT MIN(second_at_ms) AS at_ms FROM notify_telling'),
    channels: prepare('SELECT DISTINCT channel FROM notify_telling'),
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

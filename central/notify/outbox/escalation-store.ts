import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { Belonging } from '../route/alert-owners.ts';
import type { RoutedAlert } from '../route/should-tell.ts';

/** A channel that hears of an alert as well, if it is still open and nobody acknowledged it by then. */
export interface Escalation {
  readonly alertId: string;
  readonly channel: string;
  /** Unix ms. */
  readonly atMs: number;
  /** Whose the alert was when its routes were asked. */
  readonly belonging?: Belonging;
  /** What its route took, where that is an alert that hangs on this one. */
  readonly suppressed?: RoutedAlert;
  /** Not called while another open alert of the incident has told the channel as much. */
  readonly isWithheld?: boolean;
}

/** Channels that are to hear of open alerts later. To be called within a transaction where it writes. */
export class EscalationStore {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: StateDatabase) {
    this.#statements = prepareStatements(database);
  }

  /** The soonest first. */
  ofAlert(alertId: string): readonly Escalation[] {
    return this.#statements.ofAlert.all(alertId).map(toEscalation);
  }

  due(nowMs: number, limit: number): readonly Escalation[] {
    const soonestMs = this.#statements.soonest.get()?.['at_ms'];
    if (typeof soonestMs !== 'number' || soonestMs > nowMs) return [];
    return this.#statements.due.all(nowMs, limit).map(toEscalation);
  }

  /** Of several for one channel the soonest counts. */
  add({ alertId, channel, atMs, suppressed, belonging = {}, isWithheld = false }: Escalation): void {
    this.#statements.add.run(
      alertId,
      channel,
      atMs,
      suppressed === undefined ? null : JSON.stringify(suppressed),
      Object.keys(belonging).length === 0 ? null : JSON.stringify(belonging),
      isWithheld ? 1 : 0,
    );
  }

  channels(): readonly string[] {
    return this.#statements.channels.all().map((row) => String(row['channel']));
  }

  delete({ alertId, channel }: Escalation): void {
    this.#statements.delete.run(alertId, channel);
  }

  deleteOfAlert(alertId: string): void {
    this.#statements.deleteOfAlert.run(alertId);
  }

  deleteOfChannel(channel: string): void {
    this.#statements.deleteOfChannel.run(channel);
  }
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    ofAlert: prepare('SELECT * FROM notify_escalation WHERE alert_id = ? ORDER BY at_ms, channel'),
    soonest: database.prepareKept('SELECT MIN(at_ms) AS at_ms FROM notify_escalation'),
    due: prepare('SELECT * FROM notify_escalation WHERE at_ms <= ? ORDER BY at_ms LIMIT ?'),
    add: prepare(
      `INSERT INTO notify_escalation (alert_id, channel, at_ms, suppressed, belonging, is_withheld)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (alert_id, channel) DO UPDATE SET at_ms = MIN(at_ms, excluded.at_ms),
         suppressed = COALESCE(suppressed, excluded.suppressed),
         belonging = COALESCE(belonging, excluded.belonging),
         is_withheld = MAX(is_withheld, excluded.is_withheld)`,
    ),
    channels: prepare('SELECT DISTINCT channel FROM notify_escalation'),
    delete: prepare('DELETE FROM notify_escalation WHERE alert_id = ? AND channel = ?'),
    deleteOfAlert: prepare('DELETE FROM notify_escalation WHERE alert_id = ?'),
    deleteOfChannel: prepare('DELETE FROM notify_escalation WHERE channel = ?'),
  };
}

// The rows are our own: what was written above is what comes back.
function toEscalation(row: SqlRow): Escalation {
  const { suppressed, belonging } = row;
  return {
    alertId: String(row['alert_id']),
    channel: String(row['channel']),
    atMs: Number(row['at_ms']),
    ...(typeof suppressed === 'string' && { suppressed: JSON.parse(suppressed) as RoutedAlert }),
    ...(typeof belonging === 'string' && { belonging: JSON.parse(belonging) as Belonging }),
    ...(row['is_withheld'] === 1 && { isWithheld: true }),
  };
}

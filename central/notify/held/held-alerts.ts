import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import type { HeldAlert, HoldKind, HoldReason } from './hold.ts';

/** A reason that an alert was held for, and is not any more. Times are Unix ms. */
export interface PastHold extends HoldReason {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What becomes of the alerts that are held, by id; undefined: held no more. */
export type HeldChanges = ReadonlyMap<string, HeldAlert | undefined>;

/** Of one alert's history. */
const MAX_PAST = 100;

/** Alerts that are held: in memory, because they are asked about each second, and on disk. */
export class HeldAlerts {
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** In the order in which they are to be reviewed. */
  readonly #held: Map<string, HeldAlert>;
  #version = 0;

  constructor(database: StateDatabase) {
    this.#statements = prepareStatements(database);
    this.#held = new Map(
      this.#statements.all
        .all()
        .map(toHeld)
        .map((held) => [held.facts.id, held]),
    );
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  get(alertId: string): HeldAlert | undefined {
    return this.#held.get(alertId);
  }

  /** Whoever was not looked at for longest comes first. */
  values(): Iterable<HeldAlert> {
    return this.#held.values();
  }

  /** How many are held, for each reason that there is. */
  counts(): Readonly<Partial<Record<HoldKind, number>>> {
    const counts: Partial<Record<HoldKind, number>> = {};
    for (const { why } of this.#held.values()) counts[why.kind] = (counts[why.kind] ?? 0) + 1;
    return counts;
  }

  /** Its former reasons, oldest first. */
  pastOf(alertId: string): readonly PastHold[] {
    return this.#statements.past.all(alertId, MAX_PAST).map(toPast);
  }

  /** They were looked at: all others come before them. */
  takenInTurn(alerts: Iterable<HeldAlert>): void {
    for (const { facts } of alerts) {
      const held = this.#held.get(facts.id);
      if (held === undefined) continue;
      this.#held.delete(facts.id);
      this.#held.set(facts.id, held);
    }
  }

  /** Within a transaction. What is in memory stays as it is until `apply`: the disk may refuse. */
  write(changes: HeldChanges, nowMs: number): void {
    const { upsert, remove, addPast } = this.#statements;
    for (const [id, held] of changes) {
      const before = this.#held.get(id);
      if (before !== undefined && before.why !== held?.why) {
        const { kind, by, reason, untilMs } = before.why;
        addPast.run(id, kind, by, reason, untilMs ?? null, before.sinceMs, nowMs);
      }
      if (held === undefined) {
        remove.run(id);
        continue;
      }
      const { facts, why, sinceMs, heldSinceMs } = held;
      const { kind, by, reason, untilMs } = why;
      upsert.run(id, JSON.stringify(facts), kind, by, reason, untilMs ?? null, sinceMs, heldSinceMs);
    }
  }

  /** Once they are on disk. */
  apply(changes: HeldChanges): void {
    this.#version++;
    for (const [id, held] of changes) {
      if (held === undefined) this.#held.delete(id);
      else this.#held.set(id, held);
    }
  }

  /** Within a transaction; at most `limit` of what ended before. */
  deleteOld(beforeMs: number, limit: number): void {
    this.#statements.deletePast.run(beforeMs, limit);
  }
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    all: prepare('SELECT * FROM notify_held ORDER BY held_since_ms, alert_id'),
    upsert: prepare(
      `INSERT OR REPLACE INTO notify_held (alert_id, facts, kind, by, reason, until_ms, since_ms, held_since_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: prepare('DELETE FROM notify_held WHERE alert_id = ?'),
    addPast: prepare(
      `INSERT INTO notify_held_log (alert_id, kind, by, reason, until_ms, from_ms, to_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    past: prepare(
      `SELECT * FROM (SELECT * FROM notify_held_log WHERE alert_id = ? ORDER BY number DESC LIMIT ?) ORDER BY number`,
    ),
    deletePast: prepare(
      'DELETE FROM notify_held_log WHERE number IN (SELECT number FROM notify_held_log WHERE to_ms < ? LIMIT ?)',
    ),
  };
}

// The rows are our own: what was written above is what comes back.
function toHeld(row: SqlRow): HeldAlert {
  return {
    facts: JSON.parse(String(row['facts'])) as AlertFacts,
    why: toReason(row),
    sinceMs: Number(row['since_ms']),
    heldSinceMs: Number(row['held_since_ms']),
  };
}

function toPast(row: SqlRow): PastHold {
  return { ...toReason(row), fromMs: Number(row['from_ms']), toMs: Number(row['to_ms']) };
}

function toReason(row: SqlRow): HoldReason {
  const { until_ms: untilMs } = row;
  return {
    kind: String(row['kind']) as HoldKind,
    by: String(row['by']),
    reason: String(row['reason']),
    ...(typeof untilMs === 'number' && { untilMs }),
  };
}

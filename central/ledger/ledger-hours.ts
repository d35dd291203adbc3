import type { SqlRow, SqlValue, StateDatabase } from '../state/database.ts';
import type { LedgerHour, LedgerHoursQuery, LedgerTotals, StoredBatch } from './ledger.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LATE_AFTER_MS = 60_000;
/** A city of 1,100 agents fills 26,400 rows a day. */
const KEPT_DAYS = 92;

const MIGRATIONS = [
  `CREATE TABLE ledger_hour (
     agent TEXT NOT NULL,
     hour_ms INTEGER NOT NULL,
     stored_batches INTEGER NOT NULL,
     stored_points INTEGER NOT NULL,
     refused_points INTEGER NOT NULL,
     lost_points INTEGER NOT NULL,
     late_batches INTEGER NOT NULL,
     PRIMARY KEY (agent, hour_ms)
   ) WITHOUT ROWID;
   CREATE INDEX ledger_hour_by_time ON ledger_hour (hour_ms)`,
];

/** Counts per agent and hour. `add` collects; `flush` writes within the caller's transaction. */
export interface LedgerHours {
  add(batch: StoredBatch, lostPoints: number, nowMs: number): void;
  addLost(agent: string, lostPoints: number, nowMs: number): void;
  flush(nowMs: number): void;
  discard(): void;
  read(query: LedgerHoursQuery): readonly LedgerHour[];
  totals(agents: readonly string[], fromMs: number, toMs: number): ReadonlyMap<string, LedgerTotals>;
}

type Counts = { -readonly [key in keyof LedgerHour]: LedgerHour[key] };

export function openLedgerHours(database: StateDatabase): LedgerHours {
  database.migrate('ledger-hour', MIGRATIONS);
  const upsert = database.prepare(
    `INSERT INTO ledger_hour
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
     FROM json_each(?) WHERE true
     ON CONFLICT (agent, hour_ms) DO UPDATE SET
       stored_batches = stored_batches + excluded.stored_batches,
       stored_points = stored_points + excluded.stored_points,
       refused_points = refused_points + excluded.refused_points,
       lost_points = lost_points + excluded.lost_points,
       late_batches = late_batches + excluded.late_batches`,
  );
  const prune = database.prepare('DELETE FROM ledger_hour WHERE hour_ms < ?');
  // A unit may have a thousand agents: each is one range of the primary key.
  const sums = database.prepare(
    `SELECT agent, TOTAL(stored_batches) AS stored_batches, TOTAL(stored_points) AS stored_points,
       TOTAL(refused_points) AS refused_points, TOTAL(lost_points) AS lost_points, TOTAL(late_batches) AS late_batches
     FROM ledger_hour WHERE agent IN (SELECT value FROM json_each(?)) AND hour_ms > ? AND hour_ms < ? GROUP BY agent`,
  );
  const pending = new Map<string, Counts>();
  let prunedDay = 0;
  return {
    add: (batch, lostPoints, nowMs) => {
      const counts = pending.get(batch.agent) ?? emptyHour(batch.agent, nowMs);
      counts.storedBatches += 1;
      counts.storedPoints += batch.storedPoints;
      counts.refusedPoints += batch.refusedPoints;
      counts.lostPoints += lostPoints;
      counts.lateBatches += nowMs - batch.measuredAtMs > LATE_AFTER_MS ? 1 : 0;
      pending.set(batch.agent, counts);
    },
    addLost: (agent, lostPoints, nowMs) => {
      const counts = pending.get(agent) ?? emptyHour(agent, nowMs);
      counts.lostPoints += lostPoints;
      pending.set(agent, counts);
    },
    flush: (nowMs) => {
      const rows = [...pending.values()].map((hour) => [
        hour.agent,
        hour.hourMs,
        hour.storedBatches,
        hour.storedPoints,
        hour.refusedPoints,
        hour.lostPoints,
        hour.lateBatches,
      ]);
      if (rows.length > 0) upsert.run(JSON.stringify(rows));
      pending.clear();
      const day = Math.floor(nowMs / DAY_MS);
      if (day === prunedDay) return;
      prune.run((day - KEPT_DAYS) * DAY_MS);
      prunedDay = day;
    },
    discard: () => pending.clear(),
    read: (query) => readHours(database, query),
    totals: (agents, fromMs, toMs) =>
      new Map(
        sums
          .all(JSON.stringify(agents), fromMs - HOUR_MS, toMs)
          .map((row) => [String(row['agent']), countsOf(row)]),
      ),
  };
}

function emptyHour(agent: string, nowMs: number): Counts {
  return {
    agent,
    hourMs: Math.floor(nowMs / HOUR_MS) * HOUR_MS,
    storedBatches: 0,
    storedPoints: 0,
    refusedPoints: 0,
    lostPoints: 0,
    lateBatches: 0,
  };
}

function readHours(database: StateDatabase, query: LedgerHoursQuery): LedgerHour[] {
  const { agent, fromMs, toMs, limit, after } = query;
  const conditions = ['hour_ms > ?', 'hour_ms < ?'];
  const values: SqlValue[] = [fromMs - HOUR_MS, toMs];
  if (agent !== undefined) {
    conditions.push('agent = ?');
    values.push(agent);
  }
  if (after !== undefined) {
    conditions.push('(hour_ms < ? OR (hour_ms = ? AND agent > ?))');
    values.push(after.hourMs, after.hourMs, after.agent);
  }
  const rows = database
    .prepare(
      `SELECT * FROM ledger_hour WHERE ${conditions.join(' AND ')} ORDER BY hour_ms DESC, agent LIMIT ?`,
    )
    .all(...values, limit);
  return rows.map((row) => ({
    agent: String(row['agent']),
    hourMs: Number(row['hour_ms']),
    ...countsOf(row),
  }));
}

function countsOf(row: SqlRow): LedgerTotals {
  return {
    storedBatches: Number(row['stored_batches']),
    storedPoints: Number(row['stored_points']),
    refusedPoints: Number(row['refused_points']),
    lostPoints: Math.min(Number(row['lost_points']), Number.MAX_SAFE_INTEGER),
    lateBatches: Number(row['late_batches']),
  };
}

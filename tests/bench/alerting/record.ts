import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStateDatabase } from '../../../central/state/database.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { BEAT_GATEWAY, TOLD_RULES } from './lines-city.ts';

export interface RecordedEvent {
  readonly number: number;
  readonly alert: string;
  readonly kind: string;
  readonly phase: string;
  readonly severity: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
}

export interface AlertRecordOnDisk {
  readonly events: readonly RecordedEvent[];
  /** Alerts that are open, and whose agent sends all the time the same. */
  readonly steady: ReadonlySet<string>;
  /** Open ones. */
  readonly incidents: number;
  /** Of whose beginning the route takes care: nothing holds them, or held them until they were over. */
  readonly toTell: readonly ToTell[];
}

export interface ToTell {
  readonly id: string;
  readonly isOver: boolean;
}

const EVENTS = `SELECT number, alert_id AS alert, kind, phase, severity, at_ms AS atMs, recorded_at_ms AS recordedAtMs
  FROM alert_event ORDER BY number`;
const STEADY = `SELECT id FROM alert WHERE phase IN ('firing', 'recovering', 'flapping') AND agent <> ?`;
const TO_TELL = `SELECT id, phase IN ('resolved', 'withdrawn', 'closed') AS is_over FROM alert
  WHERE rule IN (${TOLD_RULES.map(() => '?').join()})
    AND id IN (SELECT alert_id FROM alert_event WHERE kind = 'fired')
    AND id NOT IN (SELECT alert_id FROM notify_held)
    AND id NOT IN (SELECT alert_id FROM notify_untold WHERE kind <> 'no_route')`;
const INCIDENTS = 'SELECT count(*) AS open FROM incident WHERE ended_ms IS NULL';

/** Reads a copy, as to open the file itself would do work that central has to do at its start. Central must not run. */
export function readAlertRecord(dataDirectory: string): AlertRecordOnDisk {
  const scratch = temporaryDirectory('bench-record');
  try {
    const copy = join(scratch.path, 'state.db');
    for (const end of ['', '-wal', '-shm']) {
      const file = join(dataDirectory, `state.db${end}`);
      if (existsSync(file)) copyFileSync(file, `${copy}${end}`);
    }
    const database = openStateDatabase(copy);
    try {
      return {
        events: database.prepare(EVENTS).all() as unknown as RecordedEvent[],
        steady: new Set(
          database
            .prepare(STEADY)
            .all(BEAT_GATEWAY)
            .map(({ id }) => String(id)),
        ),
        toTell: database
          .prepare(TO_TELL)
          .all(...TOLD_RULES)
          .map((row) => ({ id: String(row['id']), isOver: row['is_over'] === 1 })),
        incidents: Number(database.prepare(INCIDENTS).get()?.['open']),
      };
    } finally {
      database.close();
    }
  } finally {
    scratch.remove();
  }
}

export interface Differences {
  /** Of what was on disk: gone, or another one. */
  readonly changedEvents: number;
  /** An alert begins once and ends once, whatever happens to central. */
  readonly twice: number;
  /** Of alerts to which nothing happened. */
  readonly unasked: number;
}

/** Pure. */
export function compareRecords(before: AlertRecordOnDisk, after: AlertRecordOnDisk): Differences {
  const known = new Map(after.events.map((event) => [event.number, JSON.stringify(event)]));
  const newestBefore = before.events.at(-1)?.number ?? 0;
  const added = after.events.filter(({ number }) => number > newestBefore);
  const onceOnly = after.events.filter(({ kind }) => ['started', 'fired', 'resolved'].includes(kind));
  return {
    changedEvents: before.events.filter((event) => known.get(event.number) !== JSON.stringify(event)).length,
    twice: onceOnly.length - new Set(onceOnly.map(({ alert, kind }) => `${alert} ${kind}`)).size,
    unasked: added.filter(({ alert }) => before.steady.has(alert)).length,
  };
}

import type { StateDatabase } from '../../state/database.ts';

/** Never edited, only added to. */
const MIGRATIONS = [
  `CREATE TABLE alert_event_cursor (
     only_one INTEGER PRIMARY KEY CHECK (only_one = 1), sequence INTEGER NOT NULL, time_ms INTEGER NOT NULL
   )`,
];

/** The last step of an alert that the store has, and the time of its row. */
export interface WrittenStep {
  readonly sequence: number;
  /** Unix ms; 0: none was written yet. */
  readonly timeMs: number;
}

/** Up to which step of alerts the store has them: kept in `state.db`. */
export interface WrittenSteps {
  /** undefined: none was ever written. */
  read(): WrittenStep | undefined;
  save(step: WrittenStep): void;
}

export function openWrittenSteps(database: StateDatabase): WrittenSteps {
  database.migrate('alert_event_cursor', MIGRATIONS);
  const get = database.prepare('SELECT sequence, time_ms FROM alert_event_cursor');
  const set = database.prepare(
    `INSERT INTO alert_event_cursor (only_one, sequence, time_ms) VALUES (1, ?, ?)
     ON CONFLICT (only_one) DO UPDATE SET sequence = excluded.sequence, time_ms = excluded.time_ms`,
  );
  return {
    read: () => {
      const row = get.get();
      return row && { sequence: Number(row['sequence']), timeMs: Number(row['time_ms']) };
    },
    save: ({ sequence, timeMs }) => void set.run(sequence, timeMs),
  };
}

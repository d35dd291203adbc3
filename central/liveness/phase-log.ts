import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { AgentPhase } from './agent-view.ts';

/** An agent came, fell silent, stopped or came back. */
export interface PhaseChange {
  readonly agent: string;
  /** The same as `phase`: it is the first that was noted of the agent, and no change. */
  readonly before: AgentPhase;
  readonly phase: AgentPhase;
  /** Seen by central, Unix time in ms. */
  readonly atMs: number;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
}

export interface NumberedPhaseChange extends PhaseChange {
  readonly number: number;
}

export interface PhaseChangesQuery {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher number. */
  readonly afterNumber: number;
  readonly unit?: string | undefined;
  readonly limit: number;
}

/** The changes of phase of all agents; survives a restart. */
export interface PhaseLog {
  /** One durable transaction; throws, with nothing changed, when the disk refuses. */
  append(changes: readonly PhaseChange[]): void;
  /** The last change of each agent stays. */
  deleteBefore(timeMs: number): void;
  /** The phase that each agent was in after its last change. */
  last(): ReadonlyMap<string, AgentPhase>;
  /** In the order of time; only what is a change. */
  read(query: PhaseChangesQuery): readonly NumberedPhaseChange[];
}

export const PHASES_KEPT_MS = 92 * 86_400_000;

const MIGRATIONS = [
  `CREATE TABLE agent_phase (
     number INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, agent TEXT NOT NULL, before TEXT NOT NULL, phase TEXT NOT NULL,
     unit TEXT, site TEXT
   );
   CREATE INDEX agent_phase_by_time ON agent_phase (at_ms, number);
   CREATE INDEX agent_phase_by_agent ON agent_phase (agent, number)`,
];

export function openPhaseLog(database: StateDatabase): PhaseLog {
  database.migrate('agent-phase', MIGRATIONS);
  const insert = database.prepare(
    'INSERT INTO agent_phase (at_ms, agent, before, phase, unit, site) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // The last change of each agent stays: it is what the next one is a change from.
  const prune = database.prepare(
    `DELETE FROM agent_phase WHERE at_ms < ? AND number < (SELECT MAX(number) FROM agent_phase AS other WHERE other.agent = agent_phase.agent)`,
  );
  const newest = database.prepare(
    'SELECT agent, phase FROM agent_phase WHERE number IN (SELECT MAX(number) FROM agent_phase GROUP BY agent)',
  );
  const range = `SELECT * FROM agent_phase
     WHERE before <> phase AND at_ms >= ? AND at_ms < ? AND (at_ms > ? OR number > ?) AND (? IS NULL OR unit = ?) ORDER BY at_ms, number LIMIT ?`;
  const inRange = database.prepare(range);
  return {
    append: (changes) => {
      if (changes.length === 0) return;
      database.transaction(() => {
        for (const { atMs, agent, before, phase, unit, site } of changes)
          insert.run(atMs, agent, before, phase, unit ?? null, site ?? null);
      });
    },
    deleteBefore: (timeMs) => {
      prune.run(timeMs);
    },
    last: () => new Map(newest.all().map((row) => [String(row['agent']), row['phase'] as AgentPhase])),
    read: ({ fromMs, toMs, afterNumber, unit = null, limit }) =>
      inRange.all(fromMs, toMs, fromMs, afterNumber, unit, unit, limit).map(toChange),
  };
}

function toChange(row: SqlRow): NumberedPhaseChange {
  const { unit, site } = row;
  return {
    number: Number(row['number']),
    atMs: Number(row['at_ms']),
    agent: String(row['agent']),
    before: row['before'] as AgentPhase,
    phase: row['phase'] as AgentPhase,
    ...(typeof unit === 'string' && { unit }),
    ...(typeof site === 'string' && { site }),
  };
}

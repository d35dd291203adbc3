import { stateSchema, type AgentState } from '../../contract/state.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { StateDatabase } from '../state/database.ts';

const MIGRATIONS = [
  `CREATE TABLE agent (
     id TEXT PRIMARY KEY, state TEXT, interval_ms INTEGER NOT NULL, first_seen_ms INTEGER NOT NULL,
     last_seen_ms INTEGER NOT NULL, stopped INTEGER NOT NULL
   )`,
  'CREATE TABLE agent_retired (id TEXT PRIMARY KEY)',
];

/** What outlasts a restart of central. */
export interface SavedAgent {
  /** Its last birth. */
  readonly state: AgentState | undefined;
  readonly intervalMs: number;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  readonly stopped: boolean;
}

export interface AgentRepository {
  all(): ReadonlyMap<string, SavedAgent>;
  /** Those that nobody expects any more, though the inventory may still name them. */
  retired(): Set<string>;
  /** Deletes what is known of it. */
  retire(id: string): void;
  /** It is back. */
  readmit(id: string): void;
  /** One durable transaction. */
  save(agents: Iterable<readonly [id: string, agent: SavedAgent]>): void;
}

export function openAgentRepository(database: StateDatabase, log: Logger): AgentRepository {
  database.migrate('agent', MIGRATIONS);
  const upsert = database.prepare(
    `INSERT INTO agent (id, state, interval_ms, first_seen_ms, last_seen_ms, stopped) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, interval_ms = excluded.interval_ms,
       last_seen_ms = excluded.last_seen_ms, stopped = excluded.stopped`,
  );
  return {
    all: () =>
      new Map(
        database
          .prepare('SELECT * FROM agent')
          .all()
          .map((row) => {
            const id = String(row['id']);
            return [
              id,
              {
                state: typeof row['state'] === 'string' ? parseState(id, row['state'], log) : undefined,
                intervalMs: Number(row['interval_ms']),
                firstSeenAtMs: Number(row['first_seen_ms']),
                lastSeenAtMs: Number(row['last_seen_ms']),
                stopped: row['stopped'] === 1,
              },
            ];
          }),
      ),
    retired: () =>
      new Set(
        database
          .prepare('SELECT id FROM agent_retired')
          .all()
          .map((row) => String(row['id'])),
      ),
    retire: (id) =>
      database.transaction(() => {
        database.prepare('DELETE FROM agent WHERE id = ?').run(id);
        database.prepare('INSERT OR IGNORE INTO agent_retired (id) VALUES (?)').run(id);
      }),
    readmit: (id) => {
      database.prepare('DELETE FROM agent_retired WHERE id = ?').run(id);
    },
    save: (agents) =>
      database.transaction(() => {
        for (const [id, { state, intervalMs, firstSeenAtMs, lastSeenAtMs, stopped }] of agents) {
          const text = state === undefined ? null : JSON.stringify(state);
          upsert.run(id, text, intervalMs, firstSeenAtMs, lastSeenAtMs, stopped ? 1 : 0);
        }
      }),
  };
}

/** A state that cannot be read must not keep central from starting: it is missing until the agent's next birth. */
function parseState(agent: string, text: string, log: Logger): AgentState | undefined {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (err) {
    log.error({ agent, err }, 'the saved state of an agent cannot be read; it is dropped');
    return undefined;
  }
}

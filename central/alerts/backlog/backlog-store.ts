import type { LiveEntity } from '../engine/rule-runtime.ts';
import type { Part } from '../lifecycle/parts.ts';
import type { StateDatabase } from '../../state/database.ts';
import type { Cut } from './cut-watch.ts';
import type { TrackProgress } from './entity-track.ts';
import type { Run } from './live-log.ts';

/** An agent whose backlog is judged. */
export interface SavedAgent {
  readonly agent: string;
  readonly cuts: readonly Cut[];
  readonly openedAtMs: number;
  readonly lastLiveMs: number;
}

/** An entity of it; stored as JSON. */
export interface SavedEntity extends TrackProgress {
  readonly rule: string;
  readonly hash: string;
  readonly key: string;
  readonly live?: Omit<LiveEntity, 'share' | 'parts'> & {
    readonly parts: readonly (readonly [string, Part])[];
  };
  readonly runs: readonly Run[];
}

/** Never edited, only added to. */
const MIGRATIONS = [
  `CREATE TABLE backlog_agent (agent TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE backlog_entity (
     agent TEXT NOT NULL,
     rule TEXT NOT NULL,
     entity_key TEXT NOT NULL,
     record TEXT NOT NULL,
     PRIMARY KEY (agent, rule, entity_key)
   ) WITHOUT ROWID`,
];

/** How far the backlog is judged, in `state.db`. What writes is to be called within a transaction. */
export interface BacklogStore {
  transaction(work: () => void): void;
  saveAgent(agent: SavedAgent): void;
  saveEntity(agent: string, entity: SavedEntity): void;
  deleteEntity(agent: string, rule: string, key: string): void;
  /** With all of its entities. */
  deleteAgent(agent: string): void;
  agents(): readonly SavedAgent[];
  entities(agent: string): readonly SavedEntity[];
}

export function openBacklogStore(database: StateDatabase): BacklogStore {
  database.migrate('alert backlog', MIGRATIONS);
  const saveAgent = database.prepare('INSERT OR REPLACE INTO backlog_agent (agent, record) VALUES (?, ?)');
  const saveEntity = database.prepare(
    'INSERT OR REPLACE INTO backlog_entity (agent, rule, entity_key, record) VALUES (?, ?, ?, ?)',
  );
  const agents = database.prepare('SELECT record FROM backlog_agent');
  const entities = database.prepare('SELECT record FROM backlog_entity WHERE agent = ?');
  const deleteEntity = database.prepare(
    'DELETE FROM backlog_entity WHERE agent = ? AND rule = ? AND entity_key = ?',
  );
  const deleteAgent = database.prepare('DELETE FROM backlog_agent WHERE agent = ?');
  const deleteEntities = database.prepare('DELETE FROM backlog_entity WHERE agent = ?');
  return {
    transaction: (work) => database.transaction(work),
    saveAgent: (agent) => void saveAgent.run(agent.agent, JSON.stringify(agent)),
    saveEntity: (agent, entity) =>
      void saveEntity.run(agent, entity.rule, entity.key, JSON.stringify(entity)),
    // The rows are our own: what was written above is what comes back.
    agents: () => agents.all().map((row) => JSON.parse(String(row['record'])) as SavedAgent),
    entities: (agent) => entities.all(agent).map((row) => JSON.parse(String(row['record'])) as SavedEntity),
    deleteEntity: (agent, rule, key) => void deleteEntity.run(agent, rule, key),
    deleteAgent: (agent) => {
      deleteEntities.run(agent);
      deleteAgent.run(agent);
    },
  };
}

import type { StateDatabase } from '../state/database.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { MAX_NODES } from './node-list.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

const MIGRATIONS = [
  'CREATE TABLE sparkplug_node (agent TEXT PRIMARY KEY, group_id TEXT NOT NULL, node_id TEXT NOT NULL, born_at_ms INTEGER NOT NULL)',
  // It is not known when the nodes saved before were last seen: their time begins now.
  `ALTER TABLE sparkplug_node ADD COLUMN heard_at_ms INTEGER NOT NULL DEFAULT 0;
   UPDATE sparkplug_node SET heard_at_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000`,
];
const DAY_MS = 86_400_000;
const FORGET_AFTER_MS = 30 * DAY_MS;

export interface SavedNode extends NodeName {
  /** To a day. */
  readonly lastSeenAtMs: number;
}

/** Edge nodes that were born at this central, so that a restarted one can ask them for a rebirth instead of waiting. */
export interface NodeRepository {
  /** The last seen first, as many as central can know. */
  list(): readonly SavedNode[];
  recordBirth(node: NodeName, nowMs: number): void;
  /** Its session is open: written once a day. */
  recordHeartbeat(node: NodeName, nowMs: number): void;
}

export function openNodeRepository(database: StateDatabase, nowMs: number): NodeRepository {
  database.migrate('sparkplug-node', MIGRATIONS);
  database.prepare('DELETE FROM sparkplug_node WHERE heard_at_ms < ?').run(nowMs - FORGET_AFTER_MS);
  const lastSeen = `FROM sparkplug_node ORDER BY heard_at_ms DESC LIMIT ${MAX_NODES}`;
  database.prepare(`DELETE FROM sparkplug_node WHERE agent NOT IN (SELECT agent ${lastSeen})`).run();
  const all = database.prepare(`SELECT group_id, node_id, heard_at_ms ${lastSeen}`);
  const upsert = database.prepare(
    `INSERT INTO sparkplug_node (agent, group_id, node_id, born_at_ms, heard_at_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (agent) DO UPDATE SET born_at_ms = excluded.born_at_ms, heard_at_ms = excluded.heard_at_ms`,
  );
  const list = (): SavedNode[] =>
    all.all().map((row) => ({
      group: String(row['group_id']),
      node: String(row['node_id']),
      lastSeenAtMs: Number(row['heard_at_ms']),
    }));
  const update = database.prepare('UPDATE sparkplug_node SET heard_at_ms = ? WHERE agent = ?');
  const writtenAtMs = new Map(list().map((node) => [agentIdOf(node), node.lastSeenAtMs]));
  return {
    list,
    recordBirth: (node, atMs) => {
      const agent = agentIdOf(node);
      upsert.run(agent, node.group, node.node, atMs, atMs);
      writtenAtMs.set(agent, atMs);
    },
    recordHeartbeat: (node, atMs) => {
      const agent = agentIdOf(node);
      const writtenMs = writtenAtMs.get(agent);
      if (writtenMs === undefined || atMs - writtenMs < DAY_MS) return;
      update.run(atMs, agent);
      writtenAtMs.set(agent, atMs);
    },
  };
}

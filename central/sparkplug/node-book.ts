import type { StateDatabase } from '../state/database.ts';
import { agentIdOf } from './identity.ts';
import type { NodeName } from './topic.ts';

const MIGRATIONS = [
  'CREATE TABLE sparkplug_node (agent TEXT PRIMARY KEY, group_id TEXT NOT NULL, node_id TEXT NOT NULL, born_at_ms INTEGER NOT NULL)',
];
const FORGET_AFTER_MS = 30 * 86_400_000;

export interface BookedNode extends NodeName {
  readonly bornAtMs: number;
}

/** Edge nodes that were born at this central, so that a restarted one can ask them for a rebirth instead of waiting. */
export interface NodeBook {
  list(): readonly BookedNode[];
  note(node: NodeName, nowMs: number): void;
}

export function openNodeBook(database: StateDatabase, nowMs: number): NodeBook {
  database.migrate('sparkplug-node', MIGRATIONS);
  database.prepare('DELETE FROM sparkplug_node WHERE born_at_ms < ?').run(nowMs - FORGET_AFTER_MS);
  const all = database.prepare(
    'SELECT group_id, node_id, born_at_ms FROM sparkplug_node ORDER BY born_at_ms DESC',
  );
  const upsert = database.prepare(
    `INSERT INTO sparkplug_node (agent, group_id, node_id, born_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (agent) DO UPDATE SET born_at_ms = excluded.born_at_ms`,
  );
  return {
    list: () =>
      all.all().map((row) => ({
        group: String(row['group_id']),
        node: String(row['node_id']),
        bornAtMs: Number(row['born_at_ms']),
      })),
    note: (node, nowMs) => void upsert.run(agentIdOf(node), node.group, node.node, nowMs),
  };
}

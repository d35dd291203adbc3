import type { NodeName } from '../../contract/sparkplug/topic.ts';
import type { StateDatabase } from '../state/database.ts';
import { createSecret, hashSecret, secretMatches } from './secret.ts';

export interface AgentCredentials {
  /** Creates or replaces an agent's password and returns it; only its hash is kept. `node`: it is a Sparkplug edge node. */
  issue(agent: string, nowMs: number, node?: NodeName): string;
  /** Stores passwords that the caller has chosen (those of a simulated fleet), all in one transaction. */
  register(passwords: Iterable<readonly [agent: string, password: string]>, nowMs: number): void;
  verify(agent: string, password: string): boolean;
  /** The Sparkplug edge node that this agent is: at the broker it has the node's rights, not an agent's. */
  nodeOf(agent: string): NodeName | undefined;
  list(): readonly { readonly agent: string; readonly createdAtMs: number }[];
  revoke(agent: string): boolean;
  has(agent: string): boolean;
  /** Whether another process, such as `wardwatch agents revoke`, has written to the database since the last call. */
  changedElsewhere(): boolean;
}

const MIGRATIONS = [
  'CREATE TABLE agent_credential (agent TEXT PRIMARY KEY, hash BLOB NOT NULL, created_at_ms INTEGER NOT NULL)',
  'ALTER TABLE agent_credential ADD COLUMN sparkplug TEXT',
];

export function openAgentCredentials(database: StateDatabase): AgentCredentials {
  database.migrate('agent-credential', MIGRATIONS);
  const upsert = database.prepare(
    `INSERT INTO agent_credential (agent, hash, created_at_ms, sparkplug) VALUES (?, ?, ?, ?)
     ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, created_at_ms = excluded.created_at_ms,
       sparkplug = COALESCE(excluded.sparkplug, agent_credential.sparkplug)`,
  );
  const sparkplugOf = database.prepare('SELECT sparkplug FROM agent_credential WHERE agent = ?');
  const hashOf = database.prepare('SELECT hash FROM agent_credential WHERE agent = ?');
  const all = database.prepare('SELECT agent, created_at_ms FROM agent_credential ORDER BY agent');
  const remove = database.prepare('DELETE FROM agent_credential WHERE agent = ?');
  // SQLite: it changes when another connection commits.
  const dataVersion = database.prepare('PRAGMA data_version');
  const readVersion = (): unknown => dataVersion.get()?.['data_version'];
  let seenVersion = readVersion();
  return {
    issue: (agent, nowMs, node) => {
      const password = createSecret('wwa');
      // Neither name can contain a slash.
      upsert.run(
        agent,
        hashSecret(password),
        nowMs,
        node === undefined ? null : `${node.group}/${node.node}`,
      );
      return password;
    },
    register: (passwords, nowMs) => {
      database.transaction(() => {
        for (const [agent, password] of passwords) upsert.run(agent, hashSecret(password), nowMs, null);
      });
    },
    verify: (agent, password) => {
      const hash = hashOf.get(agent)?.['hash'];
      return Buffer.isBuffer(hash) || hash instanceof Uint8Array
        ? secretMatches(password, Buffer.from(hash))
        : false;
    },
    nodeOf: (agent) => {
      const descriptor = sparkplugOf.get(agent)?.['sparkplug'];
      if (typeof descriptor !== 'string') return undefined;
      const [group = '', node = ''] = descriptor.split('/');
      return { group, node };
    },
    list: () =>
      all.all().map((row) => ({ agent: String(row['agent']), createdAtMs: Number(row['created_at_ms']) })),
    revoke: (agent) => remove.run(agent).changes > 0,
    has: (agent) => hashOf.get(agent) !== undefined,
    changedElsewhere: () => {
      const version = readVersion();
      const isChanged = version !== seenVersion;
      seenVersion = version;
      return isChanged;
    },
  };
}

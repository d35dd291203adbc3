import { pushedConfigSchema, type PushedConfig } from '../../contract/agent-config.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';

/** A config that somebody set for an agent. */
export interface ConfigRevision {
  readonly agent: string;
  readonly revision: number;
  /** `null`: the agent is to run its own file again. */
  readonly config: PushedConfig | null;
  readonly atMs: number;
  readonly actor: string;
  /** The earlier revision that it repeats. */
  readonly restoredFrom?: number;
}

export interface NewRevision extends Omit<ConfigRevision, 'revision'> {
  /** The desired revision that its author has seen; 0: none. */
  readonly expectedRevision: number;
  /** The highest that the agent itself has reported: a central that lost its state must not count below it. */
  readonly atLeast: number;
}

/** Somebody else has changed it in between: nothing was written. */
export class RevisionMovedError extends Error {
  override readonly name = 'RevisionMovedError';
  readonly current: number;
  constructor(agent: string, expected: number, current: number) {
    super(`the config of ${agent} is at revision ${current}, not ${expected}: read it again first`);
    this.current = current;
  }
}

export interface RevisionsRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher number. */
  readonly afterNumber: number;
  readonly limit: number;
}

export interface NumberedRevision extends ConfigRevision {
  readonly number: number;
}

/** The revisions of every agent's config; the newest of each agent is the desired one. */
export interface ConfigRevisions {
  desired(agent: string): ConfigRevision | undefined;
  /** The desired one of every agent that has one. */
  all(): readonly ConfigRevision[];
  find(agent: string, revision: number): ConfigRevision | undefined;
  /** Newest first. */
  history(agent: string): readonly ConfigRevision[];
  /** Of all agents, in the order of time. */
  read(query: RevisionsRange): readonly NumberedRevision[];
  /** Deletes all revisions of an agent that is retired. */
  forget(agent: string): void;
  /** Durable when it returns. Throws a RevisionMovedError. */
  append(revision: NewRevision): ConfigRevision;
}

/** Of each agent; older ones are deleted. */
export const REVISIONS_KEPT = 50;

const MIGRATIONS = [
  `CREATE TABLE agent_config (
     agent TEXT NOT NULL, revision INTEGER NOT NULL, config TEXT NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT NULL,
     restored_from INTEGER, PRIMARY KEY (agent, revision)
   )`,
];

export function openConfigRevisions(database: StateDatabase): ConfigRevisions {
  database.migrate('agent-config', MIGRATIONS);
  const newest = database.prepare(
    `SELECT * FROM agent_config AS a
     WHERE revision = (SELECT MAX(revision) FROM agent_config WHERE agent = a.agent) ORDER BY agent`,
  );
  const one = database.prepare('SELECT * FROM agent_config WHERE agent = ? AND revision = ?');
  const every = database.prepare('SELECT * FROM agent_config WHERE agent = ? ORDER BY revision DESC');
  const inRange = database.prepare(
    'SELECT rowid AS number, * FROM agent_config WHERE at_ms >= ? AND at_ms < ? AND (at_ms > ? OR rowid > ?) ORDER BY at_ms, rowid LIMIT ?',
  );
  const insert = database.prepare(
    'INSERT INTO agent_config (agent, revision, config, at_ms, actor, restored_from) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const prune = database.prepare(
    `DELETE FROM agent_config WHERE agent = ?1 AND revision NOT IN
       (SELECT revision FROM agent_config WHERE agent = ?2 ORDER BY revision DESC LIMIT ?3)`,
  );
  // Read at every state message and for every agent in a list, so it is kept in memory.
  const desired = new Map<string, ConfigRevision>();
  for (const row of newest.all()) {
    const found = toRevision(row);
    if (found !== undefined) desired.set(found.agent, found);
  }
  return {
    forget: (agent) => {
      database.prepare('DELETE FROM agent_config WHERE agent = ?').run(agent);
      desired.delete(agent);
    },
    desired: (agent) => desired.get(agent),
    all: () => [...desired.values()],
    find: (agent, revision) => toRevision(one.get(agent, revision)),
    history: (agent) => every.all(agent).flatMap((row) => toRevision(row) ?? []),
    read: ({ fromMs, toMs, afterNumber, limit }) =>
      inRange.all(fromMs, toMs, fromMs, afterNumber, limit).flatMap((row) => {
        const revision = toRevision(row);
        return revision === undefined ? [] : [{ ...revision, number: Number(row['number']) }];
      }),
    append: ({ expectedRevision, atLeast, ...wanted }) => {
      const { agent, config, atMs, actor, restoredFrom } = wanted;
      const current = desired.get(agent)?.revision ?? 0;
      if (current !== expectedRevision) throw new RevisionMovedError(agent, expectedRevision, current);
      const revision = Math.max(current, atLeast) + 1;
      database.transaction(() => {
        insert.run(agent, revision, JSON.stringify(config), atMs, actor, restoredFrom ?? null);
        prune.run(agent, agent, REVISIONS_KEPT);
      });
      const appended = { ...wanted, revision };
      desired.set(agent, appended);
      return appended;
    },
  };
}

function toRevision(row: SqlRow | undefined): ConfigRevision | undefined {
  if (row === undefined) return undefined;
  const restoredFrom = row['restored_from'];
  return {
    agent: String(row['agent']),
    revision: Number(row['revision']),
    config: pushedConfigSchema.nullable().parse(JSON.parse(String(row['config']))),
    atMs: Number(row['at_ms']),
    actor: String(row['actor']),
    ...(restoredFrom !== null && { restoredFrom: Number(restoredFrom) }),
  };
}

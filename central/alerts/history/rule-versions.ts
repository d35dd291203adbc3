import type { SqlRow, StateDatabase } from '../../state/database.ts';
import { canonicalJson } from '../rules/content-hash.ts';
import type { RuleSource } from '../rules/create-rule.ts';
import { RULE_ORIGINS, type AlertRule } from '../rules/rule.ts';

/** What a rule said from some time on. */
export interface RuleVersion {
  /** 1 is the first content that central ran under the id of the rule. */
  readonly version: number;
  readonly hash: string;
  /** As the file had it. */
  readonly content: unknown;
  /** When central began to run it, Unix ms. */
  readonly sinceMs: number;
  /** The file. */
  readonly source: string;
}

export interface RuleVersions {
  /** The rules with their version: the one before, where the content is the same. One durable transaction. */
  record(rules: readonly AlertRule[], nowMs: number): readonly AlertRule[];
  /** Newest first, at most 50. */
  list(rule: string): readonly RuleVersion[];
  /** Of the set that was recorded last, those that are not shipped; undefined: none was ever recorded. */
  lastOwn(): readonly RuleSource[] | undefined;
}

const MIGRATIONS = [
  `CREATE TABLE rule_version (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     rule TEXT NOT NULL,
     version INTEGER NOT NULL,
     hash TEXT NOT NULL,
     content TEXT NOT NULL,
     since_ms INTEGER NOT NULL,
     source TEXT NOT NULL,
     UNIQUE (rule, version)
   )`,
  `CREATE TABLE running_rule (
     rule TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     origin TEXT NOT NULL
   )`,
];

const KEPT_OF_A_RULE = 50;
/** Of rules that no longer run; a script may write one file after the other. */
const KEPT_OF_OTHERS = 5_000;

export function openRuleVersions(database: StateDatabase): RuleVersions {
  database.migrate('rule versions', MIGRATIONS);
  const newest = database.prepare(
    'SELECT version, hash FROM rule_version WHERE rule = ? ORDER BY version DESC LIMIT 1',
  );
  const insert = database.prepare(
    'INSERT INTO rule_version (rule, version, hash, content, since_ms, source) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const deleteOld = database.prepare('DELETE FROM rule_version WHERE rule = ? AND version <= ?');
  const deleteOthers = database.prepare(
    `DELETE FROM rule_version WHERE number IN (
       SELECT number FROM rule_version WHERE rule NOT IN (SELECT value FROM json_each(?))
       ORDER BY number DESC LIMIT -1 OFFSET ${KEPT_OF_OTHERS})`,
  );
  const list = database.prepare(
    'SELECT version, hash, content, since_ms, source FROM rule_version WHERE rule = ? ORDER BY version DESC',
  );
  const forgetRunning = database.prepare('DELETE FROM running_rule');
  const insertRunning = database.prepare('INSERT INTO running_rule (rule, version, origin) VALUES (?, ?, ?)');
  const listRunning = database.prepare(
    `SELECT rule, origin, source, content FROM running_rule JOIN rule_version USING (rule, version)
     ORDER BY rule`,
  );
  const recordOne = (rule: AlertRule, nowMs: number): AlertRule => {
    const known = newest.get(rule.id);
    const before = Number(known?.['version'] ?? 0);
    if (known?.['hash'] === rule.hash) return { ...rule, version: before };
    const version = before + 1;
    insert.run(rule.id, version, rule.hash, canonicalJson(rule.content), nowMs, rule.source);
    deleteOld.run(rule.id, version - KEPT_OF_A_RULE);
    return { ...rule, version };
  };
  return {
    record: (rules, nowMs) =>
      database.transaction(() => {
        const recorded = rules.map((rule) => recordOne(rule, nowMs));
        forgetRunning.run();
        for (const { id, version = 0, origin } of recorded) insertRunning.run(id, version, origin);
        deleteOthers.run(JSON.stringify(rules.map(({ id }) => id)));
        return recorded;
      }),
    list: (rule) => list.all(rule).map(toVersion),
    lastOwn: () => {
      const running = listRunning.all();
      if (running.length === 0) return undefined;
      return running.map(toSource).filter(({ origin }) => origin !== 'shipped');
    },
  };
}

function toSource(row: SqlRow): RuleSource {
  const origin = RULE_ORIGINS.find((known) => known === row['origin']) ?? 'own';
  return {
    id: String(row['rule']),
    source: String(row['source']),
    origin,
    content: JSON.parse(String(row['content'])) as unknown,
  };
}

// The rows are our own: what was written above is what comes back.
function toVersion(row: SqlRow): RuleVersion {
  return {
    version: Number(row['version']),
    hash: String(row['hash']),
    content: JSON.parse(String(row['content'])) as unknown,
    sinceMs: Number(row['since_ms']),
    source: String(row['source']),
  };
}

import type { StateDatabase } from '../../state/database.ts';

const MIGRATIONS = [
  `CREATE TABLE topology_dismissal (
     proposal TEXT PRIMARY KEY, reason TEXT NOT NULL, actor TEXT NOT NULL, at_ms INTEGER NOT NULL
   )`,
];

/** Why somebody does not want a proposal. */
export interface Dismissal {
  readonly reason: string;
  readonly actor: string;
  readonly atMs: number;
}

export interface Dismissals {
  of(proposal: string): Dismissal | undefined;
  /** The last one counts. Durable once it returns. */
  set(proposal: string, dismissal: Dismissal): void;
}

export function openDismissals(database: StateDatabase): Dismissals {
  database.migrate('topology dismissal', MIGRATIONS);
  const upsert = database.prepare(
    `INSERT INTO topology_dismissal (proposal, reason, actor, at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (proposal) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at_ms = excluded.at_ms`,
  );
  const all = new Map<string, Dismissal>(
    database
      .prepare('SELECT proposal, reason, actor, at_ms FROM topology_dismissal')
      .all()
      .map((row) => [
        String(row['proposal']),
        { reason: String(row['reason']), actor: String(row['actor']), atMs: Number(row['at_ms']) },
      ]),
  );
  return {
    of: (proposal) => all.get(proposal),
    set: (proposal, dismissal) => {
      const { reason, actor, atMs } = dismissal;
      upsert.run(proposal, reason, actor, atMs);
      all.set(proposal, dismissal);
    },
  };
}

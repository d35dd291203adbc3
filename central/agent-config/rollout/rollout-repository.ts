import type { StateDatabase } from '../../state/database.ts';
import { memberSchema, rolloutSchema, type Member, type Rollout } from './rollout.ts';

/** In `state.db`, with the revisions that it makes. */
export interface RolloutRepository {
  /** Newest first. */
  all(): readonly Rollout[];
  members(rollout: number): readonly Member[];
  create(rollout: Omit<Rollout, 'id'>, members: readonly Member[]): Rollout;
  /** One transaction. */
  save(rollout: Rollout, members: readonly Member[]): void;
}

/** Older ones that have ended are deleted. */
const ROLLOUTS_KEPT = 50;

const MIGRATIONS = [
  `CREATE TABLE rollout (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL);
   CREATE TABLE rollout_member (
     rollout INTEGER NOT NULL, place INTEGER NOT NULL, agent TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (rollout, agent)
   )`,
];

export function openRolloutRepository(database: StateDatabase): RolloutRepository {
  database.migrate('rollout', MIGRATIONS);
  const insert = database.prepare('INSERT INTO rollout (content) VALUES (?)');
  const newest = database.prepare('SELECT MAX(id) AS id FROM rollout');
  const every = database.prepare('SELECT id, content FROM rollout ORDER BY id DESC');
  const update = database.prepare('UPDATE rollout SET content = ? WHERE id = ?');
  const addMember = database.prepare(
    'INSERT INTO rollout_member (rollout, place, agent, content) VALUES (?, ?, ?, ?)',
  );
  const updateMember = database.prepare(
    'UPDATE rollout_member SET content = ? WHERE rollout = ? AND agent = ?',
  );
  const membersOf = database.prepare('SELECT content FROM rollout_member WHERE rollout = ? ORDER BY place');
  return {
    all: () =>
      every.all().map((row) => rolloutSchema.parse({ ...parsed(row['content']), id: Number(row['id']) })),
    members: (rollout) => membersOf.all(rollout).map((row) => memberSchema.parse(parsed(row['content']))),
    create: (rollout, members) =>
      database.transaction(() => {
        insert.run(JSON.stringify(rollout));
        const id = Number(newest.get()?.['id']);
        for (const [place, member] of members.entries())
          addMember.run(id, place, member.agent, JSON.stringify(member));
        database
          .prepare(
            "DELETE FROM rollout WHERE id <= ? AND json_extract(content, '$.state') IN ('done', 'cancelled', 'rolled_back')",
          )
          .run(id - ROLLOUTS_KEPT);
        database.prepare('DELETE FROM rollout_member WHERE rollout NOT IN (SELECT id FROM rollout)').run();
        return { ...rollout, id };
      }),
    save: (rollout, members) =>
      database.transaction(() => {
        update.run(JSON.stringify(rollout), rollout.id);
        for (const member of members) updateMember.run(JSON.stringify(member), rollout.id, member.agent);
      }),
  };
}

function parsed(text: unknown): object {
  return JSON.parse(String(text)) as object;
}

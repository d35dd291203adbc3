import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { SqlRow, StateDatabase } from '../../state/database.ts';
import type { QuarantineEntry } from './quarantine-entry.ts';
import type { ReplayIdentity } from './replay-row.ts';

export const ENTRY_STATES = ['waiting', 'storing', 'replayed', 'discarded'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** What was decided about an entry last. */
export const decisionSchema = z.object({
  atMs: unixMs,
  actor: z.string(),
  tries: z.int().describe('how often it was taken in again'),
  code: z.string().exactOptional().describe('of the refusal of the last try'),
  reason: z.string().exactOptional().describe('of that refusal; of a discarded entry: why'),
});
export type Decision = z.infer<typeof decisionSchema>;

export interface DecidedEntry extends Decision {
  readonly id: number;
  readonly state: EntryState;
  /** Kept once it is given, so that no row has two in the store. */
  readonly identity?: ReplayIdentity;
}

export interface StoringEntry {
  readonly id: number;
  readonly actor: string;
  readonly identity: ReplayIdentity;
  readonly entry: QuarantineEntry;
}

/** Of a try to take it in again. */
export interface RefusedEntry {
  readonly id: number;
  readonly actor: string;
  readonly code: string;
  readonly reason: string;
  /** Its identity stands for nothing stored: the next try gets another. */
  readonly isIdentityUsed?: boolean;
}

/** Whoever decides. */
export interface Author {
  readonly actor: string;
  readonly atMs: number;
}

/** What was decided about entries of the quarantine; in `state.db`, as the ledger is, so that a backup has both as of one time. */
export interface Decisions {
  find(id: number): DecidedEntry | undefined;
  /** Of all that are in that state by a decision. */
  idsIn(state: EntryState): ReadonlySet<number>;
  /** Changes with each decision. */
  readonly version: number;
  /** The quarantine must give no number again that something was decided about. */
  highestId(): number;
  /** Durable when it returns, all or none: from now on they are taken in, whatever ends in between. */
  begin(entries: readonly StoringEntry[], atMs: number): void;
  /** Of all that are on their way to the store. */
  storing(): readonly StoringEntry[];
  markStored(ids: readonly number[]): void;
  markRefused(refused: readonly RefusedEntry[], atMs: number): void;
  discard(ids: readonly number[], reason: string, author: Author): void;
  /** What the files have no longer. */
  forgetBelow(id: number): void;
}

const MIGRATIONS = [
  `CREATE TABLE quarantine_decision (
     id INTEGER PRIMARY KEY, state TEXT NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, tries INTEGER NOT NULL,
     code TEXT, reason TEXT, epoch TEXT, seq INTEGER, entry TEXT
   );
   CREATE INDEX quarantine_storing ON quarantine_decision (state) WHERE state = 'storing'`,
];

export function openDecisions(database: StateDatabase): Decisions {
  database.migrate('quarantine', MIGRATIONS);
  const all = new Map<number, DecidedEntry>();
  for (const row of database.prepare('SELECT * FROM quarantine_decision').all()) {
    const decided = toDecided(row);
    all.set(decided.id, decided);
  }
  let highest = Math.max(0, ...all.keys());
  let version = 0;
  const upsert = database.prepare(
    `INSERT INTO quarantine_decision (id, state, at_ms, actor, tries, code, reason, epoch, seq, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms, actor = excluded.actor, tries = excluded.tries,
       code = excluded.code, reason = excluded.reason, epoch = excluded.epoch, seq = excluded.seq, entry = excluded.entry`,
  );
  const storing = database.prepare(
    "SELECT id, actor, epoch, seq, entry FROM quarantine_decision WHERE state = 'storing' ORDER BY id",
  );
  const write = (changed: readonly (DecidedEntry & { readonly entry?: QuarantineEntry })[]): void => {
    database.transaction(() => {
      for (const { id, state, atMs, actor, tries, code, reason, identity, entry } of changed) {
        const { epoch = null, seq = null } = identity ?? {};
        const text = entry === undefined ? null : JSON.stringify(entry);
        upsert.run(id, state, atMs, actor, tries, code ?? null, reason ?? null, epoch, seq, text);
      }
    });
    for (const { entry: _entry, ...decided } of changed) {
      all.set(decided.id, decided);
      highest = Math.max(highest, decided.id);
    }
    version++;
  };
  const identityOf = (id: number): Pick<DecidedEntry, 'identity'> => {
    const identity = all.get(id)?.identity;
    return identity === undefined ? {} : { identity };
  };
  return {
    find: (id) => all.get(id),
    idsIn: (state) => new Set([...all.values()].filter((each) => each.state === state).map(({ id }) => id)),
    get version() {
      return version;
    },
    highestId: () => highest,
    begin: (entries, atMs) =>
      write(
        entries.map(({ id, actor, identity, entry }) => {
          const tries = (all.get(id)?.tries ?? 0) + 1;
          return { id, state: 'storing', atMs, actor, tries, identity, entry };
        }),
      ),
    storing: () =>
      storing.all().map((row) => ({
        id: Number(row['id']),
        actor: String(row['actor']),
        identity: { epoch: String(row['epoch']), seq: Number(row['seq']) },
        entry: JSON.parse(String(row['entry'])) as QuarantineEntry,
      })),
    markStored: (ids) =>
      write(
        ids.flatMap((id) => {
          const known = all.get(id);
          return known === undefined ? [] : [{ ...known, state: 'replayed' }];
        }),
      ),
    markRefused: (refused, atMs) =>
      write(
        refused.map(({ id, actor, code, reason, isIdentityUsed = false }) => {
          const known = all.get(id);
          // One that was on its way has been counted.
          const tries = (known?.tries ?? 0) + (known?.state === 'storing' ? 0 : 1);
          const identity = isIdentityUsed ? {} : identityOf(id);
          return { id, state: 'waiting', atMs, actor, tries, code, reason, ...identity };
        }),
      ),
    discard: (ids, reason, { actor, atMs }) =>
      write(
        ids.map((id) => {
          const tries = all.get(id)?.tries ?? 0;
          return { id, state: 'discarded', atMs, actor, tries, reason, ...identityOf(id) };
        }),
      ),
    forgetBelow: (id) => {
      const gone = [...all.values()].filter((each) => each.id < id && each.state !== 'storing');
      if (gone.length === 0) return;
      database.prepare("DELETE FROM quarantine_decision WHERE id < ? AND state <> 'storing'").run(id);
      for (const each of gone) all.delete(each.id);
      version++;
    },
  };
}

function toDecided(row: SqlRow): DecidedEntry {
  const { code, reason, epoch, seq } = row;
  return {
    id: Number(row['id']),
    state: ENTRY_STATES.find((state) => state === row['state']) ?? 'waiting',
    atMs: Number(row['at_ms']),
    actor: String(row['actor']),
    tries: Number(row['tries']),
    ...(typeof code === 'string' && { code }),
    ...(typeof reason === 'string' && { reason }),
    ...(typeof epoch === 'string' && { identity: { epoch, seq: Number(seq) } }),
  };
}

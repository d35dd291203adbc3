import type { StateDatabase } from '../../../state/database.ts';
import { areSame } from '../standing.ts';
import { FirstTimes } from './first-times.ts';
import type { FollowedKind } from './followed-states.ts';
import type { Gap, HistoryRow, Range } from './state-intervals.ts';

/** A month more than a year: the same month of the year before can still be asked for. */
export const KEPT_MS = 400 * 86_400_000;
/** Of an element that changes all the time, the newest are kept: more than 50 a day. */
const MAX_ROWS_AN_ELEMENT = 20_000;
/** Looked through for what is too old, at each writing. */
const PRUNED_AT_ONCE = 20;
/** For what is too old; a small city has been looked through within a minute. */
const PRUNE_EVERY_MS = 3_600_000;
/** As they are written: the place of a state must never change. */
const CODES = ['up', 'down', 'unreachable', 'unknown', 'gone', 'degraded'] as const;
const GONE = CODES.indexOf('gone');
const UNKNOWN = CODES.indexOf('unknown');

/** An element takes about 35 bytes a change: integers in one tree, and its times in another one for what changed when. */
const MIGRATIONS = [
  `CREATE TABLE state_element (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE);
   CREATE TABLE state_interval (
     element INTEGER NOT NULL,
     from_ms INTEGER NOT NULL,
     state INTEGER NOT NULL,
     since_ms INTEGER,
     roots TEXT,
     PRIMARY KEY (element, from_ms)
   ) WITHOUT ROWID;
   CREATE TABLE state_gap (from_ms INTEGER PRIMARY KEY, to_ms INTEGER NOT NULL, goes_on INTEGER NOT NULL);
   CREATE TABLE state_mark (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL)`,
  'CREATE INDEX state_interval_by_time ON state_interval (from_ms, element)',
  // What went on over a start is no change: of a whole city these rows are passed over within the index.
  `ALTER TABLE state_interval ADD COLUMN goes_on INTEGER;
   DROP INDEX state_interval_by_time;
   CREATE INDEX state_interval_by_time ON state_interval (from_ms, element, goes_on)`,
];

export interface HistoryEntry extends HistoryRow {
  readonly ref: string;
  /** It is as the row before it says, which was written by an earlier run of central; not said: it may be. */
  readonly goesOn?: boolean;
}

/** The history in state.db. All that a call writes is written together, or nothing of it. */
export interface HistoryStore {
  /** Up to when everything is written; undefined: never yet. */
  markMs(): number | undefined;
  /** Begin of the oldest row, of that kind or at all; undefined: there is none. */
  firstMs(of?: FollowedKind): number | undefined;
  /** Of each element its newest row. */
  newest(): ReadonlyMap<string, HistoryRow>;
  /** Some of what ended before `deleteBeforeMs` is deleted; undefined: nothing is too old. */
  write(entries: Iterable<HistoryEntry>, markMs: number, deleteBeforeMs?: number): void;
  addGap(gap: Gap): void;
  /** What was written for a time that is still to come: the clock was wrong. */
  deleteAfter(atMs: number): void;
  /** When the oldest row begins that is later than that. */
  firstAfter(atMs: number): number | undefined;
  gaps(range: Range): readonly Gap[];
  /** The rows of the element within the range and the last one before it, in the order of time. */
  rows(ref: string, range: Range): readonly HistoryRow[];
  refs(): Iterable<string>;
  changes(query: RecordedChangesQuery): readonly RecordedChange[];
}

export interface RecordedChangesQuery {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Of those at `fromMs` only what has a higher number. */
  readonly afterNumber: number;
  /** Only these; all without it. */
  readonly refs?: readonly string[] | undefined;
  readonly limit: number;
}

/** A row that differs from the one before of its element. */
export interface RecordedChange extends HistoryEntry {
  /** Of all changes at one time each has another one. */
  readonly number: number;
  /** undefined: nothing was known of it before. */
  readonly before: HistoryRow['state'] | undefined;
}

export function openHistoryStore(database: StateDatabase): HistoryStore {
  database.migrate('state-history', MIGRATIONS);
  const ids = new Map<string, number>(
    database
      .prepare('SELECT id, ref FROM state_element')
      .all()
      .map((row) => [String(row['ref']), Number(row['id'])]),
  );
  const addElement = database.prepare('INSERT INTO state_element (ref) VALUES (?) RETURNING id');
  const dropElement = database.prepare('DELETE FROM state_element WHERE id = ?');
  // A city that is lost at once is thousands of rows, most of which differ by their element only.
  const insertAlike = database.prepare(
    `INSERT OR REPLACE INTO state_interval (element, from_ms, state, since_ms, roots, goes_on)
     SELECT value, ?1, ?2, ?3, ?4, ?5 FROM json_each(?6)`,
  );
  const setMark = database.prepare('INSERT OR REPLACE INTO state_mark VALUES (1, ?)');
  const prune = database.prepare(
    `DELETE FROM state_interval WHERE element = ?1 AND (
       from_ms < (SELECT MAX(from_ms) FROM state_interval WHERE element = ?1 AND from_ms <= ?2)
       OR from_ms < (SELECT from_ms FROM state_interval WHERE element = ?1 ORDER BY from_ms DESC LIMIT 1 OFFSET ?3)
       OR (from_ms <= ?2 AND state = ?4))`,
  );
  const hasRows = database.prepare('SELECT 1 FROM state_interval WHERE element = ? LIMIT 1');
  // One step into the tree for each element, not one for each row.
  const firstOfKind = database.prepare(
    `SELECT MIN((SELECT MIN(from_ms) FROM state_interval WHERE element = e.id)) AS first
     FROM state_element e WHERE ?1 IS NULL OR (e.ref >= ?1 || ':' AND e.ref < ?1 || ';')`,
  );
  const pruneGaps = database.prepare('DELETE FROM state_gap WHERE to_ms < ?');
  const read = database.prepare(
    `SELECT from_ms, state, since_ms, roots FROM state_interval
     WHERE element = ?1 AND from_ms < ?3 AND from_ms >= COALESCE(
       (SELECT MAX(from_ms) FROM state_interval WHERE element = ?1 AND from_ms <= ?2), ?2)
     ORDER BY from_ms`,
  );
  // Also the last one before: what is unknown since then may still be.
  const gaps = database.prepare(
    `SELECT from_ms, to_ms, goes_on FROM state_gap WHERE from_ms < ?2 AND from_ms >= COALESCE(
       (SELECT MAX(from_ms) FROM state_gap WHERE from_ms <= ?1 AND goes_on = 0), 0) ORDER BY from_ms`,
  );
  const hasGaps = database.prepareKept('SELECT COUNT(*) AS count FROM state_gap');
  const changesOfAll = database.prepare(changesText('INDEXED BY state_interval_by_time', ''));
  const changesOfOne = database.prepare(changesText('', 'i.element = ?5 AND '));
  let waitingForPrune: string[] = [];
  let pruneBegunFor = -Infinity;
  const writtenSince = new Set<string>();
  // Asked with many questions, and found by a look at each element; it changes only where rows go, or older ones come.
  const first = new FirstTimes((of) => Number(firstOfKind.get(of ?? null)?.['first'] ?? Infinity));

  const idOf = (ref: string): number => {
    let id = ids.get(ref);
    if (id === undefined) {
      id = Number(addElement.get(ref)?.['id']);
      ids.set(ref, id);
    }
    return id;
  };
  const pruneSome = (beforeMs: number): void => {
    if (waitingForPrune.length === 0) {
      // In between only those that got rows may have too many.
      const isRoundOfAll = Math.abs(beforeMs - pruneBegunFor) >= PRUNE_EVERY_MS;
      waitingForPrune = [...(isRoundOfAll ? ids.keys() : writtenSince)];
      writtenSince.clear();
      if (isRoundOfAll) {
        pruneBegunFor = beforeMs;
        pruneGaps.run(beforeMs);
      }
    }
    for (const ref of waitingForPrune.splice(-PRUNED_AT_ONCE)) {
      const id = ids.get(ref);
      if (id === undefined) continue;
      if (prune.run(id, beforeMs, MAX_ROWS_AN_ELEMENT - 1, GONE).changes > 0) first.forget();
      if (hasRows.get(id) !== undefined) continue;
      dropElement.run(id);
      ids.delete(ref);
    }
  };
  const transaction = (work: () => void): void => {
    try {
      database.transaction(work);
    } catch (error) {
      first.forget();
      // Ids that were given within it are void.
      ids.clear();
      for (const row of database.prepare('SELECT id, ref FROM state_element').all())
        ids.set(String(row['ref']), Number(row['id']));
      throw error;
    }
  };

  return {
    markMs: () => {
      const row = database.prepare('SELECT at_ms FROM state_mark').get();
      return row === undefined ? undefined : Number(row['at_ms']);
    },
    firstMs: (of) => {
      const firstMs = first.of(of);
      return firstMs === Infinity ? undefined : firstMs;
    },
    newest: () =>
      new Map(
        database
          .prepare(
            `SELECT e.ref, i.from_ms, i.state, i.since_ms, i.roots FROM state_element e JOIN state_interval i
             ON i.element = e.id AND i.from_ms = (SELECT MAX(from_ms) FROM state_interval WHERE element = e.id)`,
          )
          .all()
          .map((row) => [String(row['ref']), rowOf(row)]),
      ),
    write: (entries, markMs, deleteBeforeMs = 0) =>
      transaction(() => {
        let alike: HistoryEntry | undefined;
        let elements: number[] = [];
        const insert = (): void => {
          if (alike === undefined) return;
          const { fromMs, state, sinceMs, roots, goesOn } = alike;
          const text = roots.length === 0 ? null : roots.join(' ');
          // In the order in which both trees have them.
          elements.sort((a, b) => a - b);
          const mark = goesOn === true ? 1 : null;
          insertAlike.run(fromMs, codeOf(state), sinceMs ?? null, text, mark, JSON.stringify(elements));
          first.noteWritten(fromMs);
        };
        for (const entry of entries) {
          if (alike === undefined || !isAlike(alike, entry)) {
            insert();
            alike = entry;
            elements = [];
          }
          elements.push(idOf(entry.ref));
          writtenSince.add(entry.ref);
        }
        insert();
        setMark.run(markMs);
        pruneSome(deleteBeforeMs);
      }),
    addGap: ({ fromMs, toMs, goesOn }) => {
      database.prepare('INSERT OR REPLACE INTO state_gap VALUES (?, ?, ?)').run(fromMs, toMs, Number(goesOn));
    },
    deleteAfter: (atMs) =>
      transaction(() => {
        first.forget();
        database.prepare('DELETE FROM state_interval WHERE from_ms > ?').run(atMs);
        database.prepare('DELETE FROM state_gap WHERE from_ms > ?').run(atMs);
        database.prepare('UPDATE state_gap SET to_ms = ?1 WHERE to_ms > ?1').run(atMs);
        database.prepare('UPDATE state_mark SET at_ms = ?1 WHERE at_ms > ?1').run(atMs);
      }),
    firstAfter: (atMs) => {
      const row = database
        .prepare('SELECT MIN(from_ms) AS from_ms FROM state_interval WHERE from_ms > ?')
        .get(atMs);
      const fromMs = row?.['from_ms'];
      return typeof fromMs === 'number' ? fromMs : undefined;
    },
    gaps: ({ fromMs, toMs }) => (hasGaps.get()?.['count'] === 0 ? [] : gaps.all(fromMs, toMs).map(gapOf)),
    rows: (ref, { fromMs, toMs }) => {
      const id = ids.get(ref);
      return id === undefined ? [] : read.all(id, fromMs, toMs).map(rowOf);
    },
    refs: () => ids.keys(),
    changes: ({ fromMs, toMs, afterNumber, refs, limit }) => {
      if (refs === undefined) return changesOfAll.all(fromMs, afterNumber, toMs, limit).map(changeOf);
      const inOrder = (rows: RecordedChange[]): RecordedChange[] =>
        rows.sort((a, b) => a.fromMs - b.fromMs || a.number - b.number).slice(0, limit);
      let found: RecordedChange[] = [];
      let untilMs = toMs;
      for (const ref of refs) {
        const id = ids.get(ref);
        if (id === undefined) continue;
        found.push(...changesOfOne.all(fromMs, afterNumber, untilMs, limit, id).map(changeOf));
        if (found.length < 2 * limit) continue;
        found = inOrder(found);
        // What is later is not read of the others.
        untilMs = Math.min(untilMs, (found.at(-1)?.fromMs ?? toMs) + 1);
      }
      return inOrder(found);
    },
  };
}

/** Whether the rows of two elements say the same. */
function isAlike(a: HistoryEntry, b: HistoryEntry): boolean {
  return (
    a.fromMs === b.fromMs &&
    a.state === b.state &&
    a.sinceMs === b.sinceMs &&
    a.goesOn === b.goesOn &&
    areSame(a.roots, b.roots)
  );
}

/** A row is a change if the one before it of the same element had another state or other roots. What is expected anew is unknown at first. */
function changesText(hint: string, condition: string): string {
  return `SELECT e.id, e.ref, i.from_ms, i.state, i.since_ms, i.roots, before.state AS before
    FROM state_interval i ${hint} JOIN state_element e ON e.id = i.element
    LEFT JOIN state_interval before ON before.element = i.element AND before.from_ms =
      (SELECT MAX(from_ms) FROM state_interval WHERE element = i.element AND from_ms < i.from_ms)
    WHERE ${condition} i.goes_on IS NULL AND i.from_ms >= ?1 AND (i.from_ms > ?1 OR i.element > ?2) AND i.from_ms < ?3
      AND (COALESCE(before.state, ${GONE}) <> i.state OR before.roots IS NOT i.roots)
      AND NOT (i.state = ${UNKNOWN} AND COALESCE(before.state, ${GONE}) = ${GONE})
    ORDER BY i.from_ms, i.element LIMIT ?4`;
}

function changeOf(row: Record<string, unknown>): RecordedChange {
  const { id, ref, before } = row;
  return {
    ...rowOf(row),
    ref: String(ref),
    number: Number(id),
    before: typeof before === 'number' ? CODES[before] : undefined,
  };
}

function gapOf(row: Record<string, unknown>): Gap {
  return {
    fromMs: Number(row['from_ms']),
    toMs: Number(row['to_ms']),
    goesOn: Number(row['goes_on']) === 1,
  };
}

function codeOf(state: HistoryRow['state']): number {
  return CODES.indexOf(state);
}

function rowOf(row: Record<string, unknown>): HistoryRow {
  const since = row['since_ms'];
  const roots = row['roots'];
  return {
    fromMs: Number(row['from_ms']),
    state: CODES[Number(row['state'])] ?? 'gone',
    sinceMs: since === null || since === undefined ? undefined : Number(since),
    roots: typeof roots === 'string' ? roots.split(' ') : [],
  };
}

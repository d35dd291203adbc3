import type { Clock } from '../../../../runtime/clock.ts';
import type { Logger } from '../../../../runtime/logger.ts';
import type { ClockStanding } from '../../../liveness/trusted-clock.ts';
import type { FollowedChange, FollowedKind, FollowedStates } from './followed-states.ts';
import {
  KEPT_MS,
  type HistoryEntry,
  type HistoryStore,
  type RecordedChange,
  type RecordedChangesQuery,
} from './history-store.ts';
import { QuestionTurns } from './question-turns.ts';
import { areSame } from '../standing.ts';
import { intervalsOf, type HistoryRow, type Range, type StateInterval } from './state-intervals.ts';

export interface StateHistoryDeps {
  readonly store: HistoryStore;
  /** Whose states are kept; none of them knows what another one does. */
  readonly followed: readonly FollowedStates[];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly standing: () => Pick<ClockStanding, 'isAgreed' | 'isCertain'>;
  /** Before when what is kept for so long may be deleted; undefined: nothing may be, the time is in doubt. */
  readonly deleteBeforeMs: (keptMs: number) => number | undefined;
  readonly log: Logger;
}

/** Written at once: a city that is lost as a whole must not hold up the batches that arrive. */
const MAX_WRITTEN = 5_000;
/** Kept while the disk takes nothing; more is a gap. */
const MAX_WAITING = 100_000;
/** Central's last sign of life in the history is at most so old. */
const MARK_MS = 10_000;
/** Rows or intervals that are read at once; an element is read whole. */
const MAX_READ = 20_000;
const DAY_MS = 86_400_000;
/** A clock that goes back deletes at most so much at once. */
const MAX_DELETED_MS = DAY_MS;
/** More than that is deleted only after the time was agreed on for so long. */
const AGREED_FOR_MS = DAY_MS;

/** What is written is later than the time: one of the two is wrong. Nothing is written until it is clear which. */
interface Hold {
  /** Monotonic; when the time was last in doubt. */
  doubtedAtMs: number;
  /** How much of the history would be deleted, ms. */
  lostMs: number | undefined;
}

/**
 * Which element or service was in which state when, for 400 days. What happened within the last seconds before a crash is unknown afterwards, as is
 * the time in which central was off. Times are when central knew: what arrives late does not change what was known.
 */
export class StateHistory {
  /** Of questions that take longer than one reading. */
  readonly turns = new QuestionTurns();
  readonly #deps: StateHistoryDeps;
  #waiting: FollowedChange[] = [];
  #writtenAtMs = -Infinity;
  /** Changes are missing: the disk took nothing for too long. */
  #hasLost = false;
  #hold: Hold | undefined;
  /** Of what nothing was written yet by this run of central, the newest row of an earlier one. */
  #earlier = new Map<string, HistoryRow>();

  /** Goes on from what state.db has. */
  constructor(deps: StateHistoryDeps) {
    this.#deps = deps;
    const before = [...deps.store.newest()].flatMap(([ref, { state, fromMs, sinceMs = fromMs }]) =>
      state === 'gone' || state === 'unknown' ? [] : [[ref, { state, sinceMs }] as const],
    );
    for (const each of deps.followed) each.restore(new Map(before));
    this.#begin();
    for (const each of deps.followed) each.onChange((changes) => this.#record(changes));
  }

  /** Every few seconds. A disk that refuses is tried again the next time. */
  flush(): void {
    const nowMs = this.#deps.clock.now();
    if (this.#hasLost || this.#hold !== undefined) this.#begin();
    else if (this.#waiting.length > 0 || nowMs - this.#writtenAtMs >= MARK_MS) this.#write(nowMs);
  }

  /** Central did not run for `stalledMs` until now. */
  recordStall(stalledMs: number): void {
    if (this.#hold !== undefined) return;
    const toMs = this.#deps.clock.now();
    this.#deps.store.addGap({ fromMs: toMs - stalledMs, toMs, goesOn: true });
  }

  /** Central's time was set: what is known now is written anew, by the new time. */
  shiftTime(): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined) this.#deps.store.write(this.#entriesOf(this.#waiting), last.atMs);
    this.#hold = undefined;
    this.#begin();
  }

  refs(): Iterable<string> {
    return this.#deps.store.refs();
  }

  /** From when on anything is known, of that kind or at all; undefined: nothing is. */
  knownFromMs(of?: FollowedKind): number | undefined {
    this.#writeWaiting();
    return this.#deps.store.firstMs(of);
  }

  /** How long central was off or stood still within the range, ms. */
  offMs({ fromMs, toMs }: Range): number {
    return this.#deps.store
      .gaps({ fromMs, toMs })
      .reduce((sum, gap) => sum + Math.max(0, Math.min(gap.toMs, toMs) - Math.max(gap.fromMs, fromMs)), 0);
  }

  /** What became of whom, in the order of time; a state that went on over a restart is no change. */
  changes(query: RecordedChangesQuery): readonly RecordedChange[] {
    this.#writeWaiting();
    return this.#deps.store.changes(query);
  }

  /**
   * Of the first elements their states within the range, up to now; none: nothing is known of it in that time. As many elements as may be
   * read without holding up what arrives, at least one.
   */
  read(refs: readonly string[], { fromMs, toMs }: Range): ReadonlyMap<string, readonly StateInterval[]> {
    this.#writeWaiting();
    const range = { fromMs, toMs: Math.min(toMs, this.#deps.clock.now()) };
    const { store } = this.#deps;
    const gaps = store.gaps(range);
    const found = new Map<string, readonly StateInterval[]>();
    let count = 0;
    for (const ref of refs) {
      if (count >= MAX_READ) break;
      const rows = store.rows(ref, range);
      const intervals = intervalsOf(rows, gaps, range);
      // Each gap can cut an interval: few rows may be many intervals.
      count += Math.max(rows.length, intervals.length);
      found.set(ref, intervals);
    }
    return found;
  }

  #record(changes: readonly FollowedChange[]): void {
    if (this.#hold !== undefined) return;
    for (const change of changes) this.#waiting.push(change);
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting = [];
    this.#hasLost = true;
    this.#deps.log.error('the history of states cannot be written for too long: it has a gap');
  }

  #writeWaiting(): void {
    while (this.#waiting.length > 0) this.#write(this.#deps.clock.now());
  }

  #write(nowMs: number): void {
    const some = this.#waiting.slice(0, MAX_WRITTEN);
    const { store, deleteBeforeMs } = this.#deps;
    store.write(this.#entriesOf(some), this.#waiting[some.length]?.atMs ?? nowMs, deleteBeforeMs(KEPT_MS));
    this.#waiting.splice(0, some.length);
    this.#writtenAtMs = nowMs;
  }

  /** From the last sign of life until now nothing is known; what is known now is written whole. */
  #begin(): void {
    const { store, followed, clock } = this.#deps;
    const nowMs = clock.now();
    if (!this.#mayGoOn(nowMs)) return;
    store.deleteAfter(nowMs);
    const markMs = store.markMs();
    if (markMs !== undefined) store.addGap({ fromMs: markMs, toMs: nowMs, goesOn: false });
    const known = new Map(store.newest());
    const earlier = new Map<string, HistoryRow>();
    const entries: HistoryEntry[] = [];
    for (const each of followed) {
      for (const [ref, after] of each.list()) {
        const before = known.get(ref);
        known.delete(ref);
        if (before !== undefined && before.state !== 'gone') {
          earlier.set(ref, before);
          if (after.state === 'unknown') continue;
        }
        entries.push(entryOf({ ref, after, atMs: nowMs }, before));
      }
    }
    for (const [ref, before] of known)
      if (before.state !== 'gone') entries.push(entryOf({ ref, after: undefined, atMs: nowMs }, before));
    this.#waiting = [];
    store.write(entries, nowMs);
    for (const { ref } of entries) earlier.delete(ref);
    this.#earlier = earlier;
    this.#writtenAtMs = nowMs;
    this.#hasLost = false;
  }

  /** False, and on hold, while what is written is later than `nowMs` and must not be deleted. */
  #mayGoOn(nowMs: number): boolean {
    const markMs = this.#deps.store.markMs();
    if (markMs === undefined || markMs <= nowMs) {
      this.#hold = undefined;
      return true;
    }
    const { store, clock, standing, log } = this.#deps;
    const monotonicMs = clock.monotonicMs();
    const { isAgreed, isCertain } = standing();
    const hold = this.#hold ?? { doubtedAtMs: monotonicMs, lostMs: undefined };
    if (!isAgreed || !isCertain) hold.doubtedAtMs = monotonicMs;
    if (isCertain) hold.lostMs ??= markMs - (store.firstAfter(nowMs) ?? markMs);
    const { doubtedAtMs, lostMs = Infinity } = hold;
    if (lostMs <= MAX_DELETED_MS || (isCertain && monotonicMs - doubtedAtMs >= AGREED_FOR_MS)) {
      log.warn({ lostMs, nowMs }, 'what the history of states has of the future is deleted');
      this.#hold = undefined;
      return true;
    }
    if (this.#hold === undefined)
      log.error({ markMs, nowMs }, 'the history of states stands still: it is later than the time');
    this.#hold = hold;
    this.#waiting = [];
    return false;
  }

  /** As they are written, one after the other: of a city that is lost none stays in memory for that. */
  *#entriesOf(changes: readonly FollowedChange[]): Iterable<HistoryEntry> {
    for (const change of changes) {
      const before = this.#earlier.get(change.ref);
      if (before !== undefined) this.#earlier.delete(change.ref);
      yield entryOf(change, before);
    }
  }
}

/** `before`: the row before it, of an earlier run of central. */
function entryOf(
  { ref, after, atMs }: Pick<FollowedChange, 'ref' | 'after' | 'atMs'>,
  before: HistoryRow | undefined,
): HistoryEntry {
  if (after === undefined) return { ref, fromMs: atMs, state: 'gone', sinceMs: undefined, roots: [] };
  const { state, sinceMs, roots } = after;
  const goesOn = before !== undefined && before.state === state && areSame(before.roots, roots);
  return {
    ref,
    fromMs: atMs,
    state,
    sinceMs: sinceMs < atMs ? sinceMs : undefined,
    roots,
    goesOn,
  };
}

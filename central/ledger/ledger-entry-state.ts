import type { Loss } from '../../contract/batch.ts';
import type { BatchCounts } from './city-completeness.ts';
import { addRange, contains, countIn, intersect, subtract, union, type Ranges } from './intervals.ts';
import type { LedgerEntry, StoredBatch } from './ledger.ts';

/** Above this many ranges the older half is folded into counts; a healthy agent has fewer than five. */
export const MAX_RANGES = 1_000;

/** What is kept of one epoch; everything else of a LedgerEntry follows from it. Immutable. */
export interface LedgerEntryState {
  readonly stored: Ranges;
  readonly declaredLost: Ranges;
  /** Of the declared ones, those that were stored before. */
  readonly storeLost: Ranges;
  readonly storeLostAtMs: number | undefined;
  readonly lowest: number;
  readonly highest: number;
  readonly foldedBelow: number;
  readonly foldedStored: number;
  readonly foldedLost: number;
  readonly storedPoints: number;
  readonly refusedPoints: number;
  readonly lostPoints: number;
  readonly lastStoredAtMs: number | undefined;
}

export const EMPTY_STATE: LedgerEntryState = {
  stored: [],
  declaredLost: [],
  storeLost: [],
  storeLostAtMs: undefined,
  lowest: 1,
  highest: 0,
  foldedBelow: 1,
  foldedStored: 0,
  foldedLost: 0,
  storedPoints: 0,
  refusedPoints: 0,
  lostPoints: 0,
  lastStoredAtMs: undefined,
};

/** Adds one durable batch. A seq that counted as missing or lost becomes stored. */
export function addStored(state: LedgerEntryState, batch: StoredBatch, nowMs: number): LedgerEntryState {
  const { seq } = batch;
  const own: Ranges = [[seq, seq]];
  const folded = seq < state.foldedBelow;
  const stored: LedgerEntryState = {
    ...state,
    stored: folded ? state.stored : addRange(state.stored, seq, seq),
    declaredLost: contains(state.declaredLost, seq) ? subtract(state.declaredLost, own) : state.declaredLost,
    storeLost: contains(state.storeLost, seq) ? subtract(state.storeLost, own) : state.storeLost,
    // Below the fold a late arrival looks like a repeat: it counts as one as long as batches are missing there.
    foldedStored: folded && foldedMissing(state) > 0 ? state.foldedStored + 1 : state.foldedStored,
    highest: Math.max(state.highest, seq),
    // An agent holds what it sends: a `lowest` above the batch's own seq is an error of the agent, not a loss.
    lowest: Math.max(state.lowest, Math.min(batch.lowest, seq)),
    storedPoints: state.storedPoints + batch.storedPoints,
    refusedPoints: state.refusedPoints + batch.refusedPoints,
    lastStoredAtMs: nowMs,
  };
  return addLosses(stored, batch.losses);
}

export function addLosses(state: LedgerEntryState, losses: readonly Loss[]): LedgerEntryState {
  return fold(losses.reduce(addLoss, state));
}

/** Adds a declaration of loss; what is stored is not lost, and what was declared before does not count twice. */
function addLoss(state: LedgerEntryState, loss: Loss): LedgerEntryState {
  const from = Math.max(loss.from, state.foldedBelow);
  if (loss.to < from) return state;
  const fresh = subtract(subtract([[from, loss.to]], state.stored), state.declaredLost);
  const freshBatches = countIn(fresh);
  if (freshBatches === 0) return state;
  return {
    ...state,
    declaredLost: union(state.declaredLost, fresh),
    highest: Math.max(state.highest, loss.to),
    lostPoints: state.lostPoints + Math.round((loss.points * freshBatches) / (loss.to - loss.from + 1)),
  };
}

export function countDeclaredLost(state: LedgerEntryState): number {
  return countIn(state.declaredLost) + state.foldedLost;
}

/** Moves what the store no longer has from stored to lost. `held`: what it has of this epoch, in batches and in points. */
export function loseStored(
  state: LedgerEntryState,
  held: { readonly ranges: Ranges; readonly points: number },
  nowMs: number,
): LedgerEntryState {
  const gone = subtract(state.stored, held.ranges);
  const isFoldGone = state.foldedStored > 0 && (held.ranges[0]?.[0] ?? Infinity) >= state.foldedBelow;
  if (gone.length === 0 && !isFoldGone) return state;
  const points = Math.max(0, state.storedPoints - held.points);
  return {
    ...state,
    stored: subtract(state.stored, gone),
    declaredLost: union(state.declaredLost, gone),
    storeLost: union(state.storeLost, gone),
    storeLostAtMs: nowMs,
    foldedStored: isFoldGone ? 0 : state.foldedStored,
    foldedLost: state.foldedLost + (isFoldGone ? state.foldedStored : 0),
    storedPoints: state.storedPoints - points,
    lostPoints: state.lostPoints + points,
  };
}

export function raiseLowest(state: LedgerEntryState, lowest: number): LedgerEntryState {
  return lowest > state.lowest ? { ...state, lowest } : state;
}

export function missingIn(state: LedgerEntryState): Ranges {
  return holes(state, state.foldedBelow, state.lowest - 1);
}

export function awaitedIn(state: LedgerEntryState): Ranges {
  return holes(state, Math.max(state.lowest, state.foldedBelow), state.highest);
}

/** Batches of all `states`, folded ones included. */
export function countBatches(states: Iterable<LedgerEntryState>): BatchCounts {
  let stored = 0;
  let lost = 0;
  for (const state of states) {
    stored += countIn(state.stored) + state.foldedStored;
    lost += countIn(state.declaredLost) + state.foldedLost;
    lost += countIn(missingIn(state)) + Math.max(0, foldedMissing(state));
  }
  return {
    stored: Math.min(stored, Number.MAX_SAFE_INTEGER),
    lost: Math.min(lost, Number.MAX_SAFE_INTEGER),
  };
}

/** Stored ÷ (stored + declared lost + missing) of the batches of all `states`; undefined: none yet. */
export function completenessOf(states: Iterable<LedgerEntryState>): number | undefined {
  const { stored, lost } = countBatches(states);
  return stored + lost === 0 ? undefined : stored / (stored + lost);
}

/**
 * The counts of an epoch that is forgotten, added to those of all that were before. Its directory is gone, so what was
 * awaited from it is missing.
 */
export function addOlder(older: LedgerEntryState, state: LedgerEntryState): LedgerEntryState {
  const awaited = awaitedIn(state);
  const { stored, lost } = countBatches([state]);
  const all = older.foldedBelow - 1 + stored + lost + countIn(awaited);
  const bounded = (count: number): number => Math.min(count, Number.MAX_SAFE_INTEGER);
  return {
    ...EMPTY_STATE,
    foldedBelow: bounded(all + 1),
    foldedStored: bounded(older.foldedStored + stored),
    foldedLost: bounded(older.foldedLost + countIn(state.declaredLost) + state.foldedLost),
    lowest: bounded(all + 1),
    highest: bounded(all),
    storedPoints: bounded(older.storedPoints + state.storedPoints),
    refusedPoints: bounded(older.refusedPoints + state.refusedPoints),
    lostPoints: bounded(older.lostPoints + state.lostPoints),
    lastStoredAtMs: latest(older.lastStoredAtMs, state.lastStoredAtMs),
  };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

export function toEntry(agent: string, epoch: string, state: LedgerEntryState): LedgerEntry {
  return {
    agent,
    epoch,
    stored: state.stored,
    declaredLost: state.declaredLost,
    storeLost: state.storeLost,
    missing: missingIn(state),
    awaited: awaitedIn(state),
    lowest: state.lowest,
    highest: state.highest,
    foldedBelow: state.foldedBelow,
    storedPoints: state.storedPoints,
    refusedPoints: state.refusedPoints,
    // A ledger of an earlier version may hold a declaration beyond all bounds.
    lostPoints: Math.min(state.lostPoints, Number.MAX_SAFE_INTEGER),
    completeness: completenessOf([state]) ?? 1,
    ...(state.lastStoredAtMs !== undefined && { lastStoredAtMs: state.lastStoredAtMs }),
  };
}

function holes(state: LedgerEntryState, from: number, to: number): Ranges {
  return to < from ? [] : subtract(subtract([[from, to]], state.stored), state.declaredLost);
}

function foldedMissing(state: LedgerEntryState): number {
  return state.foldedBelow - 1 - state.foldedStored - state.foldedLost;
}

/** Keeps an entry small whatever an agent sends: the older half becomes counts, its holes count as missing. */
function fold(state: LedgerEntryState): LedgerEntryState {
  const longer = state.stored.length >= state.declaredLost.length ? state.stored : state.declaredLost;
  if (longer.length <= MAX_RANGES) return state;
  const foldedBelow = longer[longer.length >> 1]?.[0] ?? state.foldedBelow;
  const kept: Ranges = [[foldedBelow, Number.MAX_SAFE_INTEGER]];
  const oldStored = subtract(state.stored, kept);
  const oldLost = subtract(state.declaredLost, kept);
  return {
    ...state,
    stored: subtract(state.stored, oldStored),
    declaredLost: subtract(state.declaredLost, oldLost),
    storeLost: intersect(state.storeLost, kept),
    foldedBelow,
    foldedStored: state.foldedStored + countIn(oldStored),
    foldedLost: state.foldedLost + countIn(oldLost),
  };
}

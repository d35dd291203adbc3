import type { Loss } from '../../contract/batch.ts';
import { addRange, contains, countIn, subtract, union, type Ranges } from './intervals.ts';
import type { LedgerEntry, StoredBatch } from './ledger.ts';

/** Above this many ranges the older half is folded into counts; a healthy agent has fewer than five. */
export const MAX_RANGES = 1_000;

/** What is kept of one epoch; everything else of a LedgerEntry follows from it. Immutable. */
export interface Book {
  readonly stored: Ranges;
  readonly declaredLost: Ranges;
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

export const EMPTY_BOOK: Book = {
  stored: [],
  declaredLost: [],
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

/** Books one durable batch. A seq that was thought missing or lost moves to stored. */
export function bookStored(book: Book, batch: StoredBatch, nowMs: number): Book {
  const { seq } = batch;
  const own: Ranges = [[seq, seq]];
  const folded = seq < book.foldedBelow;
  const stored: Book = {
    ...book,
    stored: folded ? book.stored : addRange(book.stored, seq, seq),
    declaredLost: contains(book.declaredLost, seq) ? subtract(book.declaredLost, own) : book.declaredLost,
    // Below the fold a hole cannot be told from a repeat; counting it as the hole is bounded by the number of holes.
    foldedStored: folded && foldedMissing(book) > 0 ? book.foldedStored + 1 : book.foldedStored,
    highest: Math.max(book.highest, seq),
    // An agent holds what it sends: a `lowest` above the batch's own seq is a lie or a bug, not a loss.
    lowest: Math.max(book.lowest, Math.min(batch.lowest, seq)),
    storedPoints: book.storedPoints + batch.storedPoints,
    refusedPoints: book.refusedPoints + batch.refusedPoints,
    lastStoredAtMs: nowMs,
  };
  return bookLosses(stored, batch.losses);
}

export function bookLosses(book: Book, losses: readonly Loss[]): Book {
  return fold(losses.reduce(bookLoss, book));
}

/** Books a declaration; what is stored after all is not lost, and what was declared before is not counted twice. */
export function bookLoss(book: Book, loss: Loss): Book {
  const from = Math.max(loss.from, book.foldedBelow);
  if (loss.to < from) return book;
  const fresh = subtract(subtract([[from, loss.to]], book.stored), book.declaredLost);
  const freshBatches = countIn(fresh);
  if (freshBatches === 0) return book;
  return {
    ...book,
    declaredLost: union(book.declaredLost, fresh),
    highest: Math.max(book.highest, loss.to),
    lostPoints: book.lostPoints + Math.round((loss.points * freshBatches) / (loss.to - loss.from + 1)),
  };
}

export function bookLowest(book: Book, lowest: number): Book {
  return lowest > book.lowest ? { ...book, lowest } : book;
}

export function missingIn(book: Book): Ranges {
  return holes(book, book.foldedBelow, book.lowest - 1);
}

export function toEntry(agent: string, epoch: string, book: Book): LedgerEntry {
  const missing = missingIn(book);
  const storedCount = countIn(book.stored) + book.foldedStored;
  const goneCount =
    countIn(book.declaredLost) + book.foldedLost + countIn(missing) + Math.max(0, foldedMissing(book));
  return {
    agent,
    epoch,
    stored: book.stored,
    declaredLost: book.declaredLost,
    missing,
    awaited: holes(book, Math.max(book.lowest, book.foldedBelow), book.highest),
    lowest: book.lowest,
    highest: book.highest,
    foldedBelow: book.foldedBelow,
    storedPoints: book.storedPoints,
    refusedPoints: book.refusedPoints,
    lostPoints: book.lostPoints,
    completeness: storedCount + goneCount === 0 ? 1 : storedCount / (storedCount + goneCount),
    lastStoredAtMs: book.lastStoredAtMs,
  };
}

function holes(book: Book, from: number, to: number): Ranges {
  return to < from ? [] : subtract(subtract([[from, to]], book.stored), book.declaredLost);
}

function foldedMissing(book: Book): number {
  return book.foldedBelow - 1 - book.foldedStored - book.foldedLost;
}

/** Keeps an entry small whatever an agent sends: the older half becomes counts, its holes count as missing. */
function fold(book: Book): Book {
  const longer = book.stored.length >= book.declaredLost.length ? book.stored : book.declaredLost;
  if (longer.length <= MAX_RANGES) return book;
  const foldedBelow = longer[longer.length >> 1]?.[0] ?? book.foldedBelow;
  const kept: Ranges = [[foldedBelow, Number.MAX_SAFE_INTEGER]];
  const oldStored = subtract(book.stored, kept);
  const oldLost = subtract(book.declaredLost, kept);
  return {
    ...book,
    stored: subtract(book.stored, oldStored),
    declaredLost: subtract(book.declaredLost, oldLost),
    foldedBelow,
    foldedStored: book.foldedStored + countIn(oldStored),
    foldedLost: book.foldedLost + countIn(oldLost),
  };
}

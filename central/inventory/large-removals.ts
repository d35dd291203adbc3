import type { InventoryFile } from '../../contract/inventory.ts';
import { idOf, KIND_NAMES, type EntryOf, type Kind } from './kinds.ts';

/** Of a shorter list a few entries are a large part already. */
const MIN_ENTRIES = 10;
const MAX_REMOVED_PERCENT = 20;

export interface LargeRemoval {
  readonly kind: Kind;
  readonly removed: number;
  /** How many the list had. */
  readonly of: number;
}

/** The lists of at least 10 entries that lose more than 20 % of them. Pure. */
export function largeRemovals(before: InventoryFile, after: InventoryFile): LargeRemoval[] {
  return KIND_NAMES.flatMap((kind) => {
    const of = before[kind].length;
    if (of < MIN_ENTRIES) return [];
    const removed = countRemoved(kind, before[kind], after[kind]);
    return removed * 100 > of * MAX_REMOVED_PERCENT ? [{ kind, removed, of }] : [];
  });
}

function countRemoved<K extends Kind>(
  kind: K,
  before: readonly EntryOf<K>[],
  after: readonly EntryOf<K>[],
): number {
  const kept = new Set(after.map((entry) => idOf(kind, entry)));
  return before.filter((entry) => !kept.has(idOf(kind, entry))).length;
}

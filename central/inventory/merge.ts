import type { InventoryFile } from '../../contract/inventory.ts';
import { idOf, KIND_NAMES, type EntryOf, type Kind } from './kinds.ts';

/** Some lists of an inventory; one that is not there says nothing about its entries. */
export type GivenLists = Partial<InventoryFile>;

/**
 * The inventory with what was given: an entry with a known id takes the place of that one. `prune`: what a given list
 * lacks is removed. Pure.
 */
export function mergeLists(current: InventoryFile, given: GivenLists, prune: boolean): InventoryFile {
  const merged = { ...current };
  const mergeKind = <K extends Kind>(kind: K): void => {
    const entries: readonly EntryOf<K>[] | undefined = given[kind];
    if (entries === undefined) return;
    const taken = new Set(entries.map((entry) => idOf(kind, entry)));
    const kept = prune ? [] : current[kind].filter((entry: EntryOf<K>) => !taken.has(idOf(kind, entry)));
    merged[kind] = [...kept, ...entries] as InventoryFile[K];
  };
  for (const kind of KIND_NAMES) mergeKind(kind);
  return merged;
}

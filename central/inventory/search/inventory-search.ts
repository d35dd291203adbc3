import type { LiveInventory } from '../live-inventory.ts';
import { searchEntriesOf } from './inventory-entries.ts';
import type { SearchSource } from './search-entry.ts';
import { SearchIndex, toDocument, type SearchOptions, type SearchResult } from './search-index.ts';

/** The search over the inventory as it is now. After a change the next search takes up what is new. */
export class InventorySearch {
  readonly #inventory: LiveInventory;
  #index = new SearchIndex([]);
  #isCurrent = false;
  /** What is to be prepared yet; undefined: nothing is. */
  #unprepared: Iterator<SearchSource> | undefined;

  constructor(inventory: LiveInventory) {
    this.#inventory = inventory;
    this.#unprepared = searchEntriesOf(inventory);
    inventory.onChange(() => {
      this.#isCurrent = false;
      this.#unprepared = searchEntriesOf(inventory);
    });
  }

  /** Looks at the next entries of the inventory and makes what a search needs of them, so that the next one need not make it of thousands at once. */
  prepare(entries: number): void {
    const { made } = this.#index;
    for (let looked = 0; looked < entries && this.#unprepared !== undefined; looked++) {
      const next = this.#unprepared.next();
      if (next.done === true) {
        this.#unprepared = undefined;
        return;
      }
      const [source, entry] = next.value;
      if (source !== undefined && !made.has(source)) made.set(source, toDocument(entry()));
    }
  }

  search(text: string, options: SearchOptions): SearchResult {
    if (!this.#isCurrent) this.#index = new SearchIndex(searchEntriesOf(this.#inventory), this.#index.made);
    this.#isCurrent = true;
    this.#unprepared = undefined;
    return this.#index.search(text, options);
  }
}

import type { LiveInventory } from '../live-inventory.ts';
import { searchEntriesOf } from './inventory-entries.ts';
import { SearchIndex, type SearchOptions, type SearchResult } from './search-index.ts';

/** The search over the inventory as it is now. After a change the next search takes up what is new. */
export class InventorySearch {
  readonly #inventory: LiveInventory;
  #index: SearchIndex | undefined;
  #isCurrent = false;

  constructor(inventory: LiveInventory) {
    this.#inventory = inventory;
    inventory.onChange(() => {
      this.#isCurrent = false;
    });
  }

  search(text: string, options: SearchOptions): SearchResult {
    if (this.#index === undefined || !this.#isCurrent)
      this.#index = new SearchIndex(searchEntriesOf(this.#inventory), this.#index);
    this.#isCurrent = true;
    return this.#index.search(text, options);
  }
}

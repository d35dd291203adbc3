import type { Inventory } from './inventory.ts';

/** Told after the inventory was replaced. */
export type OnInventoryChange = (now: Inventory, before: Inventory) => void;

/**
 * The inventory as it is now. Whoever keeps something made of it listens, and makes it anew; everybody else asks for a map
 * each time.
 */
export class LiveInventory implements Inventory {
  readonly #listeners: OnInventoryChange[] = [];
  #current: Inventory;

  constructor(first: Inventory) {
    this.#current = first;
  }

  get units(): Inventory['units'] {
    return this.#current.units;
  }
  get formerUnits(): Inventory['formerUnits'] {
    return this.#current.formerUnits;
  }
  get agencies(): Inventory['agencies'] {
    return this.#current.agencies;
  }
  get sites(): Inventory['sites'] {
    return this.#current.sites;
  }
  get agents(): Inventory['agents'] {
    return this.#current.agents;
  }
  get devices(): Inventory['devices'] {
    return this.#current.devices;
  }
  get interfaces(): Inventory['interfaces'] {
    return this.#current.interfaces;
  }
  get links(): Inventory['links'] {
    return this.#current.links;
  }
  get pools(): Inventory['pools'] {
    return this.#current.pools;
  }
  get services(): Inventory['services'] {
    return this.#current.services;
  }

  onChange(listener: OnInventoryChange): void {
    this.#listeners.push(listener);
  }

  /** All are told, also after one that throws; then throws an AggregateError of what they threw: `next` is in force all the same. */
  replace(next: Inventory): void {
    const before = this.#current;
    this.#current = next;
    const errors: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(next, before);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors);
  }
}

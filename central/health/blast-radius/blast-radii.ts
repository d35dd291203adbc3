import type { LiveInventory } from '../../inventory/live-inventory.ts';
import { buildBlastModel, type BlastModel } from './blast-model.ts';
import { blastRadius } from './blast-radius.ts';
import type { BlastLists } from './blast-view.ts';

export interface BlastRadiiDeps {
  readonly inventory: LiveInventory;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
}

/** Blast radii over the inventory as it is now. */
export class BlastRadii {
  readonly #deps: BlastRadiiDeps;
  #made: { readonly day: string; readonly model: BlastModel } | undefined;

  constructor(deps: BlastRadiiDeps) {
    this.#deps = deps;
    deps.inventory.onChange(() => (this.#made = undefined));
  }

  /** As `blastRadius`. */
  of(ref: string, alreadyFailed: Iterable<string> = []): BlastLists {
    const { inventory, today } = this.#deps;
    const day = today();
    if (this.#made?.day !== day) this.#made = { day, model: buildBlastModel(inventory, day) };
    return blastRadius(this.#made.model, ref, alreadyFailed);
  }
}

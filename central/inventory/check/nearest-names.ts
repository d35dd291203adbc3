import { editDistanceWithin } from '../../../runtime/edit-distance.ts';
import { allowedMistakes } from '../../../runtime/nearest-name.ts';

/** Below a tenth of a second of comparing. */
const MAX_COST = 3_000_000;

/** What all looking for nearest names in one check or reading may still cost, about 25 ns each. */
export class NearestNamesBudget {
  #left = MAX_COST;

  /** False: nothing is left. */
  take(cost: number): boolean {
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }
}

/**
 * The known name that each of many mistyped ones most likely means, among tens of thousands: at most a third of its
 * characters differ. What all questions cost together is bounded by the budget; after that the answer is "none".
 */
export class NearestNames {
  readonly #byLength = new Map<number, { readonly name: string; readonly lower: string }[]>();
  readonly #known: ReadonlySet<string>;
  readonly #found = new Map<string, string | undefined>();
  readonly #budget: NearestNamesBudget;
  #longest = 0;

  constructor(known: Iterable<string>, budget: NearestNamesBudget) {
    this.#budget = budget;
    this.#known = new Set(known);
    for (const name of this.#known) {
      const names = this.#byLength.get(name.length);
      const entry = { name, lower: name.toLowerCase() };
      if (names === undefined) this.#byLength.set(name.length, [entry]);
      else names.push(entry);
      this.#longest = Math.max(this.#longest, name.length);
    }
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  nearestTo(typed: string): string | undefined {
    const known = this.#found.get(typed);
    if (known !== undefined || this.#found.has(typed)) return known;
    const nearest = this.#search(typed.toLowerCase());
    this.#found.set(typed, nearest);
    return nearest;
  }

  /** Most mistakes are one character: a quick look for those first spares the long one. */
  #search(typed: string): string | undefined {
    return this.#searchWithin(typed, 1) ?? this.#searchWithin(typed, this.#longest);
  }

  /** Names of the same length first: the nearer the best so far, the fewer lengths and cells are left to look at. */
  #searchWithin(typed: string, mostMistakes: number): string | undefined {
    let nearest: string | undefined;
    let limit = mostMistakes;
    for (let difference = 0; difference <= limit; difference++) {
      for (const length of new Set([typed.length - difference, typed.length + difference])) {
        for (const { name, lower } of this.#byLength.get(length) ?? []) {
          const most = Math.min(limit, allowedMistakes(name));
          if (most < difference) break;
          // Within one mistake only what both begin and end with is compared.
          const cost = most <= 1 ? 1 : 10 + typed.length * (2 * most + 1);
          if (!this.#budget.take(cost)) return nearest;
          const distance = editDistanceWithin(typed, lower, most);
          if (distance === undefined) continue;
          nearest = name;
          limit = distance - 1;
        }
      }
    }
    return nearest;
  }
}

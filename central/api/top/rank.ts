import type { FieldValue } from '../../../contract/sample.ts';

export const ORDERS = ['desc', 'asc'] as const;
export type Order = (typeof ORDERS)[number];

interface Entry {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: FieldValue;
}

interface Ranked<T> {
  readonly entry: T;
  /** Of its tags, where values are equal. */
  key: string | undefined;
}

/**
 * The first `limit` in the order of their values; equal ones in the order of their tags. Of many entries few are among the first, so that
 * each is compared with the last of these, and no other is sorted or kept.
 */
export class Ranking<T extends Entry> {
  readonly #sign: number;
  readonly #limit: number;
  readonly #first: Ranked<T>[] = [];

  constructor(order: Order, limit: number) {
    this.#sign = order === 'desc' ? -1 : 1;
    this.#limit = limit;
  }

  /** False: an entry with this value is not among the first, whatever its tags are. */
  mayTake(value: FieldValue): boolean {
    const last = this.#first[this.#limit - 1];
    return last === undefined || this.#sign * compare(value, last.entry.value) <= 0;
  }

  add(entry: T): void {
    if (!this.mayTake(entry.value)) return;
    const ranked: Ranked<T> = { entry, key: undefined };
    this.#first.splice(placeOf(ranked, this.#first, this.#inOrder), 0, ranked);
    if (this.#first.length > this.#limit) this.#first.pop();
  }

  entries(): T[] {
    return this.#first.map(({ entry }) => entry);
  }

  readonly #inOrder = (a: Ranked<T>, b: Ranked<T>): number =>
    this.#sign * compare(a.entry.value, b.entry.value) || compare(keyOf(a), keyOf(b));
}

/** Pure. */
export function rank<T extends Entry>(entries: Iterable<T>, order: Order, limit: number): T[] {
  const ranking = new Ranking<T>(order, limit);
  for (const entry of entries) ranking.add(entry);
  return ranking.entries();
}

function keyOf<T extends Entry>(ranked: Ranked<T>): string {
  return (ranked.key ??= Object.values(ranked.entry.tags).join('\0'));
}

/** Behind all that are not after it. `sorted` is in that order. */
function placeOf<T>(item: T, sorted: readonly T[], inOrder: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at !== undefined && inOrder(at, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values of one field are of one type, but for whole numbers beyond 2^53, which compare with others all the same. */
function compare(a: FieldValue, b: FieldValue): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** What can run out. */
export interface Expiring {
  freshUntilMs: number;
  /** When its turn comes; Infinity: it does not wait. */
  dueMs: number;
}

interface Entry<T> {
  dueMs: number;
  readonly item: T;
}

/**
 * Finds what has run out without looking at everything: a binary heap. An item that was renewed since it was put there goes back when its turn
 * comes, so that a renewal costs nothing; one that now runs out earlier is put there once more.
 */
export class ExpiryQueue<T extends Expiring> {
  readonly #heap: Entry<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** False: `takeExpired` has nothing to look at. */
  hasExpired(nowMs: number): boolean {
    const first = this.#heap[0];
    return first !== undefined && first.dueMs < nowMs;
  }

  add(item: T): void {
    if (item.dueMs <= item.freshUntilMs) return;
    item.dueMs = item.freshUntilMs;
    this.#push({ dueMs: item.dueMs, item });
  }

  /** Those that have run out before `nowMs`; they are no longer queued. */
  *takeExpired(nowMs: number): Iterable<T> {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.dueMs >= nowMs) return;
      this.#removeFirst();
      const { item } = first;
      if (item.dueMs !== first.dueMs) continue;
      if (item.freshUntilMs >= nowMs) {
        first.dueMs = item.dueMs = item.freshUntilMs;
        this.#push(first);
        continue;
      }
      item.dueMs = Infinity;
      yield item;
    }
  }

  /** All items were moved by as much: their order stays. */
  shift(byMs: number): void {
    for (const entry of this.#heap) entry.dueMs += byMs;
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.dueMs <= entry.dueMs) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && right.dueMs < left.dueMs) below++;
      const child = heap[below];
      if (child === undefined || child.dueMs >= last.dueMs) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

/** Items that are due later, in steps of `tickMs`: what is due in one step is handled together. Times are monotonic ms. */
export class TickWheel<Item> {
  readonly #tickMs: number;
  readonly #slots = new Map<number, Item[]>();

  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  add(atMs: number, item: Item): void {
    const slot = Math.ceil(atMs / this.#tickMs);
    const items = this.#slots.get(slot);
    if (items === undefined) this.#slots.set(slot, [item]);
    else items.push(item);
  }

  /** What is due by now, and leaves the wheel. */
  takeDue(nowMs: number): Item[] {
    const due: Item[] = [];
    for (const [slot, items] of this.#slots) {
      if (slot * this.#tickMs > nowMs) continue;
      due.push(...items);
      this.#slots.delete(slot);
    }
    return due;
  }
}
